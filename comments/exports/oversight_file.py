"""The moderation report as CSV: one number a row, named by what it measures and of what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from comments.disclosure import LEAST, Cell
from comments.exports import columns, csv_file
from comments.tally import Agreement, Appeals, Oversight, Reported, Waits

ALL = "all"
Line = tuple[str, str, object]


@dataclass(frozen=True)
class Month:
    """What the public may read of a month, named by its first day; None and no times: not told.

    `unpublished` holds those that wait, those not published and those withdrawn.
    """

    first_day: date
    received: int | None
    published: Cell | None
    unpublished: tuple[Cell, ...]
    waits: Waits


def write(report: Oversight, months: list[Month]) -> bytes:
    """Return the report, with what may be told of its months, as a whole file."""
    file = BytesIO()
    csv_file.write_header(columns.OVERSIGHT, file)
    csv_file.write_rows([list(_lines(report, months))], file)
    return file.getvalue()


def hours(time: timedelta | None) -> str:
    """Return a time in hours, with one decimal; empty for none.

    >>> hours(timedelta(minutes=90)), hours(timedelta(days=2)), hours(None)
    ('1.5', '48.0', '')
    """
    return "" if time is None else f"{time / timedelta(hours=1):.1f}"


def told(cell: Cell | int | None) -> str:
    """Return a number as the file writes it; empty for one of which nothing is told.

    >>> told(Cell(7)), told(Cell(None, is_small=True)), told(Cell(None)), told(None)
    ('7', '<5', '>=5', '')
    """
    number = cell.number if isinstance(cell, Cell) else cell
    if number is not None:
        return str(number)
    if not isinstance(cell, Cell):
        return ""
    return f"<{LEAST}" if cell.is_small else f">={LEAST}"


def _lines(report: Oversight, months: list[Month]) -> Iterator[Line]:
    totals = report.totals
    yield "received", ALL, totals.received
    yield "published", ALL, totals.published
    yield "pending", ALL, totals.pending
    yield "rejected", ALL, totals.rejected
    yield "withdrawn", ALL, totals.withdrawn
    for code, number in report.reasons.items():
        yield "rejected", code, number
    yield "timed", ALL, report.waits.number
    yield from _times(ALL, report.waits)
    yield from _appeals(report.appeals)
    yield from _reported(report.reported)
    yield from _agreement(report.agreement)
    for month in months:
        yield from _month(month)


def _month(month: Month) -> Iterator[Line]:
    of = f"{month.first_day:%Y-%m}"
    yield "received", of, told(month.received)
    yield "published", of, told(month.published)
    for measure, cell in zip(("pending", "rejected", "withdrawn"), month.unpublished, strict=False):
        yield measure, of, told(cell)
    yield from _times(of, month.waits)


def _times(of: str, waits: Waits) -> Iterator[Line]:
    yield "median_hours", of, hours(waits.median)
    yield "ninetieth_hours", of, hours(waits.ninetieth)


def _appeals(found: Appeals) -> Iterator[Line]:
    yield "appeals", ALL, found.lodged
    yield "appeals_granted", ALL, found.granted
    yield "appeals_upheld", ALL, found.upheld
    yield "appeals_pending", ALL, found.pending


def _reported(found: Reported) -> Iterator[Line]:
    yield "reports", ALL, found.received
    yield "reports_withheld", ALL, found.withheld
    yield "reports_covered", ALL, found.covered
    yield "reports_left", ALL, found.left
    yield "reports_erased", ALL, found.erased
    yield "reports_waiting", ALL, found.waiting


def _agreement(found: Agreement) -> Iterator[Line]:
    yield "double_checked", ALL, found.number
    yield "double_checked_same", ALL, found.same
    yield "kappa", ALL, "" if found.kappa is None else f"{found.kappa:.2f}"
