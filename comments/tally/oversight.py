"""How fast and how alike the moderators decide; nobody is named or ranked."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, DateField, Min, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from comments.models import Appeal, DoubleCheck, Plan, Submission, SubmissionEvent
from comments.tally.opinions import Totals
from comments.tally.published import by_reason, standing
from comments.tally.reported import Reported, reported

Kind = SubmissionEvent.Kind
Channel = Submission.Channel
# Of what came by another way only the day is known, and it was often typed in much later.
TIMED = (Channel.WEB, Channel.SAMPLE)


@dataclass(frozen=True)
class Waits:
    """How long opinions waited for their first decision, the shortest first."""

    times: tuple[timedelta, ...] = ()

    @property
    def number(self) -> int:
        """Return how many were timed."""
        return len(self.times)

    def within(self, percent: int) -> timedelta | None:
        """Return the time within which `percent` of a hundred were decided: a time that occurred (nearest rank).

        None where nothing was timed.

        >>> waits = Waits(tuple(timedelta(hours=n) for n in (1, 2, 3, 40)))
        >>> [waits.within(percent).total_seconds() / 3600 for percent in (50, 75, 90)]
        [2.0, 3.0, 40.0]
        """
        rank = math.ceil(len(self.times) * percent / 100)
        return self.times[rank - 1] if rank else None

    @property
    def median(self) -> timedelta | None:
        """Return the time within which half were decided."""
        return self.within(50)

    @property
    def ninetieth(self) -> timedelta | None:
        """Return the time within which nine of ten were decided."""
        return self.within(90)


@dataclass(frozen=True)
class Month:
    """What was received in a month, named by its first day, where it stands now, and how long it waited."""

    first_day: date
    totals: Totals
    waits: Waits


@dataclass(frozen=True)
class Agreement:
    """How often two moderators said the same of one opinion, the second without knowing the first."""

    both_publish: int = 0
    both_withhold: int = 0
    only_first_publishes: int = 0
    only_second_publishes: int = 0

    @property
    def number(self) -> int:
        """Return how many opinions were looked at twice."""
        return self.same + self.only_first_publishes + self.only_second_publishes

    @property
    def same(self) -> int:
        """Return of how many both said the same."""
        return self.both_publish + self.both_withhold

    @property
    def share(self) -> float | None:
        """Return `same` as a share of all; None where there are none."""
        return self.same / self.number if self.number else None

    @property
    def kappa(self) -> float | None:
        """Return Cohen's kappa: the share above what chance alone would bring; None where chance brings all.

        >>> round(Agreement(20, 15, 5, 10).kappa, 3)
        0.4
        """
        if not self.number:
            return None
        first = (self.both_publish + self.only_first_publishes) / self.number
        second = (self.both_publish + self.only_second_publishes) / self.number
        by_chance = first * second + (1 - first) * (1 - second)
        return None if by_chance == 1 else (self.same / self.number - by_chance) / (1 - by_chance)


@dataclass(frozen=True)
class Appeals:
    """How many appeals there were against rejections, and what came of them."""

    granted: int = 0
    upheld: int = 0
    pending: int = 0

    @property
    def lodged(self) -> int:
        """Return how many there were."""
        return self.granted + self.upheld + self.pending


@dataclass(frozen=True)
class Oversight:
    """What became of the opinions of a plan, how fast, and how alike it was decided.

    `reasons` holds codes. The months add up to the totals.
    """

    totals: Totals
    reasons: dict[str, int]
    waits: Waits
    months: list[Month]
    agreement: Agreement
    appeals: Appeals
    reported: Reported

    @property
    def decided(self) -> int:
        """Return how many stand as moderators decided: published or not."""
        return self.totals.published + self.totals.rejected


def oversight(plan: Plan) -> Oversight:
    """Return how the moderators of `plan` work, counted from the rows; replies are none of them."""
    times = _times(plan)
    by_month: dict[date, list[timedelta]] = {}
    for received_at, waited in times:
        by_month.setdefault(_month_of(received_at), []).append(waited)
    months = [
        Month(first_day, totals, _waits(by_month.get(first_day, ())))
        for first_day, totals in sorted(_totals_by_month(plan).items())
    ]
    stand = standing(plan)
    reasons = {reason.code: number for reason, number in by_reason(stand)}
    waits = _waits(waited for _received_at, waited in times)
    return Oversight(stand.totals, reasons, waits, months, agreement(plan), appeals(plan), reported(plan))


def agreement(plan: Plan) -> Agreement:
    """Return how alike two moderators decided on the double-checked opinions of `plan`."""
    publish, withhold = DoubleCheck.Verdict.PUBLISHED, DoubleCheck.Verdict.REJECTED
    pairs = DoubleCheck.objects.filter(submission__plan=plan).order_by()
    counted = pairs.values_list("decision__to_status", "verdict").annotate(n=Count("pk"))
    found = {(first, second): n for first, second, n in counted}
    order = ((publish, publish), (withhold, withhold), (publish, withhold), (withhold, publish))
    return Agreement(*(found.get(pair, 0) for pair in order))


def appeals(plan: Plan) -> Appeals:
    """Return what came of the appeals against rejections of opinions of `plan`."""
    rows = Appeal.objects.filter(submission__plan=plan, submission__parent=None).order_by()
    counted = rows.values_list("outcome").annotate(n=Count("pk"))
    return Appeals(**{outcome or "pending": n for outcome, n in counted})


def _times(plan: Plan) -> list[tuple[datetime, timedelta]]:
    """Return when each timed opinion came in, and how long it waited for its first decision."""
    decisions = SubmissionEvent.objects.filter(
        submission__plan=plan,
        submission__parent=None,
        submission__channel__in=TIMED,
        kind__in=(Kind.PUBLISHED, Kind.REJECTED),
    ).order_by()
    rows: QuerySet[SubmissionEvent, tuple[int, datetime, datetime]] = decisions.values_list(
        "submission", "submission__received_at"
    ).annotate(first=Min("at"))
    return [(received_at, first - received_at) for _pk, received_at, first in rows]


def _totals_by_month(plan: Plan) -> dict[date, Totals]:
    rows = Submission.objects.filter(plan=plan).order_by()
    month = TruncMonth("received_at", output_field=DateField())
    found: dict[date, Totals] = {}
    for first_day, status, n in rows.values_list(month, "status").annotate(n=Count("pk")):
        found[first_day] = replace(found.get(first_day, Totals()), **{status: n})
    return found


def _month_of(moment: datetime) -> date:
    return timezone.localtime(moment).date().replace(day=1)


def _waits(times: Iterable[timedelta]) -> Waits:
    return Waits(tuple(sorted(times)))
