"""How many published opinions were answered, wait for an answer, and wait too long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from comments.models import DevelopmentGoal, Plan, Submission
from comments.models.answers import is_answered, is_late


@dataclass(frozen=True)
class Responses:
    """What became of the published opinions on one goal; no goal is the plan as a whole.

    `texts` counts a campaign once. `overdue` are among `blank`, which are those without an answer.
    """

    goal: DevelopmentGoal | None
    opinions: int = 0
    texts: int = 0
    answered: int = 0
    overdue: int = 0
    newest: datetime | None = None

    @property
    def blank(self) -> int:
        """Return how many have no answer."""
        return self.opinions - self.answered


def is_overdue(at: datetime) -> Q:
    """Return the condition for opinions whose answer, by the days that their own plan gives, was due before `at`."""
    return reduce(or_, (is_late(plan, at) for plan in Plan.objects.all()), Q(pk__in=[]))


@dataclass(frozen=True)
class Unanswered:
    """How many opinions have no answer; `overdue` are among `blank`."""

    blank: int
    overdue: int


def unanswered(rows: QuerySet[Submission], at: datetime | None = None) -> Unanswered:
    """Return how many of `rows`, which are published, wait for an answer, and how many for too long."""
    waiting = rows.order_by().exclude(is_answered())
    late = Count("pk", filter=is_overdue(at or timezone.now()))
    return Unanswered(**waiting.aggregate(blank=Count("pk"), overdue=late))


def responses(plan: Plan, at: datetime | None = None) -> list[Responses]:
    """Return what became of the opinions on each goal of `plan`, those without any among them.

    The last row is the plan as a whole: what was said on no goal.
    """
    rows = Submission.objects.published().filter(plan=plan).order_by()
    counted = rows.values("goal").annotate(
        opinions=Count("pk"),
        texts=Count("pk", filter=Q(campaign=None)) + Count("campaign", distinct=True),
        answered=Count("pk", filter=is_answered()),
        overdue=Count("pk", filter=is_late(plan, at or timezone.now()) & ~is_answered()),
        newest=Max("received_at"),
    )
    found: dict[int | None, dict[str, Any]] = {row["goal"]: dict(row) for row in counted}
    goals: list[DevelopmentGoal | None] = [*DevelopmentGoal.objects.with_places().filter(plan=plan), None]
    return [Responses(**found.get(goal.pk if goal else None, {}) | {"goal": goal}) for goal in goals]


def responses_in_all(rows: Iterable[Responses]) -> dict[str, int]:
    """Return the sums of `rows`. Texts are left out: one campaign may speak of several goals."""
    rows = list(rows)
    return {
        name: sum(getattr(row, name) for row in rows) for name in ("opinions", "answered", "blank", "overdue")
    }
