"""Make a file of opinions and note that it left: the register of exports, and what a file can be checked by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, cast

from django.db import transaction

from comments import tally
from comments.exports import columns, moments, opinions
from comments.exports.growing import Growing
from comments.exports.opinions import Selection
from comments.models import ExportRecord

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

STATUSES = ("published", "pending", "rejected", "withdrawn")
_PIECE = 1 << 20


class ChangedError(Exception):
    """A file can't be made again as it was."""


@dataclass(frozen=True)
class Order:
    """What is asked for, by whom, and what for."""

    selection: Selection
    form: str
    door: str
    actor: User | None = None
    purpose: str = ""
    at: datetime | None = None


def carry_out(
    order: Order,
    file: IO[bytes],
    *,
    expected: str = "",
    deliver: Callable[[ExportRecord], None] = lambda _record: None,
) -> ExportRecord:
    """Write what is ordered to `file`, and note it once it is whole, and delivered.

    Raises moments.UnsettledError, xlsx_file.TooManyRowsError, OSError for a full disk, and ChangedError for another
    SHA-256 than the `expected`; then nothing is noted.
    """
    at = moments.settle(order.at)
    if order.form == ExportRecord.Format.XLSX:
        totals = opinions.write(order.selection, at, order.form, file)
        return note(order, at, totals, file, expected=expected, deliver=deliver)
    with Growing(file) as growing:
        whole = cast("IO[bytes]", growing)
        totals = opinions.write(order.selection, at, order.form, whole)
        return note(order, at, totals, whole, expected=expected, deliver=deliver)


def note(
    order: Order,
    at: datetime,
    totals: tally.Totals,
    file: IO[bytes],
    *,
    expected: str = "",
    deliver: Callable[[ExportRecord], None] = lambda _record: None,
) -> ExportRecord:
    """Note a whole file, and have it delivered: both or neither. Raises ChangedError."""
    file.flush()
    sha256 = digest(file)
    if expected not in ("", sha256):
        raise ChangedError
    with transaction.atomic():
        record = ExportRecord.objects.create(
            actor=order.actor,
            door=order.door,
            purpose=order.purpose,
            filters=order.selection.filters,
            as_of=at,
            format=order.form,
            schema_version=columns.SCHEMA_VERSION,
            rows=totals.received,
            **asdict(totals),
            size=file.tell(),
            sha256=sha256,
        )
        deliver(record)
    return record


def repeat(record: ExportRecord, file: IO[bytes], *, actor: User) -> ExportRecord:
    """Write the file of `record` again, and note that it left again.

    Raises ChangedError when it would be another file, and what `carry_out` raises.
    """
    selection = opinions.chosen_before(record.filters)
    if selection is None or record.schema_version != columns.SCHEMA_VERSION:
        raise ChangedError
    order = Order(selection, record.format, ExportRecord.Door.AGAIN, actor, record.purpose, at=record.as_of)
    return carry_out(order, file, expected=record.sha256)


def belonging_to(file: IO[bytes]) -> QuerySet[ExportRecord]:
    """Return the records of just these bytes, the first first; none for a file that we did not make, or was changed."""
    return ExportRecord.objects.filter(sha256=digest(file)).order_by("pk")


def digest(file: IO[bytes]) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits, and leave it at its end."""
    if isinstance(file, Growing):
        return file.hexdigest()
    file.seek(0)
    sha256 = hashlib.sha256()
    while piece := file.read(_PIECE):
        sha256.update(piece)
    return sha256.hexdigest()


def manifest(record: ExportRecord) -> bytes:
    """Return, as JSON, what the register says of a file: to be kept beside it."""
    told = {
        "export": record.pk,
        "made_at": _iso(record.made_at),
        "made_by": record.actor.get_username() if record.actor else None,
        "way": record.door,
        "purpose": record.purpose,
        "as_of": _iso(record.as_of),
        "filters": record.filters,
        "format": record.format,
        "schema_version": record.schema_version,
        "columns": list(columns.SUBMISSIONS),
        "rows": record.rows,
        "rows_by_status": {status: getattr(record, status) for status in STATUSES},
        "bytes": record.size,
        "sha256": record.sha256,
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"


def _iso(moment: datetime) -> str:
    return columns.local(moment).isoformat()
