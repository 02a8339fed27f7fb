"""Every number of the results page as one flat table, with what may be told of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comments.disclosure import Cell
from comments.models import Plan, Submission
from comments.models.submissions import OUTSIDE
from comments.tally.opinions import plan_totals, rejected_by_reason
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
    totals = plan_totals(plan)
    for status in ("received", *Submission.Status.values):
        yield Figure("status", status, _ALL, Cell(getattr(totals, status)))
    for reason, number in rejected_by_reason(Submission.objects.filter(plan=plan)).items():
        yield Figure("reason", reason, _ALL, Cell(number))
    for sector in told_sectors(plan):
        named = zip(("pending", "rejected", "withdrawn"), sector.unpublished, strict=False)
        for status, cell in [("published", sector.published), *named]:
            if cell:
                yield Figure("sector", sector.sector.key, status, cell)
    yield from _by_district(plan)
    yield from _by_goal(plan)
    for counts in (told_kinds(plan), told_months(plan), told_meetings(plan)):
        for count in counts.rows:
            yield Figure(counts.key.removesuffix("s"), count.code, _ALL, count.cell)


def _by_district(plan: Plan) -> Iterator[Figure]:
    if places := told_places(plan):
        for place in places.districts:
            yield Figure("district", place.district.code, _ALL, place.cell)
        yield Figure("district", OUTSIDE, _ALL, places.outside)
        yield Figure("district", "", _ALL, places.not_stated)
        yield Figure("district", _ALL, _ALL, places.total)


def _by_goal(plan: Plan) -> Iterator[Figure]:
    if not (goals := told_goals(plan)):
        return
    stances = (*Submission.Stance.values, "")
    for row in (row for _title, rows in goals.strategies for row in rows):
        code = row.goal.code if row.goal else ""
        for stance, cell in zip(stances, row.cells, strict=True):
            yield Figure("goal", code, stance, cell)
        yield Figure("goal", code, _ALL, row.total)
    for stance, cell in zip(stances, goals.totals, strict=True):
        yield Figure("goal", _ALL, stance, cell)
