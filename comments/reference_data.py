"""Carry the reference data in `comments/data/` into the database, and say what changed."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction

from comments import answering
from comments.models import (
    Agency,
    AgendaItem,
    DevelopmentGoal,
    District,
    DistrictGroup,
    Meeting,
    Participant,
    Plan,
    RejectionReason,
    Sector,
    Strategy,
    StrategyFramework,
)

Row = TypeVar("Row", bound=models.Model)

DATA = Path(__file__).parent / "data"

# The source names no window. The plan opens on the day of the hearing, 23 February 2565 at 00:00
# in Bangkok, and stays open until an administrator sets a closing moment.
OPENS_AT = datetime(2022, 2, 22, 17, tzinfo=UTC)

FIRST_REVISION_TH = "ฉบับร่างที่นำเสนอเพื่อรับฟังความคิดเห็น"
FIRST_REVISION_EN = "The draft put up for comment"


@dataclass
class Changes:
    """How many rows of each model were created, updated or left as they were."""

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """Return one line a model, in the order of loading."""
        names = dict.fromkeys([*self.created, *self.updated, *self.unchanged])
        return [
            f"{name}: {self.created[name]} created, {self.updated[name]} updated, "
            f"{self.unchanged[name]} unchanged"
            for name in names
        ]


@transaction.atomic
def load() -> Changes:
    """Create what is missing and bring facts up to date; harmless when run again.

    Facts of the source (names, population, map) follow the files. What staff decide (a plan's
    window and question, a sector's place in the form, a goal's wording, the text of a reason) is
    set when the row is created and left alone afterwards.
    """
    changes = Changes()
    _people_and_places(changes)
    _strategies(changes)
    _goals(changes)
    _meetings(changes)
    return changes


def _people_and_places(changes: Changes) -> None:
    for row in _csv("agencies.csv"):
        _keep(changes, Agency, {"title_th": row.pop("title_th")}, facts=row)
    for row in _csv("sectors.csv"):
        _keep(changes, Sector, {"key": row.pop("key")}, first=row)
    for row in _csv("district_groups.csv"):
        _keep(changes, DistrictGroup, {"key": row.pop("key")}, facts=row)
    groups = {group.key: group for group in DistrictGroup.objects.all()}
    for row in _csv("districts.csv"):
        row["group"] = groups[row["group"]]
        _keep(changes, District, {"code": row.pop("code")}, facts=row)
    for row in _json("rejection_reasons.json"):
        _keep(changes, RejectionReason, {"code": row.pop("code")}, first=row)


def _strategies(changes: Changes) -> None:
    data = _json("plan.json")
    frameworks: dict[str | None, StrategyFramework | None] = {None: None}
    for row in data["frameworks"]:
        row["supersedes"] = frameworks[row["supersedes"]]
        key = row.pop("key")
        frameworks[key] = _keep(changes, StrategyFramework, {"key": key}, facts=row)
    plan = data["plan"]
    framework = frameworks[plan.pop("framework")]
    first = plan | {"framework": framework, "opens_at": OPENS_AT}
    _keep(changes, Plan, {"fiscal_year": first.pop("fiscal_year")}, first=first)
    strategies: dict[str, Strategy | None] = {"": None}
    for row in _csv("strategies.csv"):
        row["parent"] = strategies[row["parent"]]
        code = row.pop("code")
        strategies[code] = _keep(changes, Strategy, {"framework": framework, "code": code}, facts=row)


def _goals(changes: Changes) -> None:
    plan = Plan.objects.get(fiscal_year=2567)
    strategies = {strategy.code: strategy for strategy in plan.framework.strategies.all()}
    agencies = {agency.title_th: agency for agency in Agency.objects.all()}
    for row in _csv("goals.csv"):
        lead, *supporting = (agencies[name] for name in row.pop("lead_offices").split("/"))
        row |= {"plan": plan, "strategy": strategies[row["strategy"]], "lead_office": lead}
        goal = _keep(changes, DevelopmentGoal, {"code": row.pop("code")}, first=row)
        if not goal.revisions.exists():
            goal.supporting_offices.set(supporting)
            answering.revise_goal(
                goal,
                {},
                reason_th=FIRST_REVISION_TH,
                reason_en=FIRST_REVISION_EN,
                actor=None,
                at=OPENS_AT,
            )


def _meetings(changes: Changes) -> None:
    for row in _json("meetings.json"):
        agenda, participants = row.pop("agenda"), row.pop("participants")
        row["plan"] = Plan.objects.get(fiscal_year=row["plan"])
        meeting = _keep(changes, Meeting, {"slug": row.pop("slug")}, first=row)
        for item in agenda:
            key = {"meeting": meeting, "position": item.pop("position")}
            _keep(changes, AgendaItem, key, first=item)
        for person in participants:
            key = {"meeting": meeting, "order": person.pop("order")}
            _keep(changes, Participant, key, first=person)


def _keep(
    changes: Changes,
    model: type[Row],
    key: Mapping[str, Any],
    *,
    facts: Mapping[str, Any] | None = None,
    first: Mapping[str, Any] | None = None,
) -> Row:
    """Return the row with this `key`: `facts` are kept up to date, `first` is only a beginning."""
    name = model.__name__
    row = model._default_manager.filter(**key).first()
    if row is None:
        changes.created[name] += 1
        return model._default_manager.create(**key, **(facts or {}), **(first or {}))
    stale = []
    for column, value in (facts or {}).items():
        before = getattr(row, column)
        # The files hold text; the row holds numbers.
        after = type(before)(value) if isinstance(before, int | Decimal) else value
        if before != after:
            setattr(row, column, after)
            stale.append(column)
    if stale:
        row.save(update_fields=stale)
    (changes.updated if stale else changes.unchanged)[name] += 1
    return row


def _csv(name: str) -> list[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _json(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def missing() -> dict[str, int]:
    """Count, by file, the rows of the files that no form and no count can do without, and that are not there."""
    needed: dict[str, tuple[type[models.Model], str, list[dict[str, Any]]]] = {
        "districts": (District, "code", _csv("districts.csv")),
        "sectors": (Sector, "key", _csv("sectors.csv")),
        "rejection_reasons": (RejectionReason, "code", _json("rejection_reasons.json")),
    }
    found = {}
    for name, (model, key, rows) in needed.items():
        there = {str(value) for value in model._default_manager.values_list(key, flat=True)}
        if gone := {str(row[key]) for row in rows} - there:
            found[name] = len(gone)
    return found


def samples() -> list[dict[str, str]]:
    """Return the sample submissions, oldest first; `outcome` is a status or a reason's code."""
    rows: list[dict[str, str]] = _json("samples.json")
    return rows


def sample_themes() -> list[dict[str, str]]:
    """Return the sample themes in their order, each labelled in its names."""
    rows: list[dict[str, str]] = _json("sample_themes.json")
    return rows
