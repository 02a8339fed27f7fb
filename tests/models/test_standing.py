from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest
from django.db import connection
from django.db.models import F

from comments import campaigns, moderation, placing, tally
from comments.models import DevelopmentGoal, Plan, Standing, Submission, standing
from tests.factories import reason, reply, staff, submission, unlike

SAME = "ขอให้ปลูกต้นไม้ริมคลองให้ร่มรื่นกว่านี้อีกมากนะคะ เพราะร้อนเหลือเกิน"


def by_hand(plan):
    """Count all that is kept by going through the rows."""
    rows = Submission.objects.filter(plan=plan)
    published = rows.filter(status="published")
    by_goal = {}
    for row in published:
        by_goal[row.goal_id] = by_goal.get(row.goal_id, 0) + 1
    return tally.totals(rows), by_goal, tally.heard(published)


def kept(plan):
    return tally.plan_totals(plan), tally.published_by_goal(plan), tally.heard_on(plan)


def moved(deed):
    """Do something, and find the numbers as they would be counted."""
    plan = Plan.objects.current()
    before = kept(plan)
    deed()
    assert kept(plan) == by_hand(plan)
    assert standing.wrong() == 0
    return kept(plan) != before


@pytest.mark.django_db
def test_every_deed_moves_the_numbers_with_the_rows():
    actor = staff()
    first, second = (submission("published", goal=code, body=unlike()) for code in ("G67-1.1-01", None))
    assert moved(lambda: submission("pending", goal="G67-1.1-01"))
    assert moved(lambda: moderation.reject(first, actor=actor, reason=reason()))
    assert moved(lambda: moderation.restore(Submission.objects.get(pk=first.pk), actor=actor))
    assert moved(lambda: moderation.withdraw(second))
    third = submission("published", goal="G67-1.1-01", body=unlike())
    goal = DevelopmentGoal.objects.get(code="G67-2.1-01")
    assert moved(lambda: placing.move(third, goal, actor=actor))
    assert not moved(lambda: reply(third, "published"))
    assert not moved(lambda: Submission.objects.update(agree_count=F("agree_count") + 1))


@pytest.mark.django_db
def test_a_campaign_is_one_text_however_many_send_it():
    members = [submission("published", body=f"{SAME} {n}") for n in range(3)]
    plan = Plan.objects.current()
    assert kept(plan) == by_hand(plan)
    assert tally.heard_on(plan) == tally.Heard(3, 1)
    assert moved(lambda: campaigns.split(Submission.objects.get(pk=members[2].pk), actor=staff(), reason="x"))
    assert moved(lambda: Submission.objects.filter(campaign__isnull=False).update(status="withdrawn"))


@pytest.mark.django_db
def test_many_rows_of_one_statement_are_counted_together():
    goals = ["G67-1.1-01", "G67-2.1-01", None]
    rows = [submission("published", goal=goal, body=unlike()) for goal in goals * 2]
    assert moved(
        lambda: Submission.objects.filter(pk__in=[row.pk for row in rows]).update(status="withdrawn")
    )


@pytest.mark.django_db
def test_a_plan_that_is_not_public_has_no_published_opinions_to_tell_of():
    submission("published", goal="G67-1.1-01")
    Plan.objects.update(is_public=False)
    plan = Plan.objects.first()
    assert (tally.published_by_goal(plan), tally.heard_on(plan)) == ({}, tally.Heard(0, 0))


@pytest.mark.django_db
def test_numbers_that_are_wrong_are_found_and_counted_again():
    submission("published", goal="G67-1.1-01")
    submission("pending", goal="G67-2.1-01")
    Standing.objects.update(pending=F("pending") + 1)
    assert standing.wrong() == 2
    standing.install()
    assert standing.wrong() == 0


def test_who_moves_an_opinion_waits_for_nobody_else_at_the_same_goal(fresh_server):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    fresh_server.shell(
        "from tests.factories import submission, unlike\nfor _ in range(43): submission(body=unlike())"
    )
    change = "UPDATE comments_submission SET status = 'withdrawn' WHERE id = (SELECT MIN(id) + %s FROM comments_submission)"
    url = fresh_server.database.url
    with closing(psycopg2.connect(url)) as first, closing(psycopg2.connect(url)) as second:
        for other, opened in enumerate((first, second)):
            opened.cursor().execute("SET lock_timeout = '5s'")
            # The first has not committed yet.
            opened.cursor().execute(change, [other])
        second.commit()
        first.rollback()

    def move(number):
        with closing(psycopg2.connect(url)) as opened:
            for other in range(number * 10, number * 10 + 10):
                opened.cursor().execute(change, [other + 3])
                opened.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(move, range(4)))
    ((withdrawn, pending),) = fresh_server.query("SELECT SUM(withdrawn), SUM(pending) FROM comments_standing")
    assert (withdrawn, pending) == (41, 2)
    assert fresh_server.shell("from comments.models import standing; print(standing.wrong())").strip() == "0"
