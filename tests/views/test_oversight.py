import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from comments import appeals, double_checks, erasure, flags, moderation, tally
from comments.models import Plan, Submission
from tests.factories import reason, reply, staff, submission, unlike

pytestmark = pytest.mark.django_db

PAGE = "/en/results/moderation/"
FILE = "/results/moderation.csv"


def rows(client):
    content = client.get(FILE).content.decode("utf-8-sig")
    return {(row["measure"], row["of"]): row["number"] for row in csv.DictReader(io.StringIO(content))}


def decide(number, at, hours, deed="publish", **more):
    for _ in range(number):
        row = submission(at=at, body=unlike())
        getattr(moderation, deed)(row, actor=staff(), at=at + timedelta(hours=hours), **more)


def test_the_whole_is_exact_and_adds_up(client):
    at = datetime(2026, 1, 15, tzinfo=UTC)
    decide(2, at, 3)
    decide(1, at, 30, "reject", reason=reason())
    submission("withdrawn")
    submission()
    context = client.get(PAGE).context
    totals = context["report"].totals
    assert totals.received == 5 == totals.published + totals.rejected + totals.withdrawn + totals.pending
    assert context["reasons"] == [("Off topic", 1)]
    told = rows(client)
    assert told["received", "all"] == "5"
    assert (told["rejected", "all"], told["rejected", "off_topic"]) == ("1", "1")
    assert (told["timed", "all"], told["median_hours", "all"], told["ninetieth_hours", "all"]) == (
        "3",
        "3.0",
        "30.0",
    )


def test_page_and_file_say_the_same_of_each_month_and_hide_what_is_small(client):
    decide(9, datetime(2026, 1, 15, tzinfo=UTC), 3)
    decide(8, datetime(2026, 2, 15, tzinfo=UTC), 5)
    decide(1, datetime(2026, 2, 15, tzinfo=UTC), 5, "reject", reason=reason())
    months = client.get(PAGE).context["months"]
    told = rows(client)
    assert [month.published.number for month in months] == [9, 8]
    assert [told["published", of] for of in ("2026-01", "2026-02")] == ["9", "8"]
    # Whose opinion of February is not published nobody can tell.
    assert [month.received for month in months] == [None, None]
    assert [told["rejected", of] for of in ("2026-01", "2026-02")] == ["<5", "<5"]
    assert [told["median_hours", of] for of in ("2026-01", "2026-02")] == ["3.0", "5.0"]


def test_a_month_with_few_opinions_tells_no_time(client):
    decide(6, datetime(2026, 1, 15, tzinfo=UTC), 3)
    decide(2, datetime(2026, 2, 15, tzinfo=UTC), 5)
    assert [month.waits.number for month in client.get(PAGE).context["months"]] == [0, 0]
    assert rows(client)["median_hours", "2026-02"] == ""


def test_the_only_month_says_what_the_whole_says(client):
    decide(2, datetime(2026, 1, 15, tzinfo=UTC), 3)
    decide(1, datetime(2026, 1, 15, tzinfo=UTC), 3, "reject", reason=reason())
    told = rows(client)
    for measure in ("received", "published", "rejected", "withdrawn", "pending"):
        assert told[measure, "2026-01"] == told[measure, "all"]


def test_by_month_the_two_public_pages_hide_the_same(client):
    for month, number in ((1, 7), (2, 2), (4, 6)):
        decide(number, datetime(2026, month, 15, tzinfo=UTC), 1)
    (told,) = [each for each in client.get("/en/results/").context["lists"] if each.key == "months"]
    cells = {row.label: row.cell for row in told.rows}
    months = client.get(PAGE).context["months"]
    assert [month.published for month in months] == [cells[month.first_day] for month in months]


def test_agreement_is_told_with_the_number_behind_it(client):
    Plan.objects.update(double_check_percent=100)
    for number in range(3):
        submission("published", actor=staff("first"), body=unlike())
        shown = double_checks.token(double_checks.take(staff("second")), staff("second"))
        double_checks.record(shown, actor=staff("second"), reason=reason() if number == 2 else None)
    response = client.get(PAGE)
    assert "67%" in response.content.decode()
    assert "kappa</dt>" not in response.content.decode()
    told = rows(client)
    assert (told["double_checked", "all"], told["double_checked_same", "all"]) == ("3", "2")


def test_appeals_are_told_with_their_outcome(client):
    rows_of_others = [submission("rejected", actor=staff("first"), body=unlike()) for _ in range(4)]
    made = [appeals.lodge(row, "ขอให้พิจารณาใหม่อีกครั้ง") for row in rows_of_others]
    appeals.grant(made[0], actor=staff("second"), publishes=True)
    appeals.uphold(made[1], actor=staff("second"), words="ไม่เกี่ยวกับแผน")
    context = client.get(PAGE).context
    assert context["report"].appeals == tally.Appeals(granted=1, upheld=1, pending=2)
    assert context["report"].totals == tally.Totals(published=1, rejected=3)
    told = rows(client)
    names = ("appeals", "appeals_granted", "appeals_upheld", "appeals_pending")
    assert [told[name, "all"] for name in names] == ["4", "1", "1", "2"]


def test_reports_of_readers_are_told_by_what_became_of_them(client):
    assert "So far readers have reported nothing." in client.get(PAGE).content.decode()
    withheld, covered, left, erased, waits = [submission("published", body=unlike()) for _ in range(5)]
    answered = reply(waits, "published")
    moderation.redact(left, [(0, 3, "personal_data")], actor=staff())
    for row in (withheld, covered, left, erased, waits, answered):
        flags.flag(row, voter="a", client="fd00::1", reason="insult")
    flags.flag(withheld, voter="b", client="fd00::1", reason="other")
    moderation.redact(covered, [(0, 3, "personal_data")], actor=staff())
    for row in (covered, left):
        flags.close(row, actor=staff(), note="อ่านแล้ว", last=row.flags.last().pk)
    moderation.reject(withheld, actor=staff(), reason=reason())
    erasure.erase(Submission.objects.get(pk=erased.pk), actor=staff("administrator"), ground="writing")
    # What becomes of it afterwards is no outcome of the report.
    moderation.restore(withheld, actor=staff())
    found = client.get(PAGE).context["report"].reported
    assert found == tally.Reported(withheld=2, covered=1, left=1, erased=1, waiting=2)
    assert (found.received, found.closed) == (7, 5)
    told = rows(client)
    names = ("", "_withheld", "_covered", "_left", "_erased", "_waiting")
    assert [told[f"reports{name}", "all"] for name in names] == ["7", "2", "1", "1", "1", "2"]


def test_nobody_of_the_staff_is_named(client):
    submission("published", actor=staff("khunmoderator"))
    for path in (PAGE, FILE):
        assert b"khunmoderator" not in client.get(path).content


def test_both_languages_give_the_same_file(client):
    decide(2, datetime(2026, 1, 15, tzinfo=UTC), 3)
    assert client.get(f"/en{FILE}").content == client.get(FILE).content


def test_an_empty_plan_has_a_report_and_no_plan_has_none(client):
    assert "Nothing has been decided yet." in client.get(PAGE).content.decode()
    assert rows(client)["median_hours", "all"] == ""
    Plan.objects.update(is_public=False)
    assert client.get(PAGE).status_code == client.get(FILE).status_code == 404


def test_it_asks_the_database_as_often_for_three_rows_as_for_one(client, django_assert_num_queries):
    decide(1, datetime(2026, 1, 15, tzinfo=UTC), 3)
    with django_assert_num_queries(9):
        client.get(PAGE)
    decide(1, datetime(2026, 2, 15, tzinfo=UTC), 3)
    decide(1, datetime(2026, 3, 15, tzinfo=UTC), 3, "reject", reason=reason())
    with django_assert_num_queries(9):
        client.get(PAGE)
