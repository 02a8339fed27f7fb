import csv
import io

import pytest

from comments import moderation
from comments.exports import download
from comments.models import Submission
from tests.factories import receive, staff, submission

pytestmark = pytest.mark.django_db

# A number whose check digit is right, and which nobody has.
ID = "1-1111-11111-11-9"
BODY = f"เลขบัตรของผมคือ {ID} ขอให้ซ่อมทางเท้าหน้าบ้าน"
START = BODY.index(ID)
SPAN = (START, START + len(ID), "national_id")


def covered(row):
    return [(part.start, part.end, part.reason) for part in moderation.redactions(row)]


def test_the_public_reads_a_mark_and_the_words_stay_as_received():
    row = receive(body=BODY).submission
    event = moderation.redact(row, [SPAN], actor=staff(), note="found at once")
    row.refresh_from_db()
    assert row.body == BODY
    assert ID not in row.public_body
    assert "▇▇▇ ขอให้ซ่อมทางเท้าหน้าบ้าน" in row.public_body
    assert covered(row) == [SPAN]
    assert (event.kind, event.actor, event.note) == ("redacted", staff(), "found at once")
    assert (event.from_status, event.to_status) == ("pending", "pending")


def test_what_is_never_published_cannot_be_published_uncovered():
    row = receive(body=BODY).submission
    with pytest.raises(moderation.PersonalDataError):
        moderation.publish(row, actor=staff())
    assert Submission.objects.get().status == "pending"
    moderation.redact(row, [SPAN], actor=staff())
    moderation.publish(row, actor=staff())
    assert Submission.objects.get().status == "published"


def test_what_is_never_published_cannot_be_uncovered_while_published():
    row = receive(body=BODY).submission
    moderation.redact(row, [SPAN], actor=staff())
    moderation.publish(row, actor=staff())
    with pytest.raises(moderation.PersonalDataError):
        moderation.redact(row, [], actor=staff())
    assert ID not in Submission.objects.get().public_body


def test_a_later_redaction_replaces_the_earlier_and_both_are_kept():
    row = submission()
    moderation.redact(row, [(0, 4, "other")], actor=staff())
    moderation.redact(row, [(6, 9, "person_name")], actor=staff())
    assert covered(row) == [(6, 9, "person_name")]
    moderation.redact(row, [], actor=staff())
    row.refresh_from_db()
    assert (covered(row), row.public_body) == ([], row.body)
    assert row.events.filter(kind="redacted").count() == 3


@pytest.mark.parametrize(
    "spans", [[(0, 0, "other")], [(0, 9999, "other")], [(0, 5, "other"), (4, 8, "other")]]
)
def test_a_span_that_is_none_is_refused(spans):
    row = submission()
    with pytest.raises(ValueError, match=r"."):
        moderation.redact(row, spans, actor=staff())
    assert not row.events.filter(kind="redacted").exists()


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_only_what_may_come_before_the_public_is_covered(status):
    row = submission(status)
    with pytest.raises(moderation.StaleDecisionError):
        moderation.redact(row, [(0, 4, "other")], actor=staff())


def test_a_decision_on_other_words_than_were_seen_is_refused():
    row = receive(body=BODY).submission
    moderation.redact(row, [SPAN], actor=staff())
    seen = Submission.objects.get()
    moderation.redact(row, [], actor=staff("other"))
    with pytest.raises(moderation.StaleDecisionError):
        moderation.publish(seen, actor=staff())
    assert Submission.objects.get().status == "pending"


def test_what_is_covered_leaves_in_no_export():
    row = receive(body=BODY).submission
    moderation.redact(row, [SPAN], actor=staff())
    file = io.BytesIO()
    download.write_submissions(Submission.objects.all(), file)
    assert ID not in file.getvalue().decode()
    (exported,) = csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline=""))
    assert exported["body"] == row.public_body


def test_the_export_tells_campaign_and_size():
    for _ in range(3):
        receive(body="ขอให้เพิ่มสวนสาธารณะใกล้บ้านในทุกแขวงของกรุงเทพมหานครโดยเร็วที่สุด")
    receive(body="เรื่องอื่นที่ไม่เหมือนใครเลยสักคำเดียวในวันนี้")
    file = io.BytesIO()
    download.write_submissions(Submission.objects.all(), file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))
    assert [row["campaign_size"] for row in rows] == ["3", "3", "3", ""]
    assert len({row["campaign"] for row in rows[:3]}) == 1
    assert rows[3]["campaign"] == ""


def test_of_two_who_cover_at_once_the_second_is_told():
    row = receive(body=BODY).submission
    seen = Submission.objects.get()
    moderation.redact(row, [SPAN], actor=staff())
    with pytest.raises(moderation.StaleDecisionError):
        moderation.redact(seen, [(0, 4, "other")], actor=staff("other"))
    assert covered(row) == [SPAN]


def test_what_is_covered_is_on_no_public_page_and_found_by_no_search(client):
    row = receive(body=BODY, goal="G67-4.3-01").submission
    moderation.redact(row, [SPAN], actor=staff())
    moderation.publish(row, actor=staff())
    pages = ["/", "/comments/", f"/comments/{row.reference}/", "/goals/G67-4.3-01/"]
    for address in [*pages, *(f"/en{page}" for page in pages)]:
        assert ID not in client.get(address).content.decode()
    assert client.get("/comments/", {"q": ID}).context["heard"].opinions == 0
    assert client.get("/comments/", {"q": "ซ่อมทางเท้า"}).context["heard"].opinions == 1
