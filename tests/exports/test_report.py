"""The official report: the same numbers as the export it names, the same bytes for the same moment, whole in Word."""

import io
import re
import zipfile
from contextlib import ExitStack, closing
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn

from comments import moderation, tally
from comments.exports.report import compose, docx_file, facts
from comments.exports.report.blocks import Table
from comments.models import ExportRecord, Meeting, Plan, RejectionReason, Sector, Submission
from tests.admin.staff import signed_in
from tests.factories import BODY, answered, reason, staff, submission, unlike

pytestmark = pytest.mark.django_db
HOSTILE = 'น้ำ\x0bท่วม <!--rows of 1--> <b>&amp;</b> 👨‍👩‍👧 "อ้าง"\nบรรทัดสอง\t=1+1'


@pytest.fixture
def spoken():
    said = [
        submission("published", goal="G67-1.1-01", stance="agree", body=f"{unlike()} {HOSTILE}"),
        submission("published", goal="G67-1.1-01", stance="disagree", sector="academic", body=unlike()),
        submission("published", body=unlike()),
        submission("rejected", body=f"{unlike()} ถ้อยคำที่ไม่เผยแพร่"),
        submission("withdrawn", body=unlike()),
        submission(body=unlike()),
    ]
    answered(said[0])
    Meeting.objects.get().attendance.create(sector=Sector.objects.get(key="citizen"), people=40)
    return said


@pytest.fixture
def gather():
    """Return what gathers the facts on the plan, as of a moment, and closes them at the end."""
    with ExitStack() as stack:
        yield lambda at=None: stack.enter_context(closing(facts.gather(Plan.objects.current(), at=at)))


@pytest.fixture
def found(spoken, gather):
    return gather()


def tables(found):
    with override("th"):
        return {
            block.caption: (block.head, list(block.rows))
            for block in compose.compose(found).blocks
            if isinstance(block, Table)
        }


def written(found):
    file = io.BytesIO()
    compose.write_docx(found, file)
    return file.getvalue()


def test_every_number_is_that_of_the_export_it_names(found):
    totals = tally.plan_totals(found.plan)
    assert found.totals == totals
    assert found.record == ExportRecord.objects.get()
    assert (found.record.rows, found.record.published) == (6, 3)
    shown = tables(found)
    _head, sectors = shown["ความคิดเห็นรายภาคส่วน"]
    assert sectors[-1] == ("รวม", "3", "1", "1", "1", "6")
    _head, goals = shown["ความคิดเห็นที่เผยแพร่แล้ว รายเป้าหมายและจุดยืน"]
    assert goals[-1][-1] == "3"
    assert [row[1:] for row in goals if row[0].startswith("G67-1.1-01")] == [("1", "0", "1", "0", "0", "2")]
    _head, matrix = shown["ตารางการตอบความคิดเห็น"]
    assert matrix[-1] == ("รวม", "3", "1", "2", "0")
    _head, people = shown["ผู้เข้าร่วมประชุมรายภาคส่วน"]
    assert people == [("ภาคประชาชน", "40"), ("รวม", "40")]


def test_the_annex_has_every_opinion_and_no_words_that_are_not_published(found, spoken):
    _head, rows = tables(found)["ความคิดเห็นที่ได้รับทุกรายการ"]
    assert [row[0] for row in rows] == [row.reference for row in spoken]
    assert rows[0][-1] == spoken[0].body
    assert not any("ถ้อยคำที่ไม่เผยแพร่" in cell for row in rows for cell in row)
    assert "ไม่เผยแพร่" in rows[3][-1]


def test_the_report_of_a_moment_is_the_same_bytes_after_later_decisions(found, spoken, gather):
    before = written(found)
    moderation.withdraw(spoken[1])
    moderation.reject(spoken[2], actor=staff(), reason=reason())
    submission("published", body=unlike())
    again = gather(found.at)
    assert again.record == found.record
    assert written(again) == before
    assert written(gather()) != before


def test_word_finds_the_settings_for_thai_heads_that_repeat_and_rows_that_stay_whole(found):
    document = Document(io.BytesIO(written(found)))
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption"):
        run = document.styles[name].element.rPr
        assert run.find(qn("w:rFonts")).get(qn("w:cs")) == docx_file.FONT
        assert int(run.find(qn("w:szCs")).get(qn("w:val"))) >= 32
        assert run.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
    assert len(document.tables) >= 7
    for table in document.tables:
        rows = table._tbl.tr_lst
        assert rows[0].trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    captions = [each.text for each in document.paragraphs if each.style.name == "Caption"]
    assert len(captions) == len(document.tables)
    words = document.tables[-1].rows[1].cells[-1].text
    assert words.replace("\ufffd", "\x0b").endswith(HOSTILE)


def test_the_opinions_are_read_once(spoken, gather):
    with CaptureQueriesContext(connection) as asked:
        found = gather()
        written(found)
        compose.write_page(found, io.BytesIO())
    assert sum("redacted_body" in query["sql"] for query in asked.captured_queries) == 1


def test_the_file_is_a_sound_package(found):
    with zipfile.ZipFile(io.BytesIO(written(found))) as package:
        assert package.testzip() is None
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_plan_on_which_nobody_spoke_has_a_report(gather):
    shown = tables(gather())
    assert shown["ความคิดเห็นที่ได้รับทุกรายการ"][1] == []
    assert Document(io.BytesIO(written(gather()))).tables


def test_an_answer_to_a_campaign_has_the_number_of_opinions_it_was_told_of(gather):
    rows = [submission("published", body=BODY) for _ in range(3)]
    answered(Submission.objects.get(pk=rows[0].pk).campaign)
    assert [answer.told for answer in gather().answers] == [3]


def test_the_report_of_a_moment_outlives_the_code_of_a_reason(spoken, gather):
    before = gather()
    RejectionReason.objects.filter(code="off_topic").update(code="elsewhere")
    assert written(gather(before.at)) == written(before)


def test_the_command_writes_it_whole_or_says_why_not(spoken, tmp_path):
    out = tmp_path / "report.docx"
    call_command("official_report", out=out, plan=2567)
    assert Document(str(out)).tables
    record = ExportRecord.objects.get()
    again = tmp_path / "again.docx"
    call_command("official_report", out=again, as_of=record.as_of.isoformat())
    assert again.read_bytes() == out.read_bytes()
    later = timezone.now() + timedelta(days=1)
    for wrong in (
        {"plan": 2599},
        {"as_of": "yesterday"},
        {"as_of": later.isoformat()},
        {"as_of": "2020-01-01T00:00"},
    ):
        with pytest.raises(CommandError):
            call_command("official_report", **{"out": tmp_path / "none.docx", "plan": 2567} | wrong)
    with pytest.raises(CommandError, match="No such file"):
        call_command("official_report", out=tmp_path / "nowhere" / "report.docx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.docx", "report.docx"]


def test_planners_get_the_page_and_the_document(spoken):
    client = signed_in("planner")
    address = "/admin/comments/submission/report/"
    assert 'value="2567"' in client.get(address).content.decode()
    page = client.post(address, {"plan": "2567", "format": "page"})
    text = page.getvalue().decode()
    assert "no-store" in page.headers["Cache-Control"]
    for row in Submission.objects.all():
        assert row.reference in text
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in text
    assert ExportRecord.objects.get().sha256 in text
    assert "<!--rows of" not in text
    document = client.post(address, {"plan": "2567", "format": "docx"})
    assert document.headers["Content-Type"] == docx_file.CONTENT_TYPE
    assert re.search(r'filename="report-2567.docx"', document.headers["Content-Disposition"])
    assert Document(io.BytesIO(b"".join(document.streaming_content))).tables
    wrong = client.post(
        address, {"plan": "2567", "format": "docx", "as_of_0": "01/01/2599", "as_of_1": "00:00"}
    )
    assert "ยังมาไม่ถึง" in wrong.content.decode()
