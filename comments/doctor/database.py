"""The database: there, whole, and kept as safely as its rows deserve."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.doctor.findings import Finding, remark, trouble
from comments.doctor.upgrades import need_a_stop
from comments.models import Submission, standing
from comments.models.search import FTS_TABLE
from comments.models.triggers import SEALED
from comments.models.watching import WATCHED

MOST_APART = timedelta(seconds=5)
# Of a smaller table one need not care: 64 MB.
MANY_PAGES = 8_192
_PAGES = "SELECT pg_relation_size(oid) / 8192, relallvisible FROM pg_class WHERE oid = 'comments_submission'::regclass"
_EVENTS = ("insert", "delete", "update")
# Of the others the start-up checks speak.
_PRAGMAS = {"secure_delete": 1}
_SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND NOT tgisinternal"
        " AND tgrelid IN (SELECT oid FROM pg_class WHERE pg_table_is_visible(oid))"
    ),
}
_INDEX = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = %s",
    "postgresql": (
        "SELECT 1 FROM pg_index JOIN pg_class ON oid = indexrelid"
        " WHERE relname = %s AND indisvalid AND pg_table_is_visible(oid)"
    ),
}


def _rows(sql: str, *parameters: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def reachable() -> Iterator[Finding]:
    """Find a database that does not answer."""
    try:
        _rows("SELECT 1")
    except DatabaseError:
        yield trouble(
            _("the database can't be reached"), _("Look at DATABASE_URL and into the database's own log.")
        )


def migrated() -> Iterator[Finding]:
    """Find migrations that are not applied."""
    executor = MigrationExecutor(connection)
    waiting = [one for one, _is_back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    if not waiting:
        return
    mend = _("manage.py migrate, as the owner of the tables; on PostgreSQL grants.sql after it.")
    # Where nothing is applied yet nothing serves.
    if executor.loader.applied_migrations and (names := [*need_a_stop(waiting)]):
        stop = _("First stop the service on every machine: the code of before can't go on beside %(name)s.")
        mend = f"{stop % {'name': names[-1]}} {mend}"
    yield trouble(_("migrations that are not applied: %(count)d") % {"count": len(waiting)}, mend)


def writable() -> Iterator[Finding]:
    """Find a database that only reads: a replica, a file without the right to write, a disk mounted read-only."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # No row has such a key; the right to write and the lock are asked for all the same.
            cursor.execute("UPDATE comments_tries SET count = 0 WHERE slot < 0")
    except DatabaseError as error:
        # Who has to wait for the lock sees somebody else write.
        if "locked" not in str(error):
            yield trouble(
                _("the database can't be written to"),
                _("Is it a replica, is its disk full or read-only, does its file belong to another user?"),
            )


def sealed() -> Iterator[Finding]:
    """Find triggers that are gone or switched off: words could be changed unseen."""
    expected = {f"{table}_is_sealed" for table in SEALED} | {f"{table}_is_watched" for table in WATCHED}
    expected |= set(standing.TRIGGERS)
    if connection.vendor == "postgresql":
        expected |= {f"{table}_is_kept" for table in SEALED}
    else:
        expected |= {f"{FTS_TABLE}_{event}" for event in _EVENTS}
    if missing := sorted(expected - {name for (name,) in _rows(_TRIGGERS[connection.vendor])}):
        yield trouble(
            _("triggers are missing or switched off: %(names)s") % {"names": ", ".join(missing)},
            _("manage.py migrate, as the owner of the tables, sets them again. Find out who took them away."),
        )


def counted() -> Iterator[Finding]:
    """Find numbers that are kept beside the opinions and are not theirs."""
    if goals := standing.wrong():
        yield trouble(
            _("the numbers of opinions are wrong for %(count)d goals") % {"count": goals},
            _(
                "manage.py migrate, as the owner of the tables, counts them again. Find out who wrote past the triggers."
            ),
        )


def searchable() -> Iterator[Finding]:
    """Find a search without its index."""
    if not _rows(_INDEX[connection.vendor], FTS_TABLE):
        yield trouble(
            _("the index of the search is missing"),
            _("manage.py migrate, as the owner of the tables, then manage.py rebuild_search."),
        )


def vacuumed() -> Iterator[Finding]:
    """Find a table of opinions that PostgreSQL has not looked through for long: its index alone is not enough to count by."""
    if connection.vendor != "postgresql":
        return
    ((pages, seen),) = _rows(_PAGES)
    if pages >= MANY_PAGES and seen < pages / 2:
        yield remark(
            _(
                "counting reads rows, not an index alone: VACUUM has seen %(seen)d of %(pages)d pages of the opinions"
            )
            % {"seen": seen, "pages": pages},
            _("VACUUM ANALYZE comments_submission, as the owner of the tables. Is autovacuum on?"),
        )


def durable() -> Iterator[Finding]:
    """Find a database that could lose, by a power cut, what it has confirmed."""
    vendor = connection.vendor
    for name, right in (_SETTINGS if vendor == "postgresql" else _PRAGMAS).items():
        ((value,),) = _rows(f"SHOW {name}" if vendor == "postgresql" else f"PRAGMA {name}")
        if value != right:
            yield trouble(
                _("the database has %(name)s = %(value)s, not %(right)s")
                % {"name": name, "value": value, "right": right},
                _(
                    "What is confirmed could be lost by a power cut. Set it right in the database's configuration."
                )
                if vendor == "postgresql"
                else _(
                    "Is the file on a network disk, or did another program change it? Move it, start anew."
                ),
            )
    if vendor == "postgresql" and _rows("SHOW archive_mode") == [("off",)]:
        yield remark(
            _("PostgreSQL keeps no archive of its write-ahead log (archive_mode = off)"),
            _("What came after the last backup would be lost. docs/operations.md shows how to set it up."),
        )


def clock() -> Iterator[Finding]:
    """Find a clock that is apart from the database's, or behind rows that are stored already."""
    mend = _("timedatectl on both machines must say: System clock synchronized: yes.")
    if connection.vendor == "postgresql":
        ((now,),) = _rows("SELECT clock_timestamp()")
        apart = abs(timezone.now() - now)
        if apart > MOST_APART:
            yield trouble(
                _("this machine's clock and the database's are %(seconds)d seconds apart")
                % {"seconds": apart.total_seconds()},
                mend,
            )
    newest: datetime | None = (
        Submission.everything.order_by("-pk").values_list("recorded_at", flat=True).first()
    )
    if newest and newest > timezone.now() + MOST_APART:
        yield trouble(
            _("the newest opinion was recorded in the future: %(moment)s") % {"moment": newest.isoformat()},
            mend,
        )
