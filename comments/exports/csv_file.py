"""Write a queryset of tuples as CSV: UTF-8 with BOM, CRLF, one header row.

Both transports work in constant memory and give the same bytes: COPY on PostgreSQL, a plain cursor
with the csv module on SQLite.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import QuerySet

_BATCH = 2_000


@contextmanager
def snapshot() -> Iterator[None]:
    """Read the database as of one moment: every SELECT inside sees the same rows.

    On SQLite the transaction is opened by hand because Django's would be IMMEDIATE, and a long
    export would keep everybody from writing. Inside another transaction, that one is used.
    """
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
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def write(header: Sequence[str], rows: QuerySet[Any, Any], file: IO[bytes]) -> int:
    """Write `header` and `rows` (from `values_list`) to `file`; return the number of rows."""
    write_header(header, file)
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _copy(cursor.cursor, sql, params, file)
        cursor.execute(sql, params)
        return write_rows(iter(lambda: cursor.fetchmany(_BATCH), []), file)


def write_header(names: Sequence[str], file: IO[bytes]) -> None:
    """Write the byte order mark and the header row."""
    file.write(codecs.BOM_UTF8 + ",".join(names).encode() + b"\r\n")


def write_rows(batches: Iterable[Iterable[Sequence[object]]], file: IO[bytes]) -> int:
    """Write batches of rows to `file`; return the number of rows."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    count = 0
    for batch in batches:
        rows = list(batch)
        writer.writerows(rows)
        count += len(rows)
    text.detach()
    return count


def _copy(cursor: Any, sql: str, params: Sequence[object], file: IO[bytes]) -> int:
    copy = b"COPY (" + cursor.mogrify(sql, params) + b") TO STDOUT WITH (FORMAT csv)"
    lines = _Crlf(file)
    cursor.copy_expert(copy, lines)
    return lines.count


class _Crlf:
    """Give COPY's rows the line end of the contract.

    libpq hands over exactly one row a call, so the last byte is the row's own line feed, never one
    inside a quoted text.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.count = 0

    def write(self, row: bytes) -> int:
        self.count += 1
        self._file.write(row[:-1] + b"\r\n")
        return len(row)
