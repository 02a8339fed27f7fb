"""System checks of what Django itself does not look at."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004
from django.db import connections

from comments.models import SearchEntry, Submission


@register(Tags.security)
def contact_keys_work(**_: Any) -> list[CheckMessage]:
    """Find keys with which no contact detail could be stored or read."""
    for key in settings.CONTACT_KEYS:
        try:
            Fernet(key)
        except ValueError:
            return [
                Error(
                    "CONTACT_KEYS holds a value that is no Fernet key.",
                    hint="Each is 32 random bytes in URL-safe base64: docs/operations.md makes one.",
                    id="comments.E001",
                )
            ]
    return []


@register(Tags.security, deploy=True)
def staff_have_a_second_factor(**_: Any) -> list[CheckMessage]:
    """Find a site on which a password alone lets the staff in."""
    if settings.STAFF_TWO_FACTOR:
        return []
    return [
        Warning(
            "STAFF_TWO_FACTOR is off: a password alone opens the staff's side.",
            hint="Take it out of the settings, unless this is a trial on your own machine.",
            id="comments.W003",
        )
    ]


@register(Tags.compatibility)
def one_postgresql_driver(**_: Any) -> list[CheckMessage]:
    """Find psycopg 3 beside psycopg2: Django would silently use it, and exports rely on psycopg2."""
    if find_spec("psycopg") is None:
        return []
    return [
        Error(
            "psycopg 3 is installed, and Django prefers it to psycopg2.",
            hint="pip uninstall psycopg psycopg-binary",
            id="comments.E002",
        )
    ]


@register(Tags.database)
def postgresql_reads_thai(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Find a PostgreSQL database that can't hold Thai, or doesn't take Thai characters for letters."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database"
                " WHERE datname = current_database()"
            )
            encoding, ctype = cursor.fetchone()
        if encoding != "UTF8":
            messages.append(
                Error(f"The database {alias!r} is encoded in {encoding}, not in UTF8.", id="comments.E003")
            )
        if ctype in {"C", "POSIX"}:
            messages.append(
                Warning(
                    f"The database {alias!r} has LC_CTYPE {ctype}: Thai characters are no letters to it.",
                    hint="Create it with LC_CTYPE 'C.UTF-8', or with an ICU locale.",
                    id="comments.W001",
                )
            )
    return messages


@register(Tags.database)
def search_knows_every_word(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Find submissions that the search does not know, or knows by another dictionary than the one in use."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        if SearchEntry._meta.db_table not in connections[alias].introspection.table_names():
            continue
        missing = Submission.everything.using(alias).kept().filter(search_entries=None)
        if missing.exists() or SearchEntry.objects.using(alias).stale().exists():
            messages.append(
                Warning(
                    f"The search index of the database {alias!r} is not up to date.",
                    hint="manage.py rebuild_search",
                    id="comments.W002",
                )
            )
    return messages


# What the settings ask of SQLite, and what it answers when it does as it is told.
_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@register(Tags.database)
def sqlite_keeps_what_it_is_given(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Find a SQLite file that does not do as the settings say, as on a network drive; a database in memory may."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]
            continue
        with connection.cursor() as cursor:
            found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in _PRAGMAS}
            waits = cursor.execute("PRAGMA busy_timeout").fetchone()[0] > 0
        if found != _PRAGMAS or not waits:
            messages.append(
                Error(
                    f"The database {alias!r} does not keep what it is given: {found}, waits for others: {waits}.",
                    hint="Put the file on a disk of this machine, in a directory that the service may write.",
                    id="comments.E004",
                )
            )
    return messages
