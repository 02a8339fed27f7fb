import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.exports import columns, csv_file, download
from comments.exports.columns import guard, unguard
from comments.models import Submission
from comments.text.storable import flaw
from tests.factories import attached, receive, submission

CONTRACT = [
    "reference",
    "received_at",
    "received_date_be",
    "plan_year",
    "strategy_code",
    "strategy",
    "goal_code",
    "goal",
    "about",
    "kind",
    "stance",
    "sector",
    "district_code",
    "district",
    "meeting",
    "channel",
    "display_name",
    "organisation",
    "body",
    "language",
    "status",
    "reason_code",
    "moderated_at",
    "campaign",
    "campaign_size",
    "agree",
    "disagree",
    "answered_at",
    "answer_outcome",
    "attachments",
]
HOSTILE = [
    "=cmd|' /C calc'!A0 และอื่น ๆ",
    "- ข้อเสนอให้เพิ่มสวน",
    "+66 81 234 5678 โทรหาได้",
    "@SUM(1+1) ทดสอบสูตร",
    "'คำพูดที่มีอะพอสทรอฟี",
    "\t=1+1 แท็บนำหน้า",
    "＝1+1 ตัวเต็มความกว้าง",
    'มี "เครื่องหมายคำพูด" และ, จุลภาค',
    "สองบรรทัด\r\nบรรทัดที่สอง\nบรรทัดที่สาม",
    "\\. จุดหลังทับขวา ทดสอบ",
    "%s %(a)s 100% เปอร์เซ็นต์",
    "👨‍👩‍👧 ครอบครัวของเรา 🌳",
]


def export(rows):
    file = io.BytesIO()
    count = download.write_submissions(rows, file)
    return count, file.getvalue()


def read(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.django_db
def test_file_has_the_form_of_the_contract():
    submission(goal="G67-1.1-01", at=datetime(2022, 2, 23, 2, 0, 59, 999_999, tzinfo=UTC))
    count, data = export(Submission.objects.all())
    assert data.startswith(b"\xef\xbb\xbf" + ",".join(CONTRACT).encode() + b"\r\n")
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == count + 1 == 2
    (row,) = read(data)
    assert row["received_at"] == "2022-02-23T09:00:59+07:00"
    assert row["received_date_be"] == "23/02/2565"
    assert (row["plan_year"], row["strategy_code"], row["goal_code"]) == ("2567", "1", "G67-1.1-01")
    assert row["strategy"] == "การสร้างเมืองปลอดภัยและหยุ่นตัวต่อวิกฤตการณ์"
    assert (row["agree"], row["disagree"], row["campaign"], row["moderated_at"]) == ("0", "0", "", "")


@pytest.mark.django_db
def test_files_are_counted_and_not_named(media):
    submission(attachments=attached("แผนที่.pdf", "ทางเท้า.jpg"))
    submission()
    _count, data = export(Submission.objects.all())
    assert [row["attachments"] for row in read(data)] == ["2", "0"]
    assert "แผนที่.pdf" not in data.decode()


@pytest.mark.django_db
def test_bangkok_day_not_the_day_in_utc():
    submission(at=datetime(2022, 12, 31, 17, 0, tzinfo=UTC))
    assert read(export(Submission.objects.all())[1])[0]["received_date_be"] == "01/01/2566"


@pytest.mark.django_db
def test_every_status_is_in_it():
    rows = {
        submission(status).reference: status for status in ("pending", "published", "rejected", "withdrawn")
    }
    count, data = export(Submission.objects.all())
    assert count == 4
    assert {row["reference"]: row["status"] for row in read(data)} == rows
    assert [row["reason_code"] for row in read(data) if row["status"] == "rejected"] == ["off_topic"]


@pytest.mark.django_db
def test_hostile_texts_come_through_exactly_as_documented():
    for body in HOSTILE:
        receive(body=body, organisation=body[:60])
    cells = [row["body"] for row in read(export(Submission.objects.all())[1])]
    assert cells == [guard(body) for body in HOSTILE]
    assert [unguard(cell) for cell in cells] == HOSTILE
    assert sum(cell.startswith("'") for cell in cells) == 7


@pytest.mark.django_db
def test_name_without_consent_and_contact_details_stay_inside():
    receive(display_name="ชื่อลับ", email="secret@example.org", phone="021234567")
    receive(display_name="ชื่อเปิดเผย", shows_name=True)
    _, data = export(Submission.objects.all())
    assert "ชื่อลับ" not in data.decode()
    assert "secret@example.org" not in data.decode()
    assert "021234567" not in data.decode()
    assert [row["display_name"] for row in read(data)] == ["", "ชื่อเปิดเผย"]


@pytest.mark.django_db
def test_same_rows_give_the_same_bytes():
    for body in HOSTILE:
        receive(body=body)
    assert export(Submission.objects.all()) == export(Submission.objects.order_by("-pk"))


@pytest.mark.django_db
def test_query_count_does_not_grow(django_assert_max_num_queries):
    # Seven tables of labels, sizes of campaigns, answers; the rest is for the moment.
    for rows in (1, 3):
        while Submission.objects.count() < rows:
            submission(goal="G67-1.1-01")
        with django_assert_max_num_queries(14):
            export(Submission.objects.all())


@given(st.text().filter(lambda text: flaw(text) is None))
@settings(max_examples=300)
def test_guard_is_reversible_and_never_begins_a_formula(text):
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(columns.DANGEROUS)


@given(st.text("=＝+-@'\",\r\n\t ก😀a").filter(lambda text: flaw(text) is None))
@settings(max_examples=200)
def test_a_cell_of_bytes_is_what_the_writer_makes_of_its_text(text):
    file = io.BytesIO()
    csv_file.write_rows([[[columns.guard(text), "x"]]], file)
    assert csv_file.cell(text.encode()) + b",x\r\n" == file.getvalue()
