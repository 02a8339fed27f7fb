"""The published opinions of a plan by what they say, and all of its opinions by where they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.utils import timezone

from comments import remembering
from comments.models import DevelopmentGoal, Plan, RejectionReason, Submission
from comments.models.submissions import OUTSIDE
from comments.tally import outcomes
from comments.tally.grouped import grouped, month
from comments.tally.kept import published_by_goal
from comments.tally.opinions import Totals

# Of fewer the statement takes longer to write than their months to be worked out; and a statement has no end of parts.
MANY, MOST_MONTHS = 20_000, 120


def published_by_strategy(plan: Plan, goals: Iterable[DevelopmentGoal]) -> Counter[int]:
    """Return the number of published submissions of a plan by top-level strategy of its `goals`."""
    by_goal = published_by_goal(plan)
    counts: Counter[int] = Counter()
    # Folded here: joining three tables for each submission takes fifty times as long.
    for goal in goals:
        counts[goal.strategy.parent_id or goal.strategy_id] += by_goal.get(goal.pk, 0)
    return counts


@dataclass(frozen=True)
class Standing:
    """Where the opinions of a plan stand: all, those of each sector that has any, and those rejected by reason."""

    totals: Totals
    sectors: Mapping[int, Totals]
    reasons: Mapping[int, int]


def standing(plan: Plan) -> Standing:
    """Return where the opinions of `plan` stand, asking once."""
    sectors: dict[int, Counter[str]] = {}
    reasons: Counter[int] = Counter()
    for status, reason, sector, n in grouped(
        Submission.objects.filter(plan=plan), "status", "reason", "sector"
    ):
        sectors.setdefault(sector, Counter())[status] += n
        if reason:
            reasons[reason] += n
    totals = Totals(**sum(sectors.values(), Counter[str]()))
    return Standing(totals, {sector: Totals(**counts) for sector, counts in sectors.items()}, reasons)


def by_reason(counted: Standing) -> list[tuple[RejectionReason, int]]:
    """Return the reasons that occur, in their order, each with the number of opinions rejected for it."""
    rows = remembering.of_shown(lambda: list(RejectionReason.objects.all()), "reasons")
    return [(row, counted.reasons[row.pk]) for row in rows if row.pk in counted.reasons]


@dataclass(frozen=True)
class Published:
    """The published opinions of a plan by each thing that the results tell.

    Districts also hold "outside", and "" where none was given. The goal None is the plan as a whole, the stance "" is
    none, and the meeting None is none. Of the texts a campaign counts as one.
    """

    texts: int
    districts: Mapping[int | str, int]
    goals: Mapping[tuple[int | None, str], int]
    kinds: Mapping[str, int]
    meetings: Mapping[int | None, int]
    months: Mapping[date, int]


def published(plan: Plan) -> Published:
    """Count the published opinions of `plan`."""
    districts: Counter[int | str] = Counter()
    for district, is_outside, n in _published_by(plan, "district", "is_outside_bangkok"):
        districts[OUTSIDE if is_outside else district or ""] += n
    goals: Counter[tuple[int | None, str]] = Counter()
    kinds: Counter[str] = Counter()
    meetings: Counter[int | None] = Counter()
    for goal, stance, kind, meeting, n in _published_by(plan, "goal", "stance", "kind", "meeting"):
        goals[goal, stance] += n
        kinds[kind] += n
        meetings[meeting] += n
    rows = Submission.objects.published().filter(plan=plan).order_by()
    alike = rows.filter(campaign__isnull=False)
    several = alike.aggregate(opinions=Count("pk"), texts=Count("campaign", distinct=True))
    texts = kinds.total() - several["opinions"] + several["texts"]
    months = _by_month(rows) if kinds.total() > MANY else dict(grouped(rows, month()))
    return Published(texts, districts, goals, kinds, meetings, months)


def _by_month(rows: QuerySet[Submission]) -> dict[date, int]:
    """Return the number of `rows` by the month of their receipt in Bangkok, named by its first day.

    They are counted between the ends of each month, along an index, without a look at the clock for each.
    """
    received = rows.values_list("received_at", flat=True)
    ends = [received.order_by(way)[0] for way in ("received_at", "-received_at")]
    months = list(outcomes.every_month([timezone.localdate(end).replace(day=1) for end in ends]))
    if len(months) > MOST_MONTHS:
        return dict(grouped(rows, month()))
    edges = [timezone.make_aware(datetime.combine(day, time())) for day in months]
    parts = [
        rows.filter(received_at__gte=edge, **({"received_at__lt": after} if after else {}))
        .values_list(Value(place))
        .annotate(n=Count("pk"))
        for place, (edge, after) in enumerate(zip(edges, [*edges[1:], None], strict=True))
    ]
    counted = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return {months[place]: n for place, n in counted if n}


def _published_by(plan: Plan, *keys: Any) -> QuerySet[Submission, Any]:
    return grouped(Submission.objects.published().filter(plan=plan), *keys)


def by_sector(rows: QuerySet[Submission]) -> dict[int, int]:
    """Return how many of `rows` each sector sent, by the sector's key."""
    return dict(grouped(rows, "sector"))
