"""Counts of the rows of an imported file."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from comments.models import ImportBatch, ImportRow


@dataclass(frozen=True)
class Fates:
    """How many rows of a file have each fate; `told` of them have something to tell."""

    by_fate: dict[str, int]
    told: int
    to_add: int

    @property
    def rows(self) -> int:
        """Return the number of rows; that it is the sum is the promise."""
        return sum(self.by_fate.values())

    @property
    def handled(self) -> int:
        """Return how many of the rows have been dealt with."""
        return self.rows - self.to_add


def import_fates(batch: ImportBatch) -> Fates:
    """Count the rows of `batch` by what will or did become of them."""
    rows = ImportRow.objects.filter(batch=batch).order_by()
    counted = rows.values("fate").annotate(rows=Count("pk"), told=Count("pk", filter=Q(has_notes=True)))
    found = {row["fate"]: (row["rows"], row["told"]) for row in counted}
    by_fate = {fate.value: found.get(fate.value, (0, 0))[0] for fate in ImportRow.Fate}
    twins = by_fate[ImportRow.Fate.TWIN] if batch.takes_twins else 0
    to_add = by_fate[ImportRow.Fate.ADD] + twins
    return Fates(by_fate, sum(told for _rows, told in found.values()), to_add)
