"""The planner's file: opinions by goal, sector, district, stance, kind and channel together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from comments.models import DevelopmentGoal, District, Sector, Submission
from comments.models.submissions import OUTSIDE
from comments.tally.grouped import grouped


@dataclass(frozen=True)
class Cell:
    """How many submissions share a goal, sector, district, stance, kind and channel, and how many texts.

    No goal: the plan as a whole. `district` is a code, "outside", or empty where none was given.
    """

    goal: DevelopmentGoal | None
    sector: Sector
    district: District | None
    is_outside_bangkok: bool
    stance: str
    kind: str
    channel: str
    opinions: int
    texts: int

    @property
    def district_code(self) -> str:
        """Return the code as exports write it."""
        if self.is_outside_bangkok:
            return OUTSIDE
        return self.district.code if self.district else ""


def summary(rows: QuerySet[Submission]) -> list[Cell]:
    """Return the count of every goal × sector × district × stance × kind × channel that occurs, in stable order.

    The numbers of opinions add up to the number of `rows`; those of texts don't, for the same text may stand
    in several.
    """
    keys = ("goal", "sector", "district", "is_outside_bangkok", "stance", "kind", "channel")
    goals = DevelopmentGoal.objects.in_bulk()
    sectors = Sector.objects.in_bulk()
    districts = District.objects.in_bulk()
    cells = [
        Cell(goals.get(goal), sectors[sector], districts.get(district), *said)
        for goal, sector, district, *said in grouped(rows, *keys, texts=True)
    ]
    return sorted(cells, key=_position)


def _position(cell: Cell) -> tuple[Any, ...]:
    stances = ["", *Submission.Stance.values]
    return (
        cell.goal.code if cell.goal else "",
        cell.sector.position,
        cell.district_code,
        stances.index(cell.stance),
        Submission.Kind.values.index(cell.kind),
        Submission.Channel.values.index(cell.channel),
    )
