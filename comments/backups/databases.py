"""Write the whole database into a file as it stood at one moment, and read such a file into an empty one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

_MIGRATIONS = "SELECT app, name FROM django_migrations"
# Where the server's package of Debian keeps them.
_TOOLS = "/usr/lib/postgresql"


class ToolError(Exception):
    """A program of PostgreSQL is not there, or says that it failed."""


@dataclass(frozen=True)
class State:
    """What the database held at the moment of the backup: its migrations, and its rows by table."""

    migrations: list[str]
    tables: dict[str, int]


# The driver's own library may know more than the programs do.
_PARAMETERS = ("host", "port", "dbname", "user", "sslmode", "sslrootcert", "sslcert", "sslkey")
Asking = Callable[[str], Iterable[tuple[Any, ...]]]


def dump(target: Path) -> State:
    """Write the database into the new file `target`; others write on meanwhile. Raises ToolError, sqlite3.Error."""
    return (_dump_postgresql if connection.vendor == "postgresql" else _dump_sqlite)(target)


def load(source: Path) -> None:
    """Read `source` into the database, which is empty: all of it or nothing. Raises ToolError, sqlite3.Error."""
    if connection.vendor == "postgresql":
        # The rights are those of roles that may not exist here; grants.sql gives them.
        _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", source)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as kept:
        kept.backup(connection.connection)


def is_empty() -> bool:
    """Tell whether the database holds no table."""
    return not connection.introspection.table_names()


def counts() -> dict[str, int]:
    """Return the rows by table as they are now."""
    return _state(_ask).tables


def _ask(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _state(ask: Asking) -> State:
    quote = connection.ops.quote_name
    tables = sorted(connection.introspection.table_names())
    return State(
        sorted(f"{app}.{name}" for app, name in ask(_MIGRATIONS)),
        {name: next(iter(ask(f"SELECT count(*) FROM {quote(name)}")))[0] for name in tables},  # noqa: S608
    )


def _dump_sqlite(target: Path) -> State:
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copied:
        # In one step: a reader keeps no writer out, and what is written meanwhile is not seen.
        connection.connection.backup(copied)
        # One file, without a log beside it.
        copied.execute("PRAGMA journal_mode = DELETE")
        return _state(lambda sql: copied.execute(sql).fetchall())


def _dump_postgresql(target: Path) -> State:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        ((snapshot,),) = _ask("SELECT pg_export_snapshot()")
        # What is counted here and what is dumped there are the same moment. The archive compresses.
        _run("pg_dump", "--format=custom", "--compress=0", f"--snapshot={snapshot}", f"--file={target}")
        return _state(_ask)


def _run(program: str, *arguments: object) -> None:
    connection.ensure_connection()
    known = connection.connection.info.dsn_parameters
    words = " ".join(f"{name}='{_escaped(known[name])}'" for name in _PARAMETERS if known.get(name))
    command = [_find(program), "--no-password", f"--dbname={words}", *map(str, arguments)]
    env = os.environ | {"PGPASSWORD": str(connection.settings_dict["PASSWORD"] or "")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise ToolError(f"{program}: {done.stderr.strip()}")


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _find(program: str) -> str:
    newest = sorted(
        Path(_TOOLS).glob(f"*/bin/{program}"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    if found := newest[0] if newest else shutil.which(program):
        return str(found)
    raise ToolError(f"{program} is not installed (Debian: postgresql-client)")
