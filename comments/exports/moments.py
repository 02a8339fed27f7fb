"""The moment that an export is made as of: read what was asked for, and wait until it is settled."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from threading import Event

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from comments.models import FormerValue, Plan, Submission
from comments.text import buddhist_era

_PATIENCE = 30.0
_PAUSE = 0.02
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
# Whoever changes what an export reads writes to one of these.
_WRITTEN = ["comments_submission", "comments_answernotice", "comments_formervalue"]


class UnsettledError(Exception):
    """Somebody has been writing for so long that what stood at the moment can't be told yet."""

    message = _("Many opinions are being added just now. Please try again in a minute.")


def parse(text: str) -> datetime:
    """Return the moment that `text` writes in ISO 8601, in Bangkok where it names no zone. Raises ValidationError."""
    try:
        # A day alone could be meant with or without itself.
        moment = parse_datetime(text.strip()) if ":" in text else None
    except ValueError:
        moment = None
    if moment is None:
        raise ValidationError(_("Write the moment as 2026-11-22T17:00."), "invalid")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def check(at: datetime, *, plan: Plan | None = None) -> None:
    """Raise ValidationError for a moment that has not come, or that is before anything on `plan` was recorded."""
    if at > timezone.now():
        raise ValidationError(_("This moment has not come yet."), "future")
    first = _first(plan)
    if at < (first or _LONG_AGO):
        on = timezone.localtime(first) if first else None
        raise ValidationError(
            _("Nothing was recorded by then. The record begins on %(first)s."),
            "too_early",
            {"first": f"{buddhist_era.slashed(on)} {on:%H:%M:%S}" if on else "–"},
        )


def _first(plan: Plan | None) -> datetime | None:
    """Return when the first opinion was recorded; where some are from before, when the first change was."""
    rows = Submission.objects.filter(plan=plan) if plan else Submission.objects.all()
    known = [rows.aggregate(first=Min("recorded_at"))["first"]]
    if rows.filter(recorded_at=None).exists():
        known.append(FormerValue.objects.aggregate(first=Min("recorded_at"))["first"])
    return min(filter(None, known), default=None)


def settle(at: datetime | None = None) -> datetime:
    """Return `at`, by default now, when all that was recorded by then can be read, and nothing more can come.

    Without this, somebody who was writing at that moment could be in a second file and not in the first.
    Raises UnsettledError.
    """
    if connection.vendor == "postgresql":
        at = at or _clock()
        _wait_for_writers()
        return at
    if at is None:
        # SQLite writes milliseconds: whoever comes later must come in another one.
        now = timezone.now()
        at = now.replace(microsecond=now.microsecond // 1000 * 1000 + 999)
        while timezone.now() <= at:
            pass
    # Beginning to write, which this does, waits for whoever writes.
    with transaction.atomic():
        return at


def _clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchall()[0][0]
    return now.astimezone(UTC)


def _wait_for_writers() -> None:
    """Wait for those who write just now, not for those who begin meanwhile.

    Without asking for a lock: who waits for one makes others wait behind, and some of them for each other.
    """
    writing, until = _writers(), time.monotonic() + _PATIENCE
    while writing:
        if time.monotonic() > until:
            raise UnsettledError
        Event().wait(_PAUSE)
        writing &= _writers()


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
            " JOIN pg_database ON pg_database.oid = database AND datname = current_database()"
            " WHERE relname = ANY(%s) AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()",
            [_WRITTEN],
        )
        return {name for (name,) in cursor.fetchall()}
