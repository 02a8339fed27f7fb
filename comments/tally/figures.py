"""Every number of the results page as one flat table, with what may be told of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comments.disclosure import Cell
from comments.models import Plan, Submission
from comments.models.submissions import OUTSIDE
from comments.tally.published import Published, by_reason, published, standing
from comments.tally.told import told_goals, told_kinds, told_meetings, told_months, told_places, told_sectors

TABLES = ("status", "reason", "sector", "district", "goal", "kind", "month", "meeting")
_ALL = "all"


@dataclass(frozen=True)
class Figure:
    """A number of a table: which table, row and column it belongs to, and what may be told of it."""

    table: str
    row: str
    column: str
    cell: Cell


def figures(plan: Plan) -> Iterator[Figure]:
    """Yield every number of the results page, the totals among them."""
    stand, counted = standing(plan), published(plan)
    for status in ("received", *Submission.Status.values):
        yield Figure("status", status, _ALL, Cell(getattr(stand.totals, status)))
    for reason, number in by_reason(stand):
        yield Figure("reason", reason.code, _ALL, Cell(number))
    for sector in told_sectors(stand):
        named = zip(("pending", "rejected", "withdrawn"), sector.unpublished, strict=False)
        for status, cell in [("published", sector.published), *named]:
            if cell:
                yield Figure("sector", sector.sector.key, status, cell)
    yield from _by_district(counted)
    yield from _by_goal(plan, counted)
    for counts in (told_kinds(counted), told_months(counted), told_meetings(plan, counted)):
        for count in counts.rows:
            yield Figure(counts.key.removesuffix("s"), count.code, _ALL, count.cell)


def _by_district(counted: Published) -> Iterator[Figure]:
    if places := told_places(counted):
        for place in places.districts:
            yield Figure("district", place.district.code, _ALL, place.cell)
        yield Figure("district", OUTSIDE, _ALL, places.outside)
        yield Figure("district", "", _ALL, places.not_stated)
        yield Figure("district", _ALL, _ALL, places.total)


def _by_goal(plan: Plan, counted: Published) -> Iterator[Figure]:
    if not (goals := told_goals(plan, counted)):
        return
    stances = (*Submission.Stance.values, "")
    for row in (row for _title, rows in goals.strategies for row in rows):
        code = row.goal.code if row.goal else ""
        for stance, cell in zip(stances, row.cells, strict=True):
            yield Figure("goal", code, stance, cell)
        yield Figure("goal", code, _ALL, row.total)
    for stance, cell in zip(stances, goals.totals, strict=True):
        yield Figure("goal", _ALL, stance, cell)
