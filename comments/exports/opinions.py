"""Write a choice of opinions, as they stood at a moment, in one of the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from django.db.models import QuerySet

from comments import tally
from comments.exports import columns, copying, csv_file, jsonl_file, reading, xlsx_file
from comments.exports.columns import Cells
from comments.exports.filters import ExportFilter
from comments.models import ExportRecord, Submission
from comments.search import matching
from comments.text.query import Query

Format = ExportRecord.Format


@dataclass(frozen=True)
class Transport:
    """How opinions become bytes, and what browsers are told of them."""

    content_type: str
    write: Callable[[Iterable[Cells], IO[bytes], Any], None]


TRANSPORTS = {
    Format.CSV: Transport("text/csv; charset=utf-8", csv_file.write),
    Format.XLSX: Transport(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_file.write
    ),
    Format.JSONL: Transport("application/jsonl; charset=utf-8", jsonl_file.write),
}


@dataclass(frozen=True)
class Selection:
    """Which opinions a file holds, and how to choose them again.

    `rows` were chosen by what never changes; of these the ones with some values at the moment that `then` is asked for, and
    words that matched the `query` then.
    """

    rows: QuerySet[Submission]
    then: Callable[[datetime], dict[str, set[Any]]] = lambda _at: {}
    query: Query | None = None
    filters: dict[str, Any] = field(default_factory=dict)

    def most(self) -> QuerySet[Submission]:
        """Return what there is to look through, by the words as they are."""
        return matching(self.rows, self.query, audience="public") if self.query else self.rows


def chosen(form: ExportFilter) -> Selection:
    """Return what a valid form chooses."""
    filters = {name: form.data[name] for name in ExportFilter.base_fields if form.data.get(name)}
    status = form.cleaned_data["status"]
    fixed = {"status": {status}} if status else {}
    return Selection(form.lasting(), lambda at: form.changing(at) | fixed, form.cleaned_data["q"], filters)


def ticked(rows: QuerySet[Submission]) -> Selection:
    """Return the opinions that are ticked among `rows`; a file has no place for replies."""
    references = list(
        rows.filter(parent=None).order_by("received_at", "pk").values_list("reference", flat=True)
    )
    return _named(references)


def chosen_before(filters: dict[str, Any]) -> Selection | None:
    """Return what was chosen for an earlier file; None where its filters no longer mean anything."""
    if "references" in filters:
        return _named(filters["references"])
    form = ExportFilter(filters)
    return chosen(form) if form.is_valid() else None


def _named(references: list[str]) -> Selection:
    rows = Submission.objects.filter(reference__in=references)
    return Selection(rows, filters={"references": references})


def write(selection: Selection, at: datetime, form: str, file: IO[bytes]) -> tally.Totals:
    """Write `selection` as of `at` from one snapshot; return how many rows stand where."""
    with csv_file.snapshot():
        if form == Format.CSV and copying.can(at):
            return copying.write(selection.most(), at, selection.then(at), file)
        rows = reading.rows(selection.rows, at, selection.then(at), query=selection.query)
        return write_cells(map(columns.values, rows), at, selection.filters, form, file)


def write_cells(
    cells: Iterable[Cells], at: datetime, filters: dict[str, Any], form: str, file: IO[bytes]
) -> tally.Totals:
    """Write what was read as of `at`; return how many rows stand where."""
    account = tally.Account(list(columns.SUBMISSIONS), "reason_code", "goal_code", "sector", "stance")
    TRANSPORTS[Format(form)].write(account.passing(cells), file, xlsx_file.About(at, filters, account))
    return account.totals
