import io
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from comments import moderation, tally
from comments.exports import download
from comments.exports.filters import ExportFilter, SubmissionFilter
from comments.models import DevelopmentGoal, District, Meeting, Strategy, StrategyFramework, Submission
from tests.admin.staff import QUEUE, act, signed_in
from tests.factories import receive, staff, submission, unlike

pytestmark = pytest.mark.django_db


def chosen(**data):
    form = SubmissionFilter(data)
    assert form.is_valid(), form.errors
    return set(form.rows())


def test_nothing_chosen_is_everything():
    rows = {submission(), submission("rejected")}
    assert chosen() == rows


@pytest.mark.parametrize(
    ("said", "data"),
    [
        ({"goal": "G67-1.1-01"}, {"goal": "G67-1.1-01"}),
        ({"goal": "G67-1.1-01"}, {"strategy": "1"}),
        ({"sector": "academic"}, {"sector": "academic"}),
        ({"stance": "disagree"}, {"stance": "disagree"}),
        ({"is_outside_bangkok": True}, {"district": "outside"}),
    ],
)
def test_filter_finds_its_rows_and_no_others(said, data):
    submission(goal="G67-2.2-01", sector="citizen", stance="agree")
    row = submission(**said)
    assert chosen(**data) == {row}


def test_filter_by_district_meeting_and_status():
    other = submission()
    row = submission("rejected", district=District.objects.get(code="1007"), meeting=Meeting.objects.get())
    for data in ({"district": "1007"}, {"meeting": row.meeting_id}, {"status": "rejected"}):
        assert chosen(**data) == {row}
    assert chosen(status="pending") == {other}


def test_a_strategy_of_a_later_framework_with_the_same_codes_is_asked_for_with_its_framework():
    first = submission(goal="G67-1.1-01")
    goal = DevelopmentGoal.objects.get(code="G67-2.2-01")
    later = StrategyFramework.objects.create(key="later", title_th="ใหม่", first_year=2570, last_year=2580)
    goal.strategy = Strategy.objects.create(framework=later, code="1", title_th="เดินทางดี")
    goal.save()
    second = submission(goal=goal.code)
    assert (chosen(strategy="1"), chosen(strategy="later:1")) == ({first}, {second})
    assert chosen(strategy="2") == set()
    client = signed_in("planner")
    for page in ("summary", "export"):
        drawn = client.get(f"{QUEUE}{page}/", {"strategy": "later:1"}).content.decode()
        assert ('value="later:1" selected' in drawn) == (page == "summary")
        assert "1 เดินทางดี (ใหม่)" in drawn
    assert not SubmissionFilter({"strategy": "later:2"}).is_valid()
    file = client.post(f"{QUEUE}export/", {"strategy": "1"}).getvalue().decode()
    assert (first.reference in file, second.reference in file) == (True, False)


def test_both_days_belong_to_the_range():
    first = submission(at=datetime(2022, 2, 22, 17, 0, tzinfo=UTC))
    last = submission(at=datetime(2022, 2, 24, 16, 59, tzinfo=UTC))
    submission(at=datetime(2022, 2, 24, 17, 0, tzinfo=UTC))
    assert chosen(received_from="23/02/2565", received_to="๒๔/๐๒/๒๕๖๕") == {first, last}


@pytest.mark.parametrize(
    "data",
    [
        {"goal": "G67-9"},
        {"district": "1051"},
        {"sector": "nobody"},
        {"stance": "maybe"},
        {"status": "gone"},
        {"meeting": "9" * 30},
        {"received_from": "31/02/2565"},
        {"received_from": "24/02/2565", "received_to": "23/02/2565"},
    ],
)
def test_unknown_choice_is_an_error_beside_its_field(data):
    form = SubmissionFilter(data)
    assert not form.is_valid()
    assert set(form.errors) <= set(data)


def searched(typed, **data):
    form = ExportFilter({"q": typed, **data})
    assert form.is_valid(), form.errors
    return form.rows()


def test_search_finds_the_words_as_the_file_has_them_of_every_status():
    rows = [submission(status, body="ต้นจามจุรีใหญ่ริมคลอง") for status in ("pending", "rejected")]
    covered = receive(body="ต้นจามจุรีของนายสมมุติ โทร 081-000-0000").submission
    moderation.redact(covered, [(27, 39, "mobile_phone")], actor=staff())
    other = submission(body="ทางเท้าหน้าโรงเรียนควรกว้างกว่านี้")
    assert set(searched("จามจุรี")) == {*rows, covered}
    # Else whoever may export could ask what is covered, digit by digit.
    assert not searched("081-000-0000")
    assert set(searched("จามจุรี -คลอง")) == {covered}
    assert set(searched("จามจุรี", status="pending")) == {rows[0], covered}
    assert set(searched("-จามจุรี")) == {other}
    assert set(searched(" ")) == {*rows, covered, other}


@pytest.mark.parametrize(
    "typed", ["?!", '"', "-", "\x00", "คำ " * 2_000, " ".join(f"w{n}" for n in range(33))]
)
def test_search_for_nothing_or_too_much_is_an_error_not_another_file(typed):
    form = ExportFilter({"q": typed})
    assert not form.is_valid()
    assert set(form.errors) == {"q"}


def test_search_narrows_the_file_and_the_summary_alike():
    for stance in ("agree", "agree", "disagree"):
        submission("published", stance=stance, body="อยากให้ปลูกต้นจามจุรี 100% ริมคลอง")
    submission("published", stance="agree")
    rows = searched('จามจุรี "100%"')
    file = io.BytesIO()
    assert download.write_submissions(rows, file) == 3
    assert file.getvalue().count(b"\r\n") == 4
    assert sorted(cell.opinions for cell in tally.summary(rows)) == [1, 2]
    assert tally.totals(rows) == tally.Totals(published=3)


def test_command_searches(tmp_path):
    rows = [submission(status, body="ต้นจามจุรีใหญ่ริมคลอง") for status in ("pending", "published")]
    submission()
    out, said = tmp_path / "found.csv", io.StringIO()
    call_command("export_submissions", out=out, q="จามจุรี", stdout=said)
    assert all(row.reference in out.read_text(encoding="utf-8-sig") for row in rows)
    assert said.getvalue().startswith(f"{out}: 2 rows\n")
    call_command("export_submissions", f"--out={out}", "--q=-จามจุรี", stdout=said)
    assert ": 1 rows\n" in said.getvalue()
    with pytest.raises(CommandError, match="ไม่มีคำที่ใช้ค้นหาได้"):
        call_command("export_submissions", out=tmp_path / "none.csv", q="?!")
    assert not (tmp_path / "none.csv").exists()


def test_planners_search_in_export_and_summary(django_assert_num_queries):
    client = signed_in("planner")
    for rows in (1, 3):
        while Submission.objects.count() < rows:
            submission(body=f"ต้นจามจุรีใหญ่ริมคลอง {unlike()}")
        response = client.post(f"{QUEUE}export/", {"q": "จามจุรี"})
        assert response["X-Row-Count"] == str(rows)
        assert response.getvalue().count(b"\r\n") == rows + 1
        with django_assert_num_queries(14):
            shown = client.get(f"{QUEUE}summary/", {"q": "จามจุรี"})
        assert shown.context["totals"].received == rows
        assert "q=%E0%B8%88" in shown.context["csv_query"]
    submission()
    table = client.get(f"{QUEUE}summary/", {"q": "จามจุรี", "format": "csv"})
    # Its opinions; how many different texts they are depends on what was drawn.
    assert table.getvalue().decode().split(",")[-4] == "3"
    wrong = client.post(f"{QUEUE}export/", {"q": "?!"})
    assert 'id="id_q_error"' in wrong.content.decode()
    assert 'value="?!"' in wrong.content.decode()


def test_what_matches_a_search_of_the_queue_can_be_exported():
    rows = [submission(body=f"ต้นจามจุรีใหญ่ริมคลอง {unlike()}") for _ in range(2)]
    submission()
    response = act(
        signed_in("planner"), "export_selected", rows[:1], query="?status=all&q=จามจุรี", select_across="1"
    )
    assert response.getvalue().count(b"\r\n") == 3
    assert response["X-Row-Count"] == "2"
