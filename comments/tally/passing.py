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

    def count(self, name: str, values: Iterable[Any]) -> None:
        """Count rows by what they say in one column, where they pass elsewhere."""
        self.by[name].update(values)

    @property
    def totals(self) -> Totals:
        """Return where those that passed stand."""
        return Totals(**self.by["status"])


class Crossed:
    """How many rows passed, by what they say in several columns together; each row names its columns."""

    def __init__(self, *by: tuple[str, ...]) -> None:
        self.by: dict[tuple[str, ...], Counter[tuple[Any, ...]]] = {names: Counter() for names in by}

    def passing(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield each row, counted."""
        for row in rows:
            for names, counter in self.by.items():
                counter[tuple(row[name] for name in names)] += 1
            yield row
