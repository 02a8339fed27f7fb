"""Count opinions by any of their columns, from an index alone where one holds what is asked.

SQLite groups at once only in the order of an index; for anything else it sorts all rows. So there the rows are counted by the
leading columns of an index first, in its order, and these fewer counts are added up by what is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connections
from django.db.models import Count, DateField, Func, IntegerField, Q, QuerySet, Sum
from django.db.models.expressions import Col, Combinable, RawSQL
from django.db.models.functions import Coalesce, TruncMonth
from django.db.models.sql.datastructures import BaseTable

from comments.models import Submission

_TABLE = Submission._meta.db_table
_COLUMNS = {field.name: str(field.column) for field in Submission._meta.concrete_fields}
# By these SQLite counts, the smaller first; each holds the parent, by which replies are left out.
_INDEXES = {
    index.name: [_COLUMNS[name] for name in index.fields]
    for index in Submission._meta.indexes
    if index.name in {"submission_of_plan", "submission_counted"}
}


def grouped(rows: QuerySet[Submission], *keys: Any, texts: bool = False) -> QuerySet[Submission, Any]:
    """Return what counts `rows` by `keys`, names or expressions: the keys, the number and, if asked for, the `texts`.

    Of texts it counts the different ones, when a campaign counts as one.
    """
    plain = rows.order_by().values_list(*keys).annotate(n=Count("*"))
    plain = plain.annotate(texts=different_texts()) if texts else plain
    query = plain.query
    joined = {alias for alias, times in query.alias_refcount.items() if times}
    if joined != {_TABLE} or query.is_empty() or query.is_sliced or query.distinct or query.combinator:
        return plain
    asked = _columns([*query.select, *_keys(query)]) | ({"campaign_id"} if texts else set())
    index, columns = _leading(asked, asked | _columns([query.where]))
    if connections[rows.db].vendor == "sqlite":
        return _added_up(rows, keys, columns, texts=texts, index=index) if index else plain
    # PostgreSQL follows the order only where it has to compare nothing else; to tell texts apart it would sort all rows.
    if texts or set(columns) == asked:
        return _added_up(rows, keys, columns if set(columns) == asked else sorted(asked), texts=texts)
    return plain


class _Month(TruncMonth):
    """The month in Bangkok; on SQLite without a call of Python for each row."""

    def as_sqlite(self, compiler: Any, connection: Any, **_extra_context: Any) -> tuple[str, Any]:  # noqa: ARG002
        moment, params = compiler.compile(self.lhs)
        # Without the parts of a second, which SQLite would round.
        return f"STRFTIME('%%Y-%%m-01', SUBSTR({moment}, 1, 19), '+7 hours')", params


def month() -> _Month:
    """Return the key by which opinions are counted by the month of their receipt in Bangkok, named by its first day."""
    return _Month("received_at", output_field=DateField())


def different_texts() -> Combinable:
    """Return what counts the different texts of a group of rows when a campaign counts as one."""
    return Count("pk", filter=Q(campaign=None)) + Count("campaign", distinct=True)


def _keys(query: Any) -> list[Any]:
    return [one for name, one in query.annotation_select.items() if name not in {"n", "texts"}]


def _columns(expressions: Iterable[Any]) -> set[str]:
    """Return the columns of our table that `expressions` read."""
    return {str(each.target.column) for each in _leaves(expressions) if each.alias == _TABLE}


def _leaves(expressions: Iterable[Any]) -> Iterator[Col]:
    for each in expressions:
        if isinstance(each, Col):
            yield each
        elif each is not None:
            yield from _leaves(each.get_source_expressions())


def _leading(asked: set[str], needed: set[str]) -> tuple[str, list[str]]:
    """Return the first index that holds all that is `needed`, and its columns to the last that is `asked`; else nothing."""
    for index, columns in _INDEXES.items():
        if needed <= set(columns):
            last = max(columns.index(name) for name in asked)
            return index, columns[: last + 1]
    return "", []


class _Counts(BaseTable):
    """In the place of the table: its rows counted by some of its columns, as `_n`."""

    def __init__(self, rows: QuerySet[Submission], columns: Iterable[str], index: str) -> None:
        super().__init__(_TABLE, _TABLE)
        self.counted = rows.order_by().values_list(*columns).annotate(_n=Count("*"))
        if index:
            query = self.counted.query
            query.alias_map[_TABLE] = _ByIndex(_TABLE, index)
            query.where = query.where.replace_expressions(
                {column: _Unordered(column) for column in _leaves([query.where])}
            )

    def as_sql(self, _compiler: Any, connection: Any) -> tuple[str, Any]:
        sql, params = self.counted.query.get_compiler(connection=connection).as_sql()
        return f'({sql}) AS "{_TABLE}"', params


class _Unordered(Func):
    """A column in a condition: SQLite no longer sees the order of an index once one of its columns is held to a value."""

    template = "+%(expressions)s"
    arity = 1


class _ByIndex(BaseTable):
    """The table, read by an index that SQLite would not always choose."""

    def __init__(self, table: str, index: str) -> None:
        super().__init__(table, table)
        self.index = index

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        sql, params = super().as_sql(compiler, connection)
        return f'{sql} INDEXED BY "{self.index}"', params


def _added_up(
    rows: QuerySet[Submission], keys: tuple[Any, ...], columns: Iterable[str], *, texts: bool, index: str = ""
) -> QuerySet[Submission, Any]:
    """Return `rows` counted by `columns`, and these counts added up by `keys`."""
    number = RawSQL("CAST(_n AS integer)", (), output_field=IntegerField())
    found = Submission.everything.using(rows.db).order_by().values_list(*keys).annotate(n=Sum(number))
    if texts:
        alone = Coalesce(Sum(number, filter=Q(campaign=None)), 0)
        found = found.annotate(texts=alone + Count("campaign", distinct=True))
    found.query.alias_map[_TABLE] = _Counts(rows, columns, index)
    return found
