"""Count rows while they pass by, on their way into a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from comments.tally.opinions import Totals


class Account:
    """How many rows of `columns` passed, by what they say in each of the columns `by`."""

    def __init__(self, columns: Sequence[str], *by: str) -> None:
        self.by: dict[str, Counter[Any]] = {name: Counter() for name in ("status", *by)}
        self._places = [(columns.index(name), counter) for name, counter in self.by.items()]

    def passing(self, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
        """Yield each row, counted."""
        for row in rows:
            for place, counter in self._places:
                counter[row[place]] += 1
            yield row

    @property
    def totals(self) -> Totals:
        """Return where those that passed stand."""
        return Totals(**self.by["status"])
