"""What rows said at a moment: as they say it now, with what was changed since put back.

See `comments.models.watching` for what is kept of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from comments.exports.columns import Row
from comments.models import (
    DevelopmentGoal,
    District,
    FormerValue,
    Meeting,
    Plan,
    RejectionReason,
    Sector,
    Strategy,
)

Labels = dict[int | None, Row]


def is_still(at: datetime) -> bool:
    """Tell whether nothing that a file reads was changed after `at`."""
    return not FormerValue.objects.filter(recorded_at__gt=at).exists()


def later(at: datetime, table: str, *columns: str) -> QuerySet[FormerValue]:
    """Return what was changed after `at`, the latest change first."""
    found = FormerValue.objects.filter(of_table=table, recorded_at__gt=at).order_by("-pk")
    return found.filter(of_column__in=columns) if columns else found


def labels(at: datetime | None = None) -> dict[str, Labels]:
    """Return what a file says of each row that a column of the opinions refers to, by that column.

    As of `at`, by default as it is.
    """
    return {
        "plan_id": _named(_then(at, Plan, "fiscal_year"), plan_year="fiscal_year"),
        "goal_id": _goals(at),
        "sector_id": _named(_then(at, Sector, "key"), sector="key"),
        "district_id": _named(
            _then(at, District, "code", "title_th"), district_code="code", district="title_th"
        ),
        "meeting_id": _named(_then(at, Meeting, "title_th"), meeting="title_th"),
        "reason_id": _named(_then(at, RejectionReason, "code"), reason_code="code"),
    }


def goals_below(strategy: Strategy, at: datetime | None = None) -> set[int]:
    """Return the goals of a strategy and of its parts, as of `at`, by default as they are."""
    parts = {pk for pk, part in _then(at, Strategy, "parent_id").items() if part["parent_id"] == strategy.pk}
    goals = _then(at, DevelopmentGoal, "strategy_id").items()
    return {pk for pk, goal in goals if pk and goal["strategy_id"] in {strategy.pk, *parts}}


def _goals(at: datetime | None) -> Labels:
    strategies = _then(at, Strategy, "code", "title_th", "parent_id")
    found: Labels = {}
    for pk, goal in _then(at, DevelopmentGoal, "code", "title_th", "strategy_id").items():
        own = strategies.get(goal["strategy_id"], strategies[None])
        strategy = strategies.get(own["parent_id"], own) if own["parent_id"] else own
        found[pk] = {
            "strategy_code": strategy["code"],
            "strategy": strategy["title_th"],
            "goal_code": goal["code"],
            "goal": goal["title_th"],
        }
    return found


def _then(at: datetime | None, model: type[Any], *names: str) -> Labels:
    """Return what every row of `model` said, by its key; nothing for None."""
    known: Labels = {row["pk"]: row for row in model._default_manager.order_by().values("pk", *names)}
    if at:
        put_back(known, later(at, model._meta.db_table))
    return known | {None: dict.fromkeys(names)}


def _named(known: Labels, **names: str) -> Labels:
    return {pk: {ours: row[theirs] for ours, theirs in names.items()} for pk, row in known.items()}


def put_back(known: Mapping[Any, Row], later: QuerySet[FormerValue]) -> None:
    """Undo change after change, the latest first; what was deleted since is referred to by nothing."""
    for pk, column, value in later.values_list("of_row", "of_column", "value"):
        if pk in known:
            known[pk][column] = _typed(column, value)


def _typed(column: str, value: str | None) -> Any:
    """Return a former value, which is kept as text, as the database gives the column."""
    if value is None:
        return None
    if column.endswith(("_id", "_count", "_year")):
        return int(value)
    if column.endswith("_at"):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if column.startswith("is_"):
        return value in {"1", "true"}
    return value
