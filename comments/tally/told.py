"""The results as the public reads them: counts of published opinions in which nobody can be singled out.

The page of results and the open data draw from here, so that they tell and keep back the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comments import disclosure, remembering
from comments.disclosure import Cell
from comments.models import DevelopmentGoal, District, Meeting, Plan, Sector, Submission
from comments.models.submissions import OUTSIDE
from comments.tally import outcomes
from comments.tally.opinions import Totals
from comments.tally.published import Published, Standing

STANCES = (*Submission.Stance.values, "")
# Beside these shares of the whole city's opinions per resident, a district is heard little or much.
LITTLE, MUCH = 0.5, 1.5
PER = 10_000


@dataclass(frozen=True)
class SectorRow:
    """What became of the opinions of a sector; None where a number can't be told."""

    sector: Sector
    received: int | None
    published: Cell | None
    unpublished: tuple[Cell, ...]


def told_sectors(counted: Standing) -> list[SectorRow]:
    """Return every sector with what became of its opinions."""
    rows = remembering.of_frame(lambda: list(Sector.objects.all()), "sectors told")
    counts = [counted.sectors.get(row.pk, Totals()) for row in rows]
    published = disclosure.line(tuple(each.published for each in counts))
    told = outcomes.outcomes(counts, published.cells if published else None)
    return [
        SectorRow(row, one.received, one.published, one.unpublished)
        for row, one in zip(rows, told, strict=True)
    ]


@dataclass(frozen=True)
class Place:
    """A district on the map: its number of opinions, per 10,000 residents, and how well it is heard."""

    district: District
    cell: Cell
    rate: float | None
    level: str

    @property
    def label(self) -> str:
        """Return the two digits that stand on its tile."""
        return self.district.code[-2:]


@dataclass(frozen=True)
class Places:
    """Every district, and those who live elsewhere or did not say."""

    districts: list[Place]
    total: Cell
    population: int
    rate: float
    outside: Cell
    not_stated: Cell


def told_places(counted: Published) -> Places | None:
    """Return the published opinions by district; None when nothing can be told."""
    counts = counted.districts
    # By the number that stands on the tile, so that it leads to the row.
    rows = list(District.objects.order_by("code"))
    split = disclosure.split(
        tuple(counts.get(row.pk, 0) for row in rows), (counts.get(OUTSIDE, 0), counts.get("", 0))
    )
    if split is None or not split.total:
        return None
    population = sum(row.population for row in rows)
    # Only what is told may decide how a district is drawn, or the drawing would give the number away.
    known = split.inside_total.number
    rate = (split.total if known is None else known) * PER / population
    outside, not_stated = split.outside
    return Places(
        [place(row, cell, rate) for row, cell in zip(rows, split.inside, strict=True)],
        split.inside_total,
        population,
        rate,
        outside,
        not_stated,
    )


def place(district: District, cell: Cell, usual: float) -> Place:
    """Return how well a district is heard beside `usual`, the city's opinions per 10,000 residents."""
    rate = None if cell.number is None else cell.number * PER / district.population
    level = "unknown"
    if cell.most is not None and cell.most * PER / district.population < usual * LITTLE:
        level = "little"
    elif cell.least * PER / district.population > usual * MUCH:
        level = "much"
    elif rate is not None:
        level = "usual"
    return Place(district, cell, rate, level)


@dataclass(frozen=True)
class GoalRow:
    """What the opinions on a goal say of it; no goal: the plan as a whole."""

    goal: DevelopmentGoal | None
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True)
class Goals:
    """Stances by goal, the goals of a strategy together, with the totals of all."""

    strategies: list[tuple[str, list[GoalRow]]]
    totals: tuple[Cell, ...]
    total: int

    @property
    def bars(self) -> list[tuple[Cell, ...]]:
        """Return the numbers of every row, by which the longest bar is found."""
        return [row.cells for _title, rows in self.strategies for row in rows]


def told_goals(plan: Plan, counted: Published) -> Goals | None:
    """Return the published opinions on `plan` by goal and stance; None when nothing can be told."""
    counts = counted.goals
    found = DevelopmentGoal.objects.public().filter(plan=plan).select_related("strategy__parent")
    goals: list[DevelopmentGoal | None] = [*found, None]
    grid = disclosure.grid(
        tuple(
            tuple(counts.get((goal.pk if goal else None, stance), 0) for stance in STANCES) for goal in goals
        )
    )
    if grid is None or not grid.total:
        return None
    rows = map(GoalRow, goals, grid.rows, grid.row_totals)
    strategies = [(title, list(group)) for title, group in groupby(rows, _strategy_of)]
    return Goals(strategies, grid.column_totals, grid.total)


def _strategy_of(row: GoalRow) -> str:
    if row.goal is None:
        return _("The plan as a whole")
    top = row.goal.strategy.parent or row.goal.strategy
    return f"{top.code} {top.short_title}"


@dataclass(frozen=True)
class Count:
    """A number in a list: the code of what is counted, its name or month, and the number."""

    code: str
    label: str | date
    cell: Cell


@dataclass(frozen=True)
class Counts:
    """A list of counts under a title, by words or by months; no rows: nothing can be told."""

    key: str
    title: str
    head: str
    rows: list[Count]
    total: int

    @property
    def bars(self) -> list[tuple[Cell]]:
        """Return the numbers of every row, by which the longest bar is found."""
        return [(row.cell,) for row in self.rows]


def _counts(key: str, title: str, head: str, counts: Sequence[tuple[str, str | date, int]]) -> Counts:
    line = disclosure.line(tuple(number for _code, _label, number in counts))
    rows = [Count(*each[:2], cell) for each, cell in zip(counts, line.cells, strict=True)] if line else []
    return Counts(key, title, head, rows, sum(number for _code, _label, number in counts))


def told_kinds(counted: Published) -> Counts:
    """Return the published opinions by kind."""
    counts = counted.kinds
    kinds = [(kind, str(capfirst(label)), counts.get(kind, 0)) for kind, label in Submission.Kind.choices]
    return _counts("kinds", _("What sort of statements"), _("Kind"), kinds)


def told_months(counted: Published) -> Counts:
    """Return the published opinions by the month of their receipt, from the first to the last."""
    counts = dict(counted.months)
    rows = [Count(f"{month:%Y-%m}", month, cell) for month, cell in outcomes.by_month(counts).items()]
    return Counts("months", _("When they came in"), _("Month"), rows, sum(counts.values()))


def told_meetings(plan: Plan, counted: Published) -> Counts:
    """Return the published opinions on `plan` by the meeting where they were given."""
    counts = dict(counted.meetings)
    meetings = Meeting.objects.public().filter(plan=plan)
    rows = [(str(meeting.pk), meeting.title, counts.pop(meeting.pk, 0)) for meeting in meetings]
    # What was given at a meeting that is not shown stands with the rest.
    rest = ("", _("Not given at a meeting"), sum(counts.values()))
    return _counts("meetings", _("At which meeting"), _("Meeting"), [*rows, rest])
