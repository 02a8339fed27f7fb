"""Write rows as CSV: UTF-8 with BOM, CRLF, one header row."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from django.db import connections, router, transaction

from comments.exports import columns
from comments.exports.columns import Cells
from comments.models import Submission

_GUARDED = tuple(sign.encode() for sign in (*columns.DANGEROUS, columns.GUARD))
_TEXTS, _MOMENTS = columns.places("text"), columns.places("moment")


@contextmanager
def snapshot() -> Iterator[None]:
    """Read the database as of one moment: every SELECT inside sees the same rows.

    On SQLite the transaction is opened by hand because Django's would be IMMEDIATE, and a long
    export would keep everybody from writing. Inside another transaction, that one is used. It is of the database that
    is read: the replica where a view may be old.
    """
    using = router.db_for_read(Submission)
    connection = connections[using]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(using), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def write(rows: Iterable[Cells], file: IO[bytes], _about: object = None) -> None:
    """Write opinions as the CSV of the contract."""
    write_header(tuple(columns.SUBMISSIONS), file)
    write_rows([map(_line, rows)], file)


def _line(cells: Cells) -> Cells:
    line = list(cells)
    for place in _TEXTS:
        if text := line[place]:
            line[place] = columns.guard(text)
    for place in _MOMENTS:
        if moment := line[place]:
            line[place] = columns.local(moment).isoformat(timespec="seconds")
    return line


def cell(text: bytes | None) -> bytes:
    """Return the bytes that `write` makes of a text: guarded, and in quotes where it needs them.

    >>> cell(b"=1+1"), cell(b"this, that"), cell(None)
    (b"'=1+1", b'"this, that"', b'')
    """
    if not text:
        return b""
    if text.startswith(_GUARDED):
        text = columns.GUARD.encode() + text
    if b'"' in text or b"," in text or b"\n" in text or b"\r" in text:
        return b'"%b"' % text.replace(b'"', b'""')
    return text


def write_header(names: Sequence[str], file: IO[bytes]) -> None:
    """Write the byte order mark and the header row."""
    file.write(codecs.BOM_UTF8 + ",".join(names).encode() + b"\r\n")


def write_table(lines: Iterable[Sequence[object]], file: IO[bytes]) -> int:
    """Write a table of names and numbers whose first line is its header; return the number of the other lines."""
    file.write(codecs.BOM_UTF8)
    safe = [[columns.guard(cell) if isinstance(cell, str) else cell for cell in line] for line in lines]
    return write_rows([safe], file) - 1


def write_rows(batches: Iterable[Iterable[Sequence[object]]], file: IO[bytes]) -> int:
    """Write batches of rows to `file`; return the number of rows."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    count = 0
    for batch in batches:
        for row in batch:
            writer.writerow(row)
            count += 1
    text.detach()
    return count
