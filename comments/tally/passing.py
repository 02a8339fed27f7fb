"""Count rows while they pass by, on their way into a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from comments.tally.opinions import Totals


class Account:
    """How many rows passed, by what they say in each of the columns `by`."""

    def __init__(self, *by: str) -> None:
        self.by: dict[str, Counter[Any]] = {name: Counter() for name in ("status", *by)}

    def passing(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield each row, counted."""
        for row in rows:
            for name, counter in self.by.items():
                counter[row[name]] += 1
            yield row

    @property
    def totals(self) -> Totals:
        """Return where those that passed stand."""
        return Totals(**self.by["status"])
