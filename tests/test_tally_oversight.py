import math
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from comments import moderation, tally
from comments.models import Plan, Submission
from tests.factories import reason, reply, staff, submission

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


def naive(times, percent):
    """Return the smallest time that at least `percent` of a hundred don't exceed."""
    enough = len(times) * percent / 100
    return next((time for time in sorted(times) if sum(other <= time for other in times) >= enough), None)


@pytest.mark.parametrize("seed", range(4))
def test_every_number_equals_the_rows_after_any_history(seed):
    chance = random.Random(seed)  # noqa: S311
    actor, reasons = staff(), [reason("off_topic"), reason("duplicate")]
    rows = [submission(at=START + timedelta(hours=9 * number)) for number in range(12)]
    first: dict[int, datetime] = {}
    now = START + timedelta(days=6)
    for _ in range(50):
        now += timedelta(minutes=chance.randint(1, 900))
        row = chance.choice(rows)
        deed = chance.choice(["publish", "reject", "restore", "withdraw"])
        more = {"actor": actor} if deed != "withdraw" else {}
        more |= {"reason": chance.choice(reasons)} if deed == "reject" else {}
        try:
            getattr(moderation, deed)(row, at=now, **more)
        except moderation.StaleDecisionError:
            continue
        if deed in {"publish", "reject"}:
            first.setdefault(row.pk, now)
    reply(submission("published", at=now), "published", at=now)
    stored = list(Submission.objects.all())
    first[stored[0].pk] = Submission.objects.latest("pk").moderated_at
    found = tally.oversight(Plan.objects.current())
    assert found.totals == tally.Totals(**Counter(row.status for row in stored))
    assert (
        found.totals.received == len(stored) == found.decided + found.totals.withdrawn + found.totals.pending
    )
    assert found.reasons == Counter(row.reason.code for row in stored if row.reason)
    received = {row.pk: row.received_at for row in stored}
    times = [at - received[pk] for pk, at in first.items()]
    assert found.waits.times == tuple(sorted(times))
    assert (found.waits.median, found.waits.ninetieth) == (naive(times, 50), naive(times, 90))
    for status in Submission.Status.values:
        by_month = sum(getattr(month.totals, status) for month in found.months)
        assert by_month == getattr(found.totals, status)
    assert sum(month.waits.number for month in found.months) == found.waits.number


def test_the_first_decision_counts_whatever_came_after():
    row = submission(at=START)
    moderation.reject(row, actor=staff(), reason=reason(), at=START + timedelta(hours=3))
    moderation.restore(row, actor=staff(), at=START + timedelta(hours=5))
    moderation.publish(row, actor=staff(), at=START + timedelta(hours=50))
    assert tally.oversight(Plan.objects.current()).waits.times == (timedelta(hours=3),)


def test_what_came_on_paper_is_not_timed_and_a_month_begins_at_midnight_in_bangkok():
    submission("published", at=datetime(2026, 1, 31, 16, 59, tzinfo=UTC))
    submission("published", at=datetime(2026, 1, 31, 17, tzinfo=UTC))
    Submission.objects.filter(received_at__lt=datetime(2026, 1, 31, 17, tzinfo=UTC)).update(channel="paper")
    found = tally.oversight(Plan.objects.current())
    assert found.waits.number == 1
    told = [(month.first_day.month, month.totals.published, month.waits.number) for month in found.months]
    assert told == [(1, 1, 0), (2, 1, 1)]


def test_nearest_rank_is_a_time_that_occurred():
    times = tuple(timedelta(hours=hour) for hour in (1, 2, 4, 8, 100))
    waits = tally.Waits(times)
    for percent in range(1, 101):
        assert waits.within(percent) == times[math.ceil(percent * 5 / 100) - 1] == naive(times, percent)
    assert tally.Waits().within(50) is None
