"""By what opinions can be counted: the key that each has in the database, and the names and codes of the keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models import DevelopmentGoal, District, Meeting, Sector, Strategy, Submission, Theme
from comments.models.submissions import OUTSIDE
from comments.tally.grouped import month

# The key of those who live outside Bangkok; no district has it.
_OUTSIDE = 0
NO_THEME = "none"


@dataclass(frozen=True)
class Head:
    """What a row or a column stands for: its key, the code by which it is asked for (empty: none), its name or month."""

    key: Any
    code: str
    label: str | date


@dataclass(frozen=True)
class Axis:
    """One thing to count by. Unless `is_exclusive`, an opinion may stand under several of its heads.

    `key` makes the expression by which the database groups, `heads` names the keys that may occur, in order.
    """

    label: Any
    key: Callable[[], Any]
    heads: Callable[[Collection[Any]], list[Head]]
    is_exclusive: bool = True


def _column(name: str) -> Callable[[], Any]:
    return lambda: F(name)


def _top_strategy() -> Case:
    # Each goal by its key: joining three tables for each submission takes fifty times as long.
    goals: dict[int, list[int]] = defaultdict(list)
    tops = DevelopmentGoal.objects.order_by().annotate(top=Coalesce("strategy__parent", "strategy"))
    for goal, top in tops.values_list("pk", "top"):
        goals[top].append(goal)
    below = (When(goal__in=found, then=Value(top)) for top, found in goals.items())
    return Case(*below, output_field=IntegerField())


def _home() -> Case:
    outside = When(is_outside_bangkok=True, then=Value(_OUTSIDE))
    return Case(outside, default=F("district"), output_field=IntegerField())


def _goals(_keys: Collection[Any]) -> list[Head]:
    rows = [Head(row.pk, row.code, str(row)) for row in DevelopmentGoal.objects.order_by("code", "pk")]
    return [*rows, Head(None, "", _("The plan as a whole"))]


def _strategies(_keys: Collection[Any]) -> list[Head]:
    rows = Strategy.objects.filter(parent=None)
    named = [Head(row.pk, row.code, f"{row.code} {row.short_title}") for row in rows]
    return [*named, Head(None, "", _("The plan as a whole"))]


def _sectors(_keys: Collection[Any]) -> list[Head]:
    return [Head(row.pk, row.key, row.title) for row in Sector.objects.all()]


def _districts(_keys: Collection[Any]) -> list[Head]:
    rows = [Head(row.pk, row.code, row.title) for row in District.objects.order_by("thai_rank")]
    return [*rows, Head(_OUTSIDE, OUTSIDE, _("Outside Bangkok")), Head(None, "", _("not stated"))]


def _meetings(_keys: Collection[Any]) -> list[Head]:
    rows = [Head(row.pk, str(row.pk), row.title) for row in Meeting.objects.order_by("held_on", "pk")]
    return [*rows, Head(None, "", _("Not given at a meeting"))]


def _months(keys: Collection[Any]) -> list[Head]:
    return [Head(month, f"{month:%Y-%m}", month) for month in sorted(keys)]


def _themes(_keys: Collection[Any]) -> list[Head]:
    rows = [Head(row.pk, str(row.pk), str(row)) for row in Theme.objects.all()]
    return [*rows, Head(None, NO_THEME, _("No theme yet"))]


def _choices(choices: list[tuple[str, Any]]) -> Callable[[Collection[Any]], list[Head]]:
    def heads(_keys: Collection[Any]) -> list[Head]:
        named = [Head(value, value, str(capfirst(label))) for value, label in choices]
        return [*named, Head("", "", _("not stated"))]

    return heads


AXES = {
    "goal": Axis(gettext_lazy("Development goal"), _column("goal"), _goals),
    "strategy": Axis(gettext_lazy("Strategy"), _top_strategy, _strategies),
    "sector": Axis(gettext_lazy("Sector"), _column("sector"), _sectors),
    "district": Axis(gettext_lazy("District"), _home, _districts),
    "stance": Axis(gettext_lazy("Stance"), _column("stance"), _choices(Submission.Stance.choices)),
    "kind": Axis(gettext_lazy("Kind"), _column("kind"), _choices(Submission.Kind.choices)),
    "channel": Axis(gettext_lazy("Channel"), _column("channel"), _choices(Submission.Channel.choices)),
    "meeting": Axis(gettext_lazy("Meeting"), _column("meeting"), _meetings),
    "status": Axis(gettext_lazy("Status"), _column("status"), _choices(Submission.Status.choices)),
    "month": Axis(gettext_lazy("Month"), month, _months),
    "theme": Axis(gettext_lazy("Theme"), _column("tags__theme"), _themes, is_exclusive=False),
}
