"""How long personal data is kept, and its removal when the time is over.

The privacy notice reads the same table, so that it promises what `purge_expired` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments import attachments
from comments.models import (
    Appeal,
    Attachment,
    Contact,
    ExportJob,
    Flag,
    ImportBatch,
    SignIn,
    Submission,
    SubmissionEvent,
    Tries,
)
from comments.models.appeals import AppealQuerySet
from comments.models.exports import ExportJobQuerySet
from comments.models.imports import ImportBatchQuerySet
from comments.models.sign_ins import SignInQuerySet
from comments.models.submissions import SubmissionQuerySet

BATCH = 500
# Whatever is younger may belong to an opinion that is being stored just now.
YOUNGEST_LEFTOVER = timedelta(days=1)
KEPT_TO_BE_FETCHED = timedelta(days=1)
Kind = SubmissionEvent.Kind
Status = Submission.Status


@dataclass(frozen=True)
class Rule:
    """One kind of data, how long it is kept, what is over its time at a moment, and how it goes."""

    key: str
    what: Any
    how_long: Callable[[], str]
    due: Callable[[datetime], Any]
    remove: Callable[[Any, datetime], int]


def _after_closing() -> str:
    n = settings.RETAIN_CONTACT_DAYS
    return ngettext("%d day after the plan has closed", "%d days after the plan has closed", n) % n


def _after_decision() -> str:
    n = settings.RETAIN_UNPUBLISHED_FILE_DAYS
    return ngettext("%d day after it was decided", "%d days after it was decided", n) % n


def _after_tries() -> str:
    return _days(settings.RETAIN_TRIES_DAYS)


def _signed_in() -> str:
    n: int = settings.SESSION_COOKIE_AGE // 3600
    return ngettext("%d hour after signing in", "%d hours after signing in", n) % n


def _after_sign_in() -> str:
    return _days(settings.RETAIN_SIGN_INS_DAYS)


def _days(n: int) -> str:
    return ngettext("%d day", "%d days", n) % n


def _reachable(at: datetime) -> SubmissionQuerySet:
    """Return the submissions of plans closed long ago that still say how to reach, or who, their author is."""
    closed = at - timedelta(days=settings.RETAIN_CONTACT_DAYS)
    hidden_name = Q(shows_name=False) & ~Q(display_name="")
    rows = Submission.everything.filter(plan__closes_at__lte=closed)
    return rows.filter(Q(Exists(Contact.objects.filter(submission=OuterRef("pk")))) | hidden_name)


def _forget_contacts(rows: SubmissionQuerySet, at: datetime) -> int:
    def forget(keys: list[int]) -> None:
        Contact.objects.filter(submission__in=keys).delete()
        Submission.everything.filter(pk__in=keys, shows_name=False).update(display_name="")

    return _in_batches(rows, Kind.CONTACT_EXPIRED, at, forget)


def _unpublished_with_files(at: datetime) -> SubmissionQuerySet:
    """Return the submissions withheld or taken back long ago that still have files."""
    decided = at - timedelta(days=settings.RETAIN_UNPUBLISHED_FILE_DAYS)
    decisions = SubmissionEvent.objects.filter(
        submission=OuterRef("pk"), kind__in=(Kind.REJECTED, Kind.WITHDRAWN), at__gt=decided
    )
    files = Attachment.objects.kept().filter(submission=OuterRef("pk"))
    rows = Submission.everything.filter(status__in=(Status.REJECTED, Status.WITHDRAWN))
    return rows.filter(~Exists(decisions), Exists(files))


def _remove_files(rows: SubmissionQuerySet, at: datetime) -> int:
    def remove(keys: list[int]) -> None:
        attachments.erase(Attachment.objects.filter(submission__in=keys), at)

    return _in_batches(rows, Kind.FILES_EXPIRED, at, remove)


def _in_batches(
    rows: SubmissionQuerySet, kind: Kind, at: datetime, remove: Callable[[list[int]], None]
) -> int:
    """Remove from each of `rows`, and say so in an event; each batch is a transaction of its own."""
    removed = 0
    while True:
        with transaction.atomic():
            # Asked once more under the lock, so that a decision that came in between counts.
            locked = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
            batch = list(locked[:BATCH])
            remove([row.pk for row in batch])
            SubmissionEvent.objects.bulk_create(
                SubmissionEvent(
                    submission=row, kind=kind, at=at, from_status=row.status, to_status=row.status
                )
                for row in batch
            )
        if not batch:
            return removed
        removed += len(batch)


def _appeals(at: datetime) -> AppealQuerySet:
    """Return the appeals of plans closed long ago whose words are there and that wait for nothing."""
    closed = at - timedelta(days=settings.RETAIN_CONTACT_DAYS)
    waiting = Submission.everything.appealed().order_by()
    rows = Appeal.objects.with_words().filter(submission__plan__closes_at__lte=closed)
    return rows.exclude(submission__in=waiting)


def _flag_words(at: datetime) -> QuerySet[Flag]:
    """Return the reports about opinions of plans closed long ago that were looked at and still hold words."""
    closed = at - timedelta(days=settings.RETAIN_CONTACT_DAYS)
    rows = Flag.objects.exclude(closed_at=None).exclude(words="")
    return rows.filter(submission__plan__closes_at__lte=closed)


def _imports(at: datetime) -> ImportBatchQuerySet:
    closed = at - timedelta(days=settings.RETAIN_CONTACT_DAYS)
    return ImportBatch.objects.filter(plan__closes_at__lte=closed, emptied_at=None)


def _tries(at: datetime) -> QuerySet[Tries]:
    return Tries.objects.filter(count__gt=0, since__lte=at - timedelta(days=settings.RETAIN_TRIES_DAYS))


def _sessions(at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lte=at)


def _delete(rows: QuerySet[Any], _at: datetime) -> int:
    return rows.delete()[0]


def _attempts(at: datetime) -> QuerySet[AccessAttempt]:
    rows: QuerySet[AccessAttempt] = AccessAttempt.objects.all()
    return rows.filter(attempt_time__lte=at - timedelta(days=settings.RETAIN_TRIES_DAYS))


def _sign_ins(at: datetime) -> SignInQuerySet:
    return SignIn.objects.older_than(settings.RETAIN_SIGN_INS_DAYS, at)


def _forget_sign_ins(_rows: SignInQuerySet, at: datetime) -> int:
    return SignIn.objects.forget(settings.RETAIN_SIGN_INS_DAYS, at)


class _Leftovers:
    """Files that belong to no opinion: of uploads that broke off, or of rows that are gone."""

    def __init__(self, at: datetime) -> None:
        self.before = at - YOUNGEST_LEFTOVER

    def _uploads(self) -> Iterator[Path]:
        for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
            # One that was sent to its end meanwhile is gone.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < self.before.timestamp():
                    yield path

    def count(self) -> int:
        return len(attachments.strays(self.before)) + len(list(self._uploads()))

    def remove(self) -> int:
        removed = len(attachments.remove_strays(self.before))
        for path in self._uploads():
            path.unlink(missing_ok=True)
            removed += 1
        return removed


def _large_exports(at: datetime) -> ExportJobQuerySet:
    """Return the large exports whose files were to be fetched by now."""
    return ExportJob.objects.with_file().filter(asked_at__lte=at - KEPT_TO_BE_FETCHED)


RULES = (
    Rule(
        "contact",
        _("E-mail address, telephone number, and a name that was not to be shown"),
        _after_closing,
        _reachable,
        _forget_contacts,
    ),
    Rule(
        "files",
        _("Pictures and documents of an opinion that was not published or was taken back"),
        _after_decision,
        _unpublished_with_files,
        _remove_files,
    ),
    Rule(
        "appeals",
        _("What you said in an appeal, and what we replied"),
        _after_closing,
        _appeals,
        lambda rows, at: rows.erase(at),
    ),
    Rule(
        "flags",
        _("What you wrote when you reported an opinion"),
        _after_closing,
        _flag_words,
        lambda rows, _at: rows.update(words=""),
    ),
    Rule(
        "imports",
        _("Tables of opinions that the staff brought in, as they came"),
        _after_closing,
        _imports,
        lambda rows, at: rows.empty(at),
    ),
    Rule(
        "tries",
        _("How often a wrong secret code was tried, or an opinion reported"),
        _after_tries,
        _tries,
        # Not deleted: a try that is being counted just now would miss its row.
        lambda rows, _at: rows.update(count=0),
    ),
    Rule("sessions", _("That a member of staff is signed in"), _signed_in, _sessions, _delete),
    Rule(
        "attempts",
        _("How often a wrong password was tried for a name of the staff"),
        _after_tries,
        _attempts,
        _delete,
    ),
    Rule(
        "sign_ins",
        _("Who came in to the staff's side or tried to, when and from which address"),
        _after_sign_in,
        _sign_ins,
        _forget_sign_ins,
    ),
    Rule(
        "exports",
        _("Large files of opinions that the staff made, until they are fetched"),
        lambda: _days(1),
        _large_exports,
        lambda rows, _at: rows.forget(),
    ),
    Rule(
        "leftovers",
        _("Files of an opinion that was not sent to its end"),
        lambda: _days(1),
        _Leftovers,
        lambda rows, _at: rows.remove(),
    ),
)


def purge(*, at: datetime | None = None, is_trial: bool = False) -> Iterator[tuple[Rule, int]]:
    """Remove what is over its time, kind by kind; yield each rule with how many. A trial only counts."""
    at = at or timezone.now()
    for rule in RULES:
        rows = rule.due(at)
        yield rule, rows.count() if is_trial else rule.remove(rows, at)
