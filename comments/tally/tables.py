"""The planner's tables: opinions by goal, sector and district, and their stances."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Count, QuerySet

from comments.models import DevelopmentGoal, District, Sector, Submission
from comments.models.submissions import OUTSIDE

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Cell:
    """How many submissions share a goal, sector, district and stance.

    No goal: the plan as a whole. `district` is a code, "outside", or empty where none was given.
    """

    goal: DevelopmentGoal | None
    sector: Sector
    district: District | None
    is_outside_bangkok: bool
    stance: str
    opinions: int

    @property
    def district_code(self) -> str:
        """Return the code as exports write it."""
        if self.is_outside_bangkok:
            return OUTSIDE
        return self.district.code if self.district else ""


def summary(rows: QuerySet[Submission]) -> list[Cell]:
    """Return the count of every goal × sector × district × stance that occurs, in stable order.

    The counts add up to the number of `rows`.
    """
    keys = ("goal", "sector", "district", "is_outside_bangkok", "stance")
    grouped = rows.order_by().values_list(*keys).annotate(n=Count("pk"))
    goals = DevelopmentGoal.objects.in_bulk()
    sectors = Sector.objects.in_bulk()
    districts = District.objects.in_bulk()
    cells = [
        Cell(goals.get(goal), sectors[sector], districts.get(district), outside, stance, n)
        for goal, sector, district, outside, stance, n in grouped
    ]
    return sorted(cells, key=_position)


def _position(cell: Cell) -> tuple[Any, ...]:
    stances = ["", *Submission.Stance.values]
    return (
        cell.goal.code if cell.goal else "",
        cell.sector.position,
        cell.district_code,
        stances.index(cell.stance),
    )


@dataclass(frozen=True)
class Table(Generic[Key]):
    """Counts by a row's key and a column's key, with totals of each and of all."""

    columns: tuple[str, ...]
    rows: list[tuple[Key, list[int], int]]

    @property
    def column_totals(self) -> list[int]:
        """Return the total of each column."""
        return [sum(counts[n] for _, counts, _ in self.rows) for n in range(len(self.columns))]

    @property
    def total(self) -> int:
        """Return the total of all."""
        return sum(total for _, _, total in self.rows)


def by_stance(cells: Iterable[Cell], row: Callable[[Cell], Key]) -> Table[Key]:
    """Return the counts of `cells` by `row` and stance; no stance is the last column."""
    columns = (*Submission.Stance.values, "")
    counts: dict[Key, list[int]] = {}
    for cell in cells:
        counts.setdefault(row(cell), [0] * len(columns))[columns.index(cell.stance)] += cell.opinions
    return Table(columns, [(key, line, sum(line)) for key, line in counts.items()])
