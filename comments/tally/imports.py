"""Counts of the rows of an imported file."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from comments.models import ImportBatch, ImportRow


@dataclass(frozen=True)
class Fates:
    """How many rows of a file have each fate; `told` of them have something to tell.

    Of those `to_add`, `worked_out` only wait for the moment in which all are added at once.
    """

    by_fate: dict[str, int]
    told: int
    to_add: int
    worked_out: int = 0

    @property
    def rows(self) -> int:
        """Return the number of rows; that it is the sum is the promise."""
        return sum(self.by_fate.values())

    @property
    def handled(self) -> int:
        """Return how many of the rows have been dealt with."""
        return self.rows - self.to_add + self.worked_out


def import_fates(batch: ImportBatch) -> Fates:
    """Count the rows of `batch` by what will or did become of them."""
    rows = ImportRow.objects.filter(batch=batch).order_by()
    counted = rows.values("fate").annotate(
        rows=Count("pk"),
        told=Count("pk", filter=Q(has_notes=True)),
        reached=Count("pk", filter=Q(number__lte=batch.worked_to)),
    )
    found = {row["fate"]: row for row in counted}
    by_fate = {fate.value: found[fate]["rows"] if fate in found else 0 for fate in ImportRow.Fate}
    fates = {ImportRow.Fate.ADD, *({ImportRow.Fate.TWIN} if batch.takes_twins else ())} & found.keys()
    return Fates(
        by_fate,
        told=sum(row["told"] for row in found.values()),
        to_add=sum(found[fate]["rows"] for fate in fates),
        worked_out=sum(found[fate]["reached"] for fate in fates),
    )
