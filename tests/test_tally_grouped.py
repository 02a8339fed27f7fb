"""Counting over an index gives what the rows give, and reads nothing but the index."""

from collections import Counter

import pytest
from django.db import connection

from comments import tally
from comments.models import Plan, Submission
from comments.tally.grouped import grouped
from tests.factories import BODY, reply, submission, unlike

pytestmark = pytest.mark.django_db

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by itself")


def sql(found):
    return str(found.query)


def fill():
    """Return opinions, some of them alike, and one reply, which counts as none."""
    submission("published", goal="G67-1.1-01", stance="agree", body=BODY)
    submission("published", goal="G67-1.1-01", stance="agree", body=BODY, channel="paper")
    submission(goal="G67-1.1-01", stance="agree", body=unlike())
    submission(stance="disagree", body=BODY)
    reply(submission("published", body=unlike()), body=unlike())
    return list(Submission.objects.all())


@pytest.mark.parametrize("keys", [("status",), ("stance", "goal_id"), ("channel", "kind", "meeting_id")])
def test_opinions_and_texts_are_those_of_the_rows(keys):
    rows = fill()
    opinions = Counter(tuple(getattr(row, key) for key in keys) for row in rows)
    texts = {(tuple(getattr(row, key) for key in keys), row.campaign_id or f"alone {row.pk}") for row in rows}
    different = Counter(said for said, _text in texts)
    found = {tuple(said): (n, m) for *said, n, m in grouped(Submission.objects.all(), *keys, texts=True)}
    assert found == {said: (n, different[said]) for said, n in opinions.items()}
    assert {tuple(said): n for *said, n in grouped(Submission.objects.all(), *keys)} == opinions
    among = Submission.objects.published().filter(plan=Plan.objects.current(), stance="agree")
    assert sum(n for *_said, n in grouped(among, *keys)) == 2


def test_replies_count_where_they_are_asked_for_and_nothing_where_there_is_nothing():
    rows = fill()
    assert sum(n for _status, n in grouped(Submission.everything.all(), "status")) == len(rows) + 1
    assert list(grouped(Submission.objects.none(), "status")) == []
    assert list(grouped(Submission.objects.filter(sector__in=[]), "status", texts=True)) == []


def test_rows_that_are_cut_or_joined_are_counted_as_they_are():
    fill()
    assert sum(n for _status, n in grouped(Submission.objects.filter(plan__fiscal_year=2567), "status")) == 5
    assert sum(n for _theme, n in grouped(Submission.objects.all(), "tags__theme")) == 5


@on_sqlite
@pytest.mark.parametrize("down", [name for name in tally.AXES if name not in {"month", "theme"}])
def test_sqlite_reads_one_index_in_its_order_and_no_row(down):
    found = grouped(Submission.objects.filter(plan=1), tally.AXES[down].key(), "stance", texts=True)
    with connection.cursor() as cursor:
        query, params = found.query.sql_with_params()
        cursor.execute(f"EXPLAIN QUERY PLAN {query}", params)
        plan = [line[-1] for line in cursor.fetchall()]
    reading = [line for line in plan if "INDEX" in line]
    assert reading == ["SCAN comments_submission USING COVERING INDEX submission_counted"]
    assert plan.index(reading[0]) < plan.index("USE TEMP B-TREE FOR GROUP BY")
    assert plan.count("USE TEMP B-TREE FOR GROUP BY") == 1


@on_sqlite
def test_totals_are_read_from_the_smaller_index():
    assert 'INDEXED BY "submission_of_plan"' in sql(grouped(Submission.objects.filter(plan=1), "status"))
    assert "INDEXED BY" not in sql(grouped(Submission.objects.filter(received_at=None), "status"))
