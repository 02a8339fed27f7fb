"""The published opinions of a plan by one thing or two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from comments.models import DevelopmentGoal, Plan, Submission
from comments.models.submissions import OUTSIDE
from comments.tally.grouped import grouped, month
from comments.tally.opinions import Totals


def published_by_goal(plan: Plan) -> dict[int | None, int]:
    """Return the number of published submissions of a plan by goal; None is the plan as a whole."""
    return dict(_published_by(plan, "goal"))


def published_by_strategy(plan: Plan, goals: Iterable[DevelopmentGoal]) -> Counter[int]:
    """Return the number of published submissions of a plan by top-level strategy of its `goals`."""
    by_goal = published_by_goal(plan)
    counts: Counter[int] = Counter()
    # Folded here: joining three tables for each submission takes fifty times as long.
    for goal in goals:
        counts[goal.strategy.parent_id or goal.strategy_id] += by_goal.get(goal.pk, 0)
    return counts


def totals_by_sector(plan: Plan) -> dict[int, Totals]:
    """Return the row-accounted totals of a plan by sector, of those sectors that have any."""
    found: dict[int, dict[str, int]] = {}
    for sector, status, n in grouped(Submission.objects.filter(plan=plan), "sector", "status"):
        found.setdefault(sector, {})[status] = n
    return {sector: Totals(**counts) for sector, counts in found.items()}


def published_by_district(plan: Plan) -> dict[int | str, int]:
    """Return the number of published submissions by district; also "outside", and "" where none was given."""
    counts: Counter[int | str] = Counter()
    for district, is_outside, n in _published_by(plan, "district", "is_outside_bangkok"):
        counts[OUTSIDE if is_outside else district or ""] += n
    return counts


def published_by_goal_and_stance(plan: Plan) -> dict[tuple[int | None, str], int]:
    """Return the number of published submissions by goal (None: the plan as a whole) and stance ("": none)."""
    return {(goal, stance): n for goal, stance, n in _published_by(plan, "goal", "stance")}


def published_by_kind(plan: Plan) -> dict[str, int]:
    """Return the number of published submissions of a plan by kind."""
    return dict(_published_by(plan, "kind"))


def published_by_meeting(plan: Plan) -> dict[int | None, int]:
    """Return the number of published submissions of a plan by meeting; None is none."""
    return dict(_published_by(plan, "meeting"))


def published_by_month(plan: Plan) -> dict[date, int]:
    """Return the number of published submissions by the month of their receipt in Bangkok, named by its first day."""
    return dict(_published_by(plan, month()))


def _published_by(plan: Plan, *keys: Any) -> QuerySet[Submission, Any]:
    return grouped(Submission.objects.published().filter(plan=plan), *keys)


def by_sector(rows: QuerySet[Submission]) -> dict[int, int]:
    """Return how many of `rows` each sector sent, by the sector's key."""
    return dict(grouped(rows, "sector"))
