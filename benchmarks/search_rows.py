"""Fill a database with submissions and their search entries, many at a time and past the application."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from comments.models import Plan, SearchEntry, Sector, Submission, search
from comments.text import keys, words
from comments.text.normalise import normalise

BATCH = 5_000


def fill(bodies: Iterable[str]) -> dict[str, float]:
    """Insert `bodies`, four of five published, build the index, and return the seconds that each took."""
    began = time.perf_counter()
    _drop_index()
    plan, sector = Plan.objects.current(), Sector.objects.first()
    said = {"channel": "web", "about": "goals", "kind": "opinion", "language": "th", "lot": 0}
    like = Submission(plan=plan, sector=sector, **said)
    texts = iter(bodies)
    number = 0
    while batch := list(islice(texts, BATCH)):
        rows = [_row(n, body, plan.opens_at) for n, body in enumerate(batch, number + 1)]
        _insert(like, rows)
        _insert(SearchEntry(scope="everybody", version=words.version(), leaves=()), map(_entry, rows))
        number += len(batch)
    filled = time.perf_counter()
    search.install()
    built = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"rows": filled - began, "index": built - filled}


def _drop_index() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP INDEX {search.FTS_TABLE}")
        else:
            # These rows are nobody's, so nothing waits for the disk.
            cursor.execute("PRAGMA synchronous=OFF")
            for event in ("insert", "update", "delete"):
                cursor.execute(f"DROP TRIGGER {search.FTS_TABLE}_{event}")
            cursor.execute(f"DROP TABLE {search.FTS_TABLE}")


def _row(number: int, body: str, opens_at: datetime) -> dict[str, Any]:
    is_published = number % 5 > 0
    received_at = opens_at + timedelta(seconds=3 * number)
    return {
        "id": number,
        "reference": f"67-{number:09}",
        "idempotency_hash": str(number),
        "received_at": received_at,
        "moderated_at": received_at if is_published else None,
        "status": "published" if is_published else "pending",
        "body": body,
    }


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    text = normalise(row["body"])
    return {
        "position": search.position_of(row["received_at"], row["id"]),
        "submission_id": row["id"],
        "text": text,
        "leaves": _keys(text),
    }


def _keys(text: str) -> Iterator[str]:
    """Yield the keys of a text, from those of its runs without spaces and the pairs that reach over spaces."""
    before = ""
    for run in text.split(" "):
        found, head, tail = _run(run)
        yield from found
        if found and before:
            yield keys.pair(f"{before} {head}")
        before = tail if found else before and f"{before} {run}"


@lru_cache(maxsize=200_000)
def _run(run: str) -> tuple[tuple[str, ...], str, str]:
    """Return the keys of a text without spaces, and it up to its first leaf and from its last; no leaf holds a space."""
    spans = list(words.leaf_spans(run))
    return (tuple(keys.keys(run)), run[: spans[0].end], run[spans[-1].start :]) if spans else ((), "", "")


def _insert(like: models.Model, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows that are `like` the given one but for the columns that they name."""
    fields = like._meta.concrete_fields
    shared = [field.get_db_prep_save(getattr(like, field.attname), connection) for field in fields]
    values = [
        [
            field.get_db_prep_save(row[field.attname], connection) if field.attname in row else value
            for field, value in zip(fields, shared, strict=True)
        ]
        for row in rows
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(_place(field) for field in fields)
    into = f'INSERT INTO "{like._meta.db_table}" ({columns}) VALUES '  # noqa: S608 - names of our own
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from psycopg2.extras import execute_values  # noqa: PLC0415

            execute_values(cursor.cursor, f"{into} %s", values, f"({places})", page_size=500)
        else:
            cursor.executemany(f"{into} ({places})", values)


def _place(field: Any) -> str:
    return field.get_placeholder(None, None, connection) if hasattr(field, "get_placeholder") else "%s"


def size() -> dict[str, float]:
    """Return the megabytes of the entries and of the index of their leaves."""
    table = SearchEntry._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_table_size(%s), pg_relation_size(%s)", [table, search.FTS_TABLE])
        else:
            cursor.execute(
                "SELECT sum(pgsize) FILTER (WHERE name = %s), sum(pgsize) FILTER (WHERE name LIKE %s) FROM dbstat",
                [table, f"{search.FTS_TABLE}%"],
            )
        entries, index = cursor.fetchone()
    return {"entries": float(entries) / 1e6, "index": float(index) / 1e6}
