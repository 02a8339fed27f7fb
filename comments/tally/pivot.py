"""Opinions counted by any one thing or two: the planner's own table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from comments.models import Submission
from comments.tally.axes import AXES, Axis, Head
from comments.tally.grouped import grouped
from comments.tally.opinions import heard

OPINIONS, TEXTS = "opinions", "texts"


@dataclass(frozen=True)
class Pivot:
    """Numbers by the key of a row and of a column, and for each row, each column and all.

    Only rows and columns under which something is counted. Unless `is_sum`, the totals are counted by
    themselves, because the same text or opinion stands in several cells.
    """

    rows: list[Head]
    columns: list[Head]
    cells: Mapping[tuple[Any, ...], int]
    row_totals: Mapping[Any, int]
    column_totals: Mapping[Any, int]
    total: int
    is_sum: bool

    def number(self, row: Head, column: Head) -> int:
        """Return the number in a cell."""
        return self.cells.get((row.key, column.key), 0)


def pivot(rows: QuerySet[Submission], down: str, across: str = "", measure: str = OPINIONS) -> Pivot:
    """Return the count of `rows` by the axis `down`, and by the axis `across` unless it is empty.

    The measure is opinions, or texts: then a campaign counts once in each cell and in each total. What is
    summed is asked in one question.
    """
    axes = [AXES[name] for name in (down, across) if name]
    cells = _counts(rows, measure, *axes)
    is_sum = measure == OPINIONS and all(axis.is_exclusive for axis in axes)

    def totals(place: int) -> Mapping[Any, int]:
        if is_sum:
            return _summed(cells, place)
        return {key: number for (key,), number in _counts(rows, measure, axes[place]).items()}

    row_totals, column_totals = totals(0), totals(1) if across else {}
    return Pivot(
        _occurring(axes[0], row_totals),
        _occurring(axes[1], column_totals) if across else [],
        cells,
        row_totals,
        column_totals,
        sum(cells.values()) if is_sum else getattr(heard(rows), measure),
        is_sum,
    )


def _counts(rows: QuerySet[Submission], measure: str, *axes: Axis) -> dict[tuple[Any, ...], int]:
    counted = grouped(rows, *(axis.key() for axis in axes), texts=measure == TEXTS)
    return {line[: len(axes)]: line[-1] for line in counted}


def _summed(cells: Mapping[tuple[Any, ...], int], place: int) -> Mapping[Any, int]:
    found: Counter[Any] = Counter()
    for keys, number in cells.items():
        found[keys[place]] += number
    return found


def _occurring(axis: Axis, keys: Collection[Any]) -> list[Head]:
    return [head for head in axis.heads(keys) if head.key in keys]
