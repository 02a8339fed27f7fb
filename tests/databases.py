"""Databases for real servers: made once, copied for each server, dropped at the end."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db.backends.base.base import BaseDatabaseWrapper


class Database(Protocol):
    """What a server needs to know of its database, whichever vendor it is."""

    @property
    def url(self) -> str:
        """The DATABASE_URL of the server."""

    def copy(self, name: str) -> "Database":
        """Return a new database that holds the same rows; nobody may be connected to this one."""

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return every row of one query."""

    def drop(self) -> None:
        """Remove it for good."""


@dataclass(frozen=True)
class SqliteDatabase:
    """A database in a file."""

    path: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def copy(self, name: str) -> "SqliteDatabase":
        twin = SqliteDatabase(self.path.with_name(f"{name}.sqlite3"))
        with closing(sqlite3.connect(self.path)) as old, closing(sqlite3.connect(twin.path)) as new:
            old.backup(new)
        return twin

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path, timeout=20)) as connection:
            return connection.execute(sql).fetchall()

    def drop(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)


@dataclass(frozen=True)
class PostgresDatabase:
    """A database in the cluster that `url` leads to."""

    url: str

    def named(self, name: str) -> "PostgresDatabase":
        """Return the database of that name in the same cluster, whether it exists or not."""
        return PostgresDatabase(urlunsplit(urlsplit(self.url)._replace(path=f"/{name}")))

    def create(self, template: str = "template0") -> "PostgresDatabase":
        """Create it as a copy of another."""
        self.named("postgres").execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')
        return self

    def copy(self, name: str) -> "PostgresDatabase":
        return self.named(name).create(template=self.name)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def drop(self) -> None:
        self.named("postgres").execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    @property
    def name(self) -> str:
        """What the cluster calls it."""
        return urlsplit(self.url).path.removeprefix("/")

    def execute(self, statement: str) -> None:
        """Run a statement outside of any transaction."""
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            # Neither CREATE DATABASE nor DROP DATABASE can run inside a transaction.
            connection.autocommit = True
            cursor.execute(statement)


def empty_database(like: str, directory: Path, name: str) -> Database:
    """Return a new, empty database of the vendor of the URL `like`; files go into `directory`."""
    if like.startswith("sqlite"):
        return SqliteDatabase(directory / f"{name}.sqlite3")
    return PostgresDatabase(like).named(name).create()


def copy_of(connection: BaseDatabaseWrapper, directory: Path) -> Database:
    """Return a copy of the database that Django is connected to; files go into `directory`."""
    name = "template_of_servers"
    if connection.vendor == "sqlite":
        copy = SqliteDatabase(directory / f"{name}.sqlite3")
        connection.ensure_connection()
        with closing(sqlite3.connect(copy.path)) as file:
            connection.connection.backup(file)
            # Two workers that begin with it at once would be in each other's way.
            file.execute("PRAGMA journal_mode=WAL")
        return copy
    connection.close()
    return PostgresDatabase(os.environ["DATABASE_URL"]).named(connection.settings_dict["NAME"]).copy(name)
