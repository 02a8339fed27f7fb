"""Keep small groups out of tables: nobody can be singled out, not by subtraction either.

A table with its totals is a circulation: each count flows along an arc, and what enters a line leaves it
as the line's total. What a reader may suppose about the numbers that are not shown is then what can still
flow, and the least and the most of it are exact, not estimated.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

# Numbers below this one are not told.
LEAST = 5
_ENDLESS = 1 << 60


@dataclass(frozen=True)
class Cell:
    """A count as the public reads it: the number; or, with none, "fewer than 5" or "5 or more"."""

    number: int | None
    is_small: bool = False

    @property
    def least(self) -> int:
        """Return the smallest number that this may be."""
        if self.number is not None:
            return self.number
        return 0 if self.is_small else LEAST

    @property
    def most(self) -> int | None:
        """Return the largest number that this may be; None where only the least is known."""
        return LEAST - 1 if self.is_small else self.number


@dataclass(frozen=True)
class Line:
    """A list of counts and their total, as the public reads them."""

    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True)
class Split:
    """A list of counts, some of which have a total of their own, as the public reads them."""

    inside: tuple[Cell, ...]
    inside_total: Cell
    outside: tuple[Cell, ...]
    total: int


@dataclass(frozen=True)
class Grid:
    """Counts by row and column with the totals of both, as the public reads them."""

    rows: tuple[tuple[Cell, ...], ...]
    row_totals: tuple[Cell, ...]
    column_totals: tuple[Cell, ...]
    total: int


@dataclass(frozen=True)
class Arc:
    """A count that enters the node `tail` of a table's circulation and leaves at `head`."""

    tail: object
    head: object
    count: int
    is_told: bool = False


@lru_cache(maxsize=64)
def line(counts: tuple[int, ...]) -> Line | None:
    """Return `counts` protected, with their total told; None when nothing of them can be told.

    >>> [cell.number for cell in line((30, 20, 2)).cells]
    [30, None, None]
    """
    arcs = [Arc("in", "out", count) for count in counts]
    told = protect([*arcs, Arc("out", "in", sum(counts), is_told=True)])
    return None if told is None else Line(tuple(told[:-1]), sum(counts))


@lru_cache(maxsize=64)
def grid(rows: tuple[tuple[int, ...], ...], *, tells_columns: bool = False) -> Grid | None:
    """Return the counts of `rows` protected, with the total of all told; None when nothing can be told.

    With `tells_columns` the totals of the columns are known to everybody, so they are told too.
    """
    columns = list(zip(*rows, strict=True))
    arcs = [
        *(Arc(("row", i), ("column", j), n) for i, row in enumerate(rows) for j, n in enumerate(row)),
        *(Arc("in", ("row", i), sum(row)) for i, row in enumerate(rows)),
        *(Arc(("column", j), "out", sum(column), tells_columns) for j, column in enumerate(columns)),
        Arc("out", "in", sum(map(sum, rows)), is_told=True),
    ]
    told = protect(arcs)
    if told is None:
        return None
    cells = iter(told)
    return Grid(
        tuple(_take(cells, len(columns)) for _ in rows),
        _take(cells, len(rows)),
        _take(cells, len(columns)),
        sum(map(sum, rows)),
    )


@lru_cache(maxsize=64)
def split(inside: tuple[int, ...], outside: tuple[int, ...]) -> Split | None:
    """Return counts of which those `inside` have a total of their own, protected; None: nothing can be told.

    >>> told = split((30, 20), (2,))
    >>> [cell.number for cell in told.inside], told.inside_total.number
    ([30, None], None)
    """
    arcs = [
        *(Arc("in", "inside", count) for count in inside),
        Arc("inside", "out", sum(inside)),
        *(Arc("in", "out", count) for count in outside),
        Arc("out", "in", sum(inside) + sum(outside), is_told=True),
    ]
    told = protect(arcs)
    if told is None:
        return None
    cells = iter(told)
    first = _take(cells, len(inside))
    return Split(first, next(cells), _take(cells, len(outside)), sum(inside) + sum(outside))


def _take(cells: Iterator[Cell], number: int) -> tuple[Cell, ...]:
    return tuple(next(cells) for _ in range(number))


# An arc by its place, and whether its count grows (1) or shrinks (-1).
Step = tuple[int, int]
Steps = dict[object, list[tuple[Step, object]]]


def protect(arcs: Sequence[Arc]) -> list[Cell] | None:
    """Return what may be told of each arc; None when even telling nothing else would give a small one away.

    Arcs with `is_told` are known to everybody. Each other count below 5 becomes "fewer than 5", none at all
    too, and as many larger ones "5 or more" as it takes that, for all that is told, each from 1 to 4 can
    still be any number from 0 to 4 (no more, of course, than a total it is part of that everybody knows).
    A count of none may be found out: there is nobody to single out.
    """
    most = [min([LEAST - 1, *_known_totals(arcs, arc)]) for arc in arcs]
    # Below a total of none there is nothing to hide.
    small = [n for n, arc in enumerate(arcs) if arc.count < LEAST and most[n] and not arc.is_told]
    hidden = set(small)
    steps = _steps(arcs)
    for n in (n for n in small if arcs[n].count):
        for amount, is_more in ((most[n] - arcs[n].count, True), (arcs[n].count, False)):
            found = _Doubt(arcs, steps, hidden, n).raise_by(amount, is_more=is_more)
            if found is None:
                return None
            # What is hidden for one only widens what the others can be.
            hidden |= found
    return [
        Cell(None, is_small=arc.count < LEAST) if n in hidden else Cell(arc.count)
        for n, arc in enumerate(arcs)
    ]


def _known_totals(arcs: Iterable[Arc], part: Arc) -> list[int]:
    nodes = {part.tail, part.head}
    return [arc.count for arc in arcs if arc.is_told and nodes & {arc.tail, arc.head}]


def _steps(arcs: Iterable[Arc]) -> Steps:
    """Return from each node the steps along counts that can be hidden, and where they lead."""
    steps: Steps = defaultdict(list)
    for n, arc in enumerate(arcs):
        if not arc.is_told:
            steps[arc.tail].append(((n, 1), arc.head))
            steps[arc.head].append(((n, -1), arc.tail))
    return steps


class _Doubt:
    """Another table that says the same to the public, in which one count differs from the true one."""

    def __init__(self, arcs: Sequence[Arc], steps: Steps, hidden: Set[int], cell: int) -> None:
        self.arcs = arcs
        self.steps = steps
        self.hidden = set(hidden)
        self.cell = cell
        self.change = [0] * len(arcs)

    def raise_by(self, amount: int, *, is_more: bool) -> set[int] | None:
        """Make the count larger or smaller by `amount`; return the arcs to hide for it, None if nothing helps."""
        start, goal = self.arcs[self.cell].head, self.arcs[self.cell].tail
        if not is_more:
            start, goal = goal, start
        while amount:
            path = self._cheapest(start, goal)
            if path is None:
                return None
            flow = min(amount, *(self._room(step) for step in path))
            for n, sign in path:
                self.change[n] += sign * flow
                self.hidden.add(n)
            amount -= flow
        return self.hidden

    def _room(self, step: Step) -> int:
        """Return by how much a hidden count can still change and be written the same."""
        n, sign = step
        arc = self.arcs[n]
        value = arc.count + self.change[n]
        if sign > 0:
            return (LEAST - 1 if arc.count < LEAST else _ENDLESS) - value
        return value - (0 if arc.count < LEAST else LEAST)

    def _cheapest(self, start: object, goal: object) -> list[Step] | None:
        """Return the path from `start` to `goal` that hides the smallest counts besides; None: there is none."""
        costs: dict[object, int] = {start: 0}
        paths: dict[object, list[Step]] = {start: []}
        # The order keeps the heap from comparing nodes.
        order = count(1)
        queue: list[tuple[int, int, object]] = [(0, 0, start)]
        while queue:
            cost, _order, node = heapq.heappop(queue)
            if node == goal:
                return paths[node]
            for step, head in self.steps[node]:
                if step[0] == self.cell or not self._room(step):
                    continue
                dearer = cost + (0 if step[0] in self.hidden else self.arcs[step[0]].count)
                if dearer < costs.get(head, _ENDLESS):
                    costs[head] = dearer
                    paths[head] = [*paths[node], step]
                    heapq.heappush(queue, (dearer, next(order), head))
        return None
