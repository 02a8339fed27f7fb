"""What became of the opinions of each sector or month, as the public may read it: nobody is singled out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from comments import disclosure
from comments.disclosure import Cell
from comments.tally.opinions import Totals

# None at all is written like a few.
FEW = Cell(None, is_small=True)


@dataclass(frozen=True)
class Outcome:
    """What became of the opinions of one group; None where a number can't be told.

    `unpublished` holds those that wait, those not published and those withdrawn.
    """

    received: int | None
    published: Cell | None
    unpublished: tuple[Cell, ...]


def outcomes(counts: Sequence[Totals], published: Sequence[Cell] | None) -> list[Outcome]:
    """Return what may be told of groups whose numbers are `counts`, and of the `published` among them.

    What is published anybody can count in the list. So what is not published is protected for itself: for
    one who knows the other number, too.
    """
    if len(counts) == 1:
        # The only group is all of them, and that is told.
        (one,) = counts
        unpublished = tuple(map(Cell, (one.pending, one.rejected, one.withdrawn)))
        return [Outcome(one.received, Cell(one.published), unpublished)]
    others = disclosure.grid(
        tuple((each.pending, each.rejected, each.withdrawn) for each in counts), tells_columns=True
    )
    found = []
    for number in range(len(counts)):
        told = published[number] if published else None
        unpublished = others.rows[number] if others else ()
        other = others.row_totals[number].number if others else None
        both = told.number if told else None
        received = both + other if both is not None and other is not None else None
        found.append(Outcome(received, told, unpublished))
    return found


def by_month(counts: dict[date, int]) -> dict[date, Cell]:
    """Return what may be told of published opinions by month, every month between the first and the last in it.

    Empty when nothing can be told. Every page asks here: two tables of which each hides other numbers would
    give them away together.
    """
    months = list(every_month(sorted(month for month, number in counts.items() if number)))
    line = disclosure.line(tuple(counts.get(month, 0) for month in months))
    return dict(zip(months, line.cells, strict=True)) if line else {}


def every_month(found: Sequence[date]) -> Iterator[date]:
    """Yield the first day of every month from the first to the last of `found`."""
    month = found[0] if found else date.max
    while found and month <= found[-1]:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
