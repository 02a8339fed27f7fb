"""Store rows, and ask which values stand, by SQL that is spelt once for each process.

Django spells it anew each time, which takes most of the time that a submission takes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connections, models, router

# SQL with marks for values, and these.
Statement = tuple[str, list[Any]]

# SQLite takes 32,766 values in one statement.
_MOST_VALUES = 30_000
# Fields whose values need no adapting; to ask each for nothing takes as long as the statement.
_AS_THEY_ARE = {
    models.BigIntegerField,
    models.BooleanField,
    models.CharField,
    models.ForeignKey,
    models.PositiveSmallIntegerField,
    models.PositiveIntegerField,
    models.TextField,
}


def insert(rows: Sequence[models.Model]) -> None:
    """Store new rows of one model as `bulk_create` does, in one statement, and give them their keys.

    What the database itself fills in is left to it.
    """
    if not rows:
        return
    using = router.db_for_write(type(rows[0]))
    spelt = _spelt(type(rows[0]), using)
    for some, (sql, values) in _inserting(rows, spelt, using):
        with connections[using].cursor() as cursor:
            cursor.execute(f"{sql} {spelt.end}", values)
            for row, (key,) in zip(some, cursor.fetchall(), strict=True):
                row.pk = key
                for name in spelt.filled:
                    # Fetched when somebody asks for it.
                    row.__dict__.pop(name, None)
                row._state.adding, row._state.db = False, using  # noqa: SLF001 - as Django does it


def inserting(rows: Sequence[models.Model]) -> Iterator[Statement]:
    """Yield what stores new rows of one model whose keys nobody asks for, to be sent together with others."""
    if rows:
        using = router.db_for_write(type(rows[0]))
        for _some, statement in _inserting(rows, _spelt(type(rows[0]), using), using):
            yield statement


def send(statements: Iterable[Statement], using: str = "default") -> None:
    """Have statements carried out in their order: by PostgreSQL in one message, whose way takes as long as a small statement."""
    connection, sent = connections[using], list(statements)
    if connection.vendor == "postgresql" and sent:
        sent = [("; ".join(sql for sql, _ in sent), list(chain.from_iterable(values for _, values in sent)))]
    with connection.cursor() as cursor:
        for sql, values in sent:
            cursor.execute(sql, values)


def _inserting(
    rows: Sequence[models.Model], spelt: _Insert, using: str
) -> Iterator[tuple[Sequence[models.Model], Statement]]:
    at_once = _MOST_VALUES // len(spelt.fields)
    for start in range(0, len(rows), at_once):
        some = rows[start : start + at_once]
        values = chain.from_iterable(_values(row, spelt, connections[using]) for row in some)
        yield some, (f"{spelt.head} VALUES {', '.join([spelt.place] * len(some))}", list(values))


def standing(model: type[models.Model], column: str, values: Collection[str], **where: int) -> set[str]:
    """Return those of `values` that stand in a column of any row of `model`, among those `where` others hold a number.

    >>> standing(models.Model, "name", [])
    set()
    """
    if not values:
        return set()
    connection = connections["default"]
    is_postgresql = connection.vendor == "postgresql"
    asked = "unnest(%s::text[]) AS asked(value)" if is_postgresql else "json_each(%s) AS asked"
    more = "".join(f" AND {name} = {number:d}" for name, number in where.items())
    sql = (
        f"SELECT asked.value FROM {asked} WHERE EXISTS (SELECT 1 FROM {model._meta.db_table}"  # noqa: S608 - our own names
        f" WHERE {column} = asked.value{more})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(values) if is_postgresql else json.dumps(list(values))])
        return {value for (value,) in cursor.fetchall()}


def refer_to(row: models.Model, *others: type[models.Model]) -> list[bool]:
    """Tell of each of `others` whether any of its rows refers to `row`; one question instead of one for each."""
    connection = connections[row._state.db or "default"]  # noqa: SLF001 - where it came from
    asked = []
    for other in others:
        (column,) = (
            field.column for field in other._meta.local_concrete_fields if field.related_model is type(row)
        )
        asked.append(f"EXISTS (SELECT 1 FROM {other._meta.db_table} WHERE {column} = %s)")  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}", [row.pk] * len(asked))
        return [bool(found) for found in cursor.fetchone()]


@dataclass(frozen=True)
class _Insert:
    """How an INSERT begins and ends, what stands for a row in it, the fields of that row, and what the database fills in."""

    head: str
    place: str
    end: str
    fields: list[Any]
    relations: list[Any]
    adapted: list[tuple[int, Any]]
    filled: list[str]


@lru_cache
def _spelt(model: type[models.Model], using: str) -> _Insert:
    connection = connections[using]
    quote = connection.ops.quote_name
    every: Any = model._meta.local_concrete_fields
    filled = [field for field in every if field.has_db_default()]
    fields = [field for field in every if not isinstance(field, models.AutoField) and field not in filled]
    (key,) = (field for field in every if field.primary_key)
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(
        field.get_placeholder(None, None, connection) if hasattr(field, "get_placeholder") else "%s"
        for field in fields
    )
    return _Insert(
        f"INSERT INTO {quote(model._meta.db_table)} ({columns})",
        f"({places})",
        f"RETURNING {quote(key.column)}",
        fields,
        [field for field in fields if field.is_relation],
        [(place, field) for place, field in enumerate(fields) if type(field) not in _AS_THEY_ARE],
        [field.attname for field in filled],
    )


def _values(row: models.Model, spelt: _Insert, connection: Any) -> list[Any]:
    for field in spelt.relations:
        other = field.get_cached_value(row, default=None)
        if other and getattr(row, field.attname) != other.pk:
            # It was stored, and numbered, after it was set.
            setattr(row, field.name, other)
    values = [getattr(row, field.attname) for field in spelt.fields]
    for place, field in spelt.adapted:
        values[place] = field.get_db_prep_save(field.pre_save(row, True), connection)
    return values
