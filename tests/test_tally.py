import random
from datetime import UTC, date, datetime
from importlib import import_module

import pytest

from comments import moderation, tally
from comments.models import DevelopmentGoal, District, Meeting, Plan, Sector, Submission
from comments.models.submissions import OUTSIDE
from tests.factories import reason, staff, submission

pytestmark = pytest.mark.django_db

GOALS = ["G67-1.1-01", "G67-2.2-01", None]
STANCES = ["", "agree", "agree_with_changes", "disagree", "neutral"]


def test_received_is_always_the_sum():
    for status in ("pending", "pending", "published", "rejected", "withdrawn"):
        submission(status)
    totals = tally.plan_totals(Plan.objects.current())
    assert totals == tally.Totals(published=1, rejected=1, withdrawn=1, pending=2)
    assert totals.received == Submission.objects.count() == 5
    ((why, number),) = tally.by_reason(tally.standing(Plan.objects.current()))
    assert (why.code, number) == ("off_topic", 1)


@pytest.mark.parametrize("seed", range(5))
def test_totals_equal_the_rows_after_any_history(seed):
    chance = random.Random(seed)  # noqa: S311
    rows = [
        submission(
            goal=chance.choice(GOALS), stance=chance.choice(STANCES), is_outside_bangkok=chance.random() < 0.3
        )
        for _ in range(12)
    ]
    actor, why = staff(), reason()
    deeds = [
        lambda row: moderation.publish(row, actor=actor),
        lambda row: moderation.reject(row, actor=actor, reason=why),
        lambda row: moderation.restore(row, actor=actor),
        moderation.withdraw,
    ]
    for _ in range(60):
        try:
            chance.choice(deeds)(chance.choice(rows))
        except moderation.StaleDecisionError:
            continue
    stored = list(Submission.objects.all())
    totals = tally.plan_totals(Plan.objects.current())
    assert totals.received == len(stored)
    for status in Submission.Status.values:
        assert getattr(totals, status) == sum(row.status == status for row in stored)
    stand = tally.standing(Plan.objects.current())
    assert stand.totals == totals
    assert sum(stand.reasons.values()) == totals.rejected
    assert sum(cell.opinions for cell in tally.summary(Submission.objects.all())) == len(stored)


def test_published_counts_show_nothing_unpublished():
    for status in ("pending", "published", "rejected", "withdrawn"):
        submission(status, goal="G67-1.1-01")
    plan = Plan.objects.current()
    goal = DevelopmentGoal.objects.get(code="G67-1.1-01")
    assert tally.published_by_goal(plan) == {goal.pk: 1}
    assert +tally.published_by_strategy(plan, plan.goals.all()) == {goal.strategy.parent_id: 1}


def test_each_sectors_totals_are_its_own():
    for status in ("pending", "published", "rejected", "withdrawn"):
        submission(status, sector="academic")
    submission("published", sector="citizen")
    totals = tally.standing(Plan.objects.current()).sectors
    keys = dict(Sector.objects.values_list("pk", "key"))
    assert {keys[pk]: each for pk, each in totals.items()} == {
        "academic": tally.Totals(published=1, rejected=1, withdrawn=1, pending=1),
        "citizen": tally.Totals(published=1),
    }


def test_what_is_published_is_counted_by_what_it_says_of_itself():
    district, meeting = District.objects.get(code="1004"), Meeting.objects.get()
    goal = DevelopmentGoal.objects.get(code="G67-1.1-01")
    said = {"goal": goal, "stance": "agree", "kind": "need", "district": district, "meeting": meeting}
    for status in ("pending", "published", "rejected", "withdrawn"):
        submission(status, **said)
    submission("published", is_outside_bangkok=True)
    submission("published")
    plan = Plan.objects.current()
    counted = tally.published(plan)
    assert counted.districts == {district.pk: 1, OUTSIDE: 1, "": 1}
    assert counted.goals == {(goal.pk, "agree"): 1, (None, ""): 2}
    assert counted.kinds == {"need": 1, "opinion": 2}
    assert counted.meetings == {meeting.pk: 1, None: 2}
    assert counted.texts == 1


@pytest.mark.parametrize("many", [0, 1_000])
def test_a_month_begins_at_midnight_in_bangkok(monkeypatch, many):
    monkeypatch.setattr(import_module("comments.tally.published"), "MANY", many)
    for at in (datetime(2026, 1, 31, 16, 59, tzinfo=UTC), datetime(2026, 1, 31, 17, tzinfo=UTC)):
        submission("published", at=at)
    assert tally.published(Plan.objects.current()).months == {date(2026, 1, 1): 1, date(2026, 2, 1): 1}
