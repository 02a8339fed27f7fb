"""The response matrix equals the rows, whatever happened."""

import csv
import io
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import answering, moderation, tally
from comments.admin.queue import QueueFilter
from comments.models import Answer, DevelopmentGoal, Plan, Submission
from tests.admin.staff import QUEUE, signed_in, text
from tests.factories import answered, staff, submission, unlike

pytestmark = pytest.mark.django_db

GOALS = ["G67-1.1-01", "G67-2.2-01", None]
SAID = st.tuples(
    st.sampled_from(GOALS),
    st.sampled_from(["pending", "published", "published", "rejected", "withdrawn"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["answered", "to all", "", ""]),
)


def happen(said, common):
    goal, status, is_common, is_old, answer = said
    row = submission(status, goal=goal, body=common if is_common else unlike())
    if is_old and status == "published":
        Submission.objects.filter(pk=row.pk).update(moderated_at=timezone.now() - timedelta(days=31))
    row.refresh_from_db()
    if answer and status == "published":
        answered(row.campaign if answer == "to all" and row.campaign else row)


def shown(**chosen):
    form = QueueFilter({"status": "published"} | chosen)
    assert form.is_valid(), form.errors
    return form.rows().filter(status="published").count()


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SAID, max_size=7))
def test_the_matrix_equals_the_rows_after_any_history(history):
    common = unlike()
    for said in history:
        happen(said, common)
    answering.spread_all()
    plan, late = Plan.objects.current(), timezone.now() - timedelta(days=30)
    rows = tally.responses(plan)
    for row in rows:
        opinions = list(Submission.objects.published().filter(plan=plan, goal=row.goal))
        blank = [one for one in opinions if answering.answer_to(one) is None]
        overdue = [one for one in blank if one.moderated_at < late]
        texts = {one.campaign_id or -one.pk for one in opinions}
        newest = max((one.received_at for one in opinions), default=None)
        assert (row.opinions, row.answered, row.blank) == (
            len(opinions),
            len(opinions) - len(blank),
            len(blank),
        )
        assert (row.overdue, row.texts, row.newest) == (len(overdue), len(texts), newest)
        if row.goal:
            found = [shown(goal=row.goal.code, answer=kind) for kind in ("answered", "blank", "overdue")]
            assert found == [row.answered, row.blank, row.overdue]
    sums = tally.responses_in_all(rows)
    assert sums["opinions"] == tally.plan_totals(plan).published == sums["answered"] + sums["blank"]


def test_every_goal_has_a_row_and_the_plan_as_a_whole_has_the_last():
    rows = tally.responses(Plan.objects.current())
    assert Counter(row.goal for row in rows) == Counter([*DevelopmentGoal.objects.all(), None])
    assert rows[-1].goal is None


def test_the_due_moment_itself_is_not_late():
    row, plan = submission("published", goal=GOALS[0]), Plan.objects.current()
    row.refresh_from_db()
    due = row.moderated_at + timedelta(days=plan.answer_within_days)

    def overdue(at):
        return tally.responses_in_all(tally.responses(plan, at))["overdue"]

    assert [overdue(due), overdue(due + timedelta(microseconds=1))] == [0, 1]


def test_a_planner_sees_blanks_and_what_is_overdue_and_gets_the_same_as_a_file():
    answered(submission("published", goal=GOALS[0], body=unlike()))
    old = submission("published", goal=GOALS[0], body=unlike())
    Submission.objects.filter(pk=old.pk).update(moderated_at=timezone.now() - timedelta(days=31))
    client = signed_in("planner")
    page = client.get(f"{QUEUE}matrix/")
    assert client.get(f"{QUEUE}?status=published&goal={GOALS[0]}&answer=overdue").status_code == 200
    (row,) = (one for one in page.context["rows"] if one.goal and one.goal.code == GOALS[0])
    assert (row.opinions, row.answered, row.blank, row.overdue) == (2, 1, 1, 1)
    assert f"?status=published&amp;goal={GOALS[0]}&amp;answer=overdue" in page.content.decode()
    file = client.get(f"{QUEUE}matrix/?format=csv")
    body = b"".join(file).decode("utf-8-sig")
    rows = {one["goal_code"]: one for one in csv.DictReader(io.StringIO(body))}
    assert [rows[GOALS[0]][name] for name in ("opinions", "answered", "blank", "overdue")] == [
        "2",
        "1",
        "1",
        "1",
    ]
    assert file["X-Row-Count"] == str(DevelopmentGoal.objects.count() + 1)


@pytest.mark.parametrize("plan", ["9999", "x", "9" * 40])
def test_an_unknown_plan_is_told_beside_the_field(plan):
    page = signed_in("planner").get(f"{QUEUE}matrix/", {"plan": plan, "format": "csv"})
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"plan"}


def test_the_matrix_asks_as_often_for_three_opinions_as_for_one(django_assert_num_queries):
    plan = Plan.objects.current()
    submission("published", goal=GOALS[0])
    with django_assert_num_queries(2):
        tally.responses(plan)
    for goal in GOALS:
        moderation.publish(submission(goal=goal, body=unlike()), actor=staff())
    with django_assert_num_queries(2):
        tally.responses(plan)
    assert not Answer.objects.exists()
    assert "–" in text(signed_in("planner").get(f"{QUEUE}matrix/"))
