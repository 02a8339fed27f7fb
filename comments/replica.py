"""Read from a replica: where a view says so, and while the replica keeps up.

Everything else asks the primary; so does a view whose replica fails under it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections, models

ALIAS = "replica"
# Seconds for which it is believed to keep up, and for which it is left alone after it failed.
LOOK_AGAIN = 1.0
LEAVE_ALONE = 5.0
# No lag when all that came was replayed and more could come; a promoted one is no replica any more.
_LAG = """
SELECT CASE
  WHEN NOT pg_is_in_recovery() THEN NULL
  WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT pid FROM pg_stat_wal_receiver) THEN 0
  ELSE EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp())
END
"""
Answer = TypeVar("Answer")
_reads_from_it: ContextVar[bool] = ContextVar("reads_from_it", default=False)


class Router:
    """Django's router: the primary, unless `ask` is at work."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:  # noqa: ARG002
        """Return which database answers; in a transaction of the primary, that one."""
        return ALIAS if _reads_from_it.get() and not connections["default"].in_atomic_block else "default"

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:  # noqa: ARG002
        """Return the primary."""
        return "default"

    def allow_relation(self, *_rows: models.Model, **hints: Any) -> bool:
        """Allow all: both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:  # noqa: ARG002
        """Leave the replica alone: it follows by itself."""
        return db != ALIAS


class _Health:
    """What this process knows of the replica; threads may look at once, which does no harm."""

    is_good = False
    until = 0.0

    def asks(self) -> bool:
        """Tell whether the replica may be asked; look at most once a second."""
        if time.monotonic() >= self.until:
            self.is_good = _keeps_up()
            self.until = time.monotonic() + (LOOK_AGAIN if self.is_good else LEAVE_ALONE)
        return self.is_good

    def fails(self) -> None:
        """Leave it alone for a while."""
        self.is_good, self.until = False, time.monotonic() + LEAVE_ALONE


_health = _Health()


def is_there() -> bool:
    """Tell whether a replica is set up at all."""
    return ALIAS in settings.DATABASES


def ask(answer: Callable[[], Answer], *, has_all: Callable[[], bool]) -> Answer:
    """Return `answer()`, read from the replica if that keeps up and `has_all()`; else, or when it fails, from the primary."""
    if is_there() and _health.asks():
        try:
            if has_all():
                with _from_it():
                    return answer()
        except (DatabaseError, InterfaceError):
            _health.fails()
            connections[ALIAS].close()
    return answer()


@contextmanager
def _from_it() -> Iterator[None]:
    before = _reads_from_it.set(True)
    try:
        yield
    finally:
        _reads_from_it.reset(before)


def _keeps_up() -> bool:
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(_LAG)
            (lag,) = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        connections[ALIAS].close()
        return False
    return lag is not None and lag <= settings.REPLICA_MOST_LAG
