"""The planner's summary: any two things against each other, each number with its opinions behind it."""

import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from comments import themes
from comments.admin import summaries
from comments.models import District, Meeting, Sector, Submission
from tests.admin.staff import QUEUE, signed_in, text
from tests.exports.test_csv_file import read
from tests.factories import reply, staff, submission, theme, unlike
from tests.meetings import meeting

pytestmark = pytest.mark.django_db

SUMMARY = f"{QUEUE}summary/"


@pytest.fixture
def planner():
    return signed_in("planner")


@pytest.fixture
def opinions():
    district = District.objects.get(code="1004")
    first, last = datetime(2026, 1, 31, 16, tzinfo=UTC), datetime(2026, 1, 31, 18, tzinfo=UTC)
    rows = [
        submission("published", goal="G67-1.1-01", stance="agree", district=district, at=first),
        submission(goal="G67-1.1-01", stance="disagree", is_outside_bangkok=True, at=last),
        submission("rejected", stance="agree", sector="academic", body=unlike(), at=last),
    ]
    themes.tag(rows[:2], theme(), actor=staff("planner"))
    reply(rows[0], body=unlike())
    return rows


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ("district", "stance"),
        ("theme", "month"),
        ("strategy", "kind"),
        ("status", "goal"),
        ("channel", "stance"),
    ],
)
def test_each_number_leads_to_as_many_opinions(planner, opinions, rows, columns):
    asked = {"rows": rows, "columns": columns, "received_from": "15/01/2569", "sector": "citizen"}
    table = planner.get(SUMMARY, asked).context["table"]
    cells = [cell for line in (*table.lines, table.totals) for cell in (*line.cells, line.total)]
    led = {cell.address: cell.number for cell in cells if cell.address}
    assert len(led) >= 4
    assert led[max(led, key=led.get)] == 2
    for address, number in led.items():
        assert planner.get(address).context["cl"].result_count == number


def test_what_the_queue_can_t_ask_for_is_a_plain_number(planner, opinions):
    table = planner.get(SUMMARY, {"rows": "channel", "columns": "district"}).context["table"]
    (line,) = table.lines
    for cells in (line.cells, table.totals.cells):
        assert [bool(cell.address) for cell in cells] == [True, True, False]


def test_the_first_table_is_goal_by_stance(planner, opinions):
    shown = planner.get(SUMMARY)
    assert shown.context["table"].rows[0][1:] == ["เห็นด้วย", "ไม่เห็นด้วย", "รวม"]
    assert [line.total.number for line in shown.context["table"].lines] == [2, 1]
    assert shown.content.decode().count("<rect ") == 2
    assert "G67-1.1-01" in text(shown)


def test_a_table_may_have_no_columns(planner, opinions):
    table = planner.get(SUMMARY, {"rows": "sector", "columns": ""}).context["table"]
    assert [line[1:] for line in table.rows] == [["รวม"], [2], [1], [3]]


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("rows", {"rows": "colour"}),
        ("rows", {"rows": ""}),
        ("columns", {"columns": "body\x00"}),
        ("columns", {"rows": "stance", "columns": "stance"}),
        ("measure", {"measure": "\ud800".encode("utf-8", "surrogatepass")}),
    ],
)
def test_an_unknown_choice_is_said_beside_its_field(planner, opinions, field, asked):
    shown = planner.get(SUMMARY, {"q": "ทางเท้า", "format": "table_csv"} | asked)
    assert shown.status_code == 200
    assert f'id="id_{field}_error"' in shown.content.decode()
    assert 'value="ทางเท้า"' in shown.content.decode()
    assert shown.context["table"] is None


def test_too_many_columns_are_left_to_a_file(planner, opinions, monkeypatch):
    monkeypatch.setattr(summaries, "MOST_COLUMNS", 1)
    shown = planner.get(SUMMARY)
    assert 'id="id_columns_error"' in shown.content.decode()
    assert len(read(planner.get(SUMMARY, {"format": "table_csv"}).getvalue())) == 3


def test_the_totals_of_texts_and_themes_are_said_to_be_no_sums(planner, opinions):
    said = "ผลรวมจึงนับแยกต่างหาก"
    assert said not in text(planner.get(SUMMARY))
    assert said in text(planner.get(SUMMARY, {"measure": "texts"}))
    assert said in text(planner.get(SUMMARY, {"rows": "theme"}))


def test_the_table_is_handed_over_as_it_is_shown(planner, opinions):
    asked = {"rows": "month", "columns": "status", "sector": "citizen", "plan": "2567"}
    table = planner.get(SUMMARY, asked).context["table"]
    assert table.rows == [
        ["เดือน", "รอตรวจสอบ", "เผยแพร่แล้ว", "รวม"],
        ["มกราคม 2569", 0, 1, 1],
        ["กุมภาพันธ์ 2569", 1, 0, 1],
        ["รวม", 1, 1, 2],
    ]
    as_csv = planner.get(SUMMARY, asked | {"format": "table_csv"})
    lines = [list(line.values()) for line in read(as_csv.getvalue())]
    assert lines == [[str(cell) for cell in row] for row in table.rows[1:]]
    assert as_csv["X-Row-Count"] == "3"
    as_xlsx = planner.get(SUMMARY, asked | {"format": "table_xlsx"})
    sheet = load_workbook(io.BytesIO(as_xlsx.getvalue())).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[:4] == table.rows
    assert [row[0] for row in rows if row[0] and "2567" in row[0]]
    assert "no-store" in as_xlsx["Cache-Control"]


def test_a_name_that_a_spreadsheet_would_run_is_guarded(planner, opinions):
    Sector.objects.filter(key="citizen").update(title_th="=1+1")
    got = planner.get(SUMMARY, {"rows": "sector", "format": "table_csv"})
    assert "'=1+1" in got.getvalue().decode()
    book = load_workbook(
        io.BytesIO(planner.get(SUMMARY, {"rows": "sector", "format": "table_xlsx"}).getvalue())
    )
    assert [cell.data_type for cell in book.active["A"][:2]] == ["s", "s"]


def test_the_csv_of_the_contract_ends_with_kind_channel_and_texts(planner, opinions):
    first, *rest = read(planner.get(SUMMARY, {"format": "csv", "rows": "colour"}).getvalue())
    assert list(first)[-4:] == ["opinions", "kind", "channel", "texts"]
    assert [list(row.values())[-4:] for row in (first, *rest)] == [["1", "opinion", "web", "1"]] * 3


def test_people_reached_are_told_for_a_plan_and_for_a_meeting(planner):
    row = meeting()
    row.attendance.create(sector=Sector.objects.first(), people=41)
    assert planner.get(SUMMARY).context["reached"] is None
    for asked in ({"plan": "2567"}, {"meeting": row.pk}):
        shown = planner.get(SUMMARY, asked)
        assert dict(shown.context["reached"].sectors)[Sector.objects.first()] == 41
        assert "ผู้เข้าร่วมการประชุมรับฟัง" in text(shown)
    other = planner.get(SUMMARY, {"meeting": Meeting.objects.exclude(pk=row.pk).get().pk})
    assert other.context["reached"].people != 41


def test_the_page_asks_as_much_for_three_opinions_as_for_one(planner, django_assert_num_queries):
    for rows in (1, 3):
        while Submission.objects.count() < rows:
            submission("published", goal="G67-1.1-01", body=unlike(), stance="agree")
        with django_assert_num_queries(14):
            shown = planner.get(SUMMARY)
        assert shown.context["totals"].published == shown.context["table"].totals.total.number == rows
