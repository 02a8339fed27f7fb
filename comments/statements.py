"""Statements that are written down once: the ORM takes longer to write one than the database to answer it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, models, router
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

from comments import remembering

Row = TypeVar("Row", bound=models.Model)
Value = int | datetime

# So many for a state of the reference rows and a language; each takes some 20 kB.
MOST = 500
# What a statement is written with where a value belongs: fits every column, and no row of ours has it.
_NUMBERS = 2_147_480_000
_MOMENT = datetime(1011, 1, 11, tzinfo=UTC)


@dataclass(frozen=True)
class Written:
    """A statement with blanks for values, and what makes rows of its answer."""

    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    blanks: tuple[Any, ...]

    def ask(self, using: str, values: tuple[Value, ...]) -> list[Any]:
        """Return the rows for `values`."""
        connection = connections[using]
        # By the value of each blank, which stands in several places.
        own = dict(zip(self.blanks, _adapted(connection, values), strict=True))
        filled = tuple(own.get(one, one) for one in self.parameters)
        compiler: Any = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (self.sql, filled)
        query = SimpleNamespace(get_compiler=lambda using: compiler)  # noqa: ARG005 - Django's signature
        asked: Any = SimpleNamespace(db=using, query=query, _known_related_objects={})
        return list(ModelIterable(asked))


def fetch(
    model: type[Row], make: Callable[..., models.QuerySet[Row]], key: Hashable, *values: Value
) -> list[Row]:
    """Return the rows of `make(*values)`; it is called only where its statement was not written yet under `key`.

    The key names all that the statement depends on beside the values. What stands in reference rows need not be in
    it: a change of them ends what was written. A key of None is for what is asked once.
    """
    if key is None:
        return list(make(*values))
    using = router.db_for_read(model)
    written: dict[Hashable, Written] = remembering.of_frame(dict, "statements")
    place = (using, key, len(values))
    if (found := written.get(place)) is None:
        try:
            found = _write(make, using, values)
        except EmptyResultSet:
            return []
        if len(written) >= MOST:
            written.clear()
        written[place] = found
    return found.ask(using, values)


def _write(make: Callable[..., models.QuerySet[Any]], using: str, values: tuple[Value, ...]) -> Written:
    blanks = tuple(_NUMBERS + n if isinstance(value, int) else _MOMENT for n, value in enumerate(values))
    compiler: Any = make(*blanks).using(using).query.get_compiler(using)
    sql, parameters = compiler.as_sql()
    adapted = _adapted(compiler.connection, blanks)
    # It belongs to this thread.
    compiler.connection = None
    return Written(compiler, sql, tuple(parameters), adapted)


def _adapted(connection: Any, values: tuple[Value, ...]) -> tuple[Any, ...]:
    adapt = connection.ops.adapt_datetimefield_value
    return tuple(adapt(value) if isinstance(value, datetime) else value for value in values)
