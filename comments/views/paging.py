"""Pages by key: a page starts after the last row of the page before, however many rows there are."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.http import Http404

from comments import statements
from comments.models import Submission
from comments.models.submissions import SubmissionQuerySet

SIZE = 20
# The column that leads, and whether the largest comes first; the primary key breaks ties.
ORDERS = {
    "newest": ("received_at", True),
    "oldest": ("received_at", False),
    "agreed": ("agree_count", True),
    "discussed": ("reply_count", True),
}
# Of what a search found: the same orders, as its index gives them without sorting.
_COLUMNS = ORDERS | {
    "found-newest": ("search_position", True),
    "found-oldest": ("search_position", False),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
# The order that no column has: by how good a hit is.
RANKED = "best"
# Letters, digits, ~ . _ and - only: a cursor survives in an address as it is.
_signer = Signer(salt="comments.paging", sep=".")


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursor of the page after them; empty on the last page."""

    rows: list[Submission]
    next_cursor: str


def page(
    rows: SubmissionQuerySet | Callable[[], SubmissionQuerySet],
    sort: str,
    cursor: str,
    size: int | None = None,
    key: Hashable = None,
) -> Page:
    """Return the page of `rows` that follows `cursor`; the first one for an empty cursor.

    Rows that are asked for often are given as what makes them, with the `key` that `statements.fetch` asks for.
    Raises Http404 for a cursor that we did not make for this order.
    """
    most = size or SIZE

    def following(*after: Any) -> SubmissionQuerySet:
        found = ordered(rows() if callable(rows) else rows, sort)
        return (found.filter(_after(*_COLUMNS[sort], *after)) if after else found)[: most + 1]

    start = _open(sort, cursor) if cursor else ()
    found = statements.fetch(Submission, following, None if key is None else (key, sort, most), *start)
    shown = found[:most]
    return Page(shown, _seal(sort, shown[-1]) if len(found) > most else "")


def ranked_page(rows: SubmissionQuerySet, keys: list[int], cursor: str) -> Page:
    """Return the page of `rows` in the order of `keys` that follows `cursor`; the first one for an empty cursor.

    A cursor names the last row shown and its place. It holds by the row, wherever that stands by now; only when the
    row is gone, by the place. Raises Http404 for a cursor that we did not make for this order.
    """
    start = _place_after(keys, *_unsigned(RANKED, cursor)) if cursor else 0
    end = start + SIZE
    found = rows.in_bulk(keys[start:end])
    shown = [found[key] for key in keys[start:end] if key in found]
    return Page(shown, _signed(RANKED, end - 1, keys[end - 1]) if end < len(keys) else "")


def _place_after(keys: list[int], place: int, key: int) -> int:
    return keys.index(key) + 1 if key in keys else place


def ordered(rows: SubmissionQuerySet, sort: str) -> SubmissionQuerySet:
    """Return `rows` in one of the orders."""
    column, descending = _COLUMNS[sort]
    sign = "-" if descending else ""
    return rows.order_by(f"{sign}{column}", f"{sign}id")


def _after(column: str, descending: bool, value: Any, pk: int) -> Q:
    """Return the condition in a form that an index on (column, id) can serve as one range."""
    beyond = "lt" if descending else "gt"
    return Q(**{f"{column}__{beyond}e": value}) & (
        Q(**{f"{column}__{beyond}": value}) | Q(**{f"id__{beyond}": pk})
    )


def _seal(sort: str, row: Submission) -> str:
    value = getattr(row, _COLUMNS[sort][0])
    written = (value - _EPOCH) // _TICK if isinstance(value, datetime) else value
    return _signed(sort, written, row.pk)


def _open(sort: str, cursor: str) -> tuple[Any, int]:
    value, pk = _unsigned(sort, cursor)
    return (_EPOCH + value * _TICK if _COLUMNS[sort][0] == "received_at" else value), pk


def _signed(sort: str, value: int, pk: int) -> str:
    return _signer.sign(f"{sort}~{value}~{pk}")


def _unsigned(sort: str, cursor: str) -> tuple[int, int]:
    try:
        made_for, written, pk = _signer.unsign(cursor).split("~")
    except (BadSignature, UnicodeError):
        raise Http404("unknown cursor") from None
    if made_for != sort:
        raise Http404("the cursor belongs to another order")
    return int(written), int(pk)
