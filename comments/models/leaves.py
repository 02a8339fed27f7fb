"""The column that holds the leaves of a text, and how each database is asked for some of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Lookup, Transform

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

SQL = tuple[str, list[Any]]
# How PostgreSQL writes one word of a tsvector: in quotes, its own quotes and backslashes doubled.
_LEXEME = re.compile("'((?:[^']|'')*)'")


class LeavesField(models.Field):  # type: ignore[type-arg]
    """The distinct leaves of a text: a tsvector on PostgreSQL, on SQLite text with a space around each."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: ARG002
        """Take an iterable of leaves; order and repetition are lost."""
        distinct = sorted(set(value))
        return distinct if connection.vendor == "postgresql" else f" {' '.join(distinct)} "

    def from_db_value(self, value: str | None, _expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the leaves as a sorted tuple."""
        if value is None or connection.vendor != "postgresql":
            return value if value is None else tuple(value.split())
        unquoted = (leaf.replace("''", "'").replace("\\\\", "\\") for leaf in _LEXEME.findall(value))
        return tuple(sorted(unquoted))

    def to_python(self, value: Any) -> Any:
        """Take what `value_to_string` gave."""
        return tuple(value.split()) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        """Return the leaves with spaces between them, for a fixture."""
        return " ".join(self.value_from_object(obj))

    def get_placeholder(self, _value: Any, _compiler: Any, connection: BaseDatabaseWrapper) -> str:
        """Return what stands for a value in an INSERT."""
        return "array_to_tsvector(%s::text[])" if connection.vendor == "postgresql" else "%s"


class _LeavesLookup(Lookup):
    """Compare with leaves, all of which must be there."""

    rhs: tuple[str, ...]

    def get_prep_lookup(self) -> Any:
        return tuple(self.rhs)

    def lexemes(self) -> str:
        r"""Return the leaves as PostgreSQL's tsquery, in which ' and \ are special."""
        quoted = ("'" + leaf.replace("\\", "\\\\").replace("'", "''") + "'" for leaf in self.rhs)
        return " & ".join(quoted)


@LeavesField.register_lookup
class Shows(_LeavesLookup):
    """Look into the row itself, whatever index there is."""

    lookup_name = "shows"

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **_: Any) -> SQL:
        left, params = self.process_lhs(compiler, connection)
        # The function behind @@, which no index serves.
        return f"ts_match_vq({left}, %s::tsquery)", [*params, self.lexemes()]

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **_: Any) -> SQL:
        left, params = self.process_lhs(compiler, connection)
        sql = " AND ".join(f"instr({left}, %s) > 0" for _leaf in self.rhs)
        return f"({sql})", [value for leaf in self.rhs for value in (*params, f" {leaf} ")]


@LeavesField.register_lookup
class Lacks(Shows):
    """Look into the row itself for one that is not there."""

    lookup_name = "lacks"

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **_: Any) -> SQL:
        sql, params = super().as_postgresql(compiler, connection)
        return f"NOT {sql}", params

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **_: Any) -> SQL:
        sql, params = super().as_sqlite(compiler, connection)
        return f"NOT {sql}", params


@LeavesField.register_lookup
class Matches(_LeavesLookup):
    """Ask the index: a column of PostgreSQL's table, or the whole of SQLite's table of leaves."""

    lookup_name = "match"

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **_: Any) -> SQL:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*params, self.lexemes()]

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **_: Any) -> SQL:
        left, params = self.process_lhs(compiler, connection)
        quoted = ('"' + leaf.replace('"', '""') + '"' for leaf in self.rhs)
        return f"{left} MATCH %s", [*params, " AND ".join(quoted)]


@LeavesField.register_lookup
class RowNumber(Transform):
    """Read the number of the row in SQLite's table of leaves.

    The same number is the entry's key, but only by this one SQLite gives hits in order without sorting them.
    """

    lookup_name = "row"
    output_field = models.BigIntegerField()

    def as_sqlite(self, compiler: Any, *_: Any, **__: Any) -> Any:
        left, params = compiler.compile(self.lhs)
        return left.rpartition(".")[0] + ".rowid", params


def joined(leaves: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return all of the leaves, each once, in a fixed order.

    >>> joined([("ทาง", "เท้า"), ("เท้า",)])
    ('ทาง', 'เท้า')
    """
    return tuple(sorted({leaf for some in leaves for leaf in some}))
