"""Readers tell staff what is wrong with a published opinion: once per browser, and only so often."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import intake, references
from comments.limits import Limit
from comments.models import Flag, Submission, SubmissionEvent
from comments.text import graphemes

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST = 500
# Longer than this many code points is too long, however they are joined.
_MOST_CODE_POINTS = 10 * LONGEST
FROM_ONE_CLIENT = Limit("flag", most=10, within=timedelta(hours=1))


class NotShownError(Exception):
    """The public can't read it, so there is nothing to flag."""


class NothingOpenError(Exception):
    """No flag that the page showed is open any more."""


def check_words(words: str) -> None:
    """Raise ValidationError (nul, unreadable, too_long) unless `words` can be kept."""
    intake.check_storable(words)
    length = graphemes.count(words) if len(words) <= _MOST_CODE_POINTS else len(words)
    if length > LONGEST:
        raise ValidationError(
            _("The text has %(length)d characters. At most %(most)d can be received."),
            "too_long",
            {"length": length, "most": LONGEST},
        )


def own(submission: Submission, voter: str) -> Flag | None:
    """Return the flag of the browser with this number, None where there is none or no number."""
    if not voter:
        return None
    return Flag.objects.filter(submission=submission, voter=_key(submission, voter)).first()


def flag(
    submission: Submission,
    *,
    voter: str,
    client: str,
    reason: str,
    words: str = "",
    at: datetime | None = None,
) -> Flag:
    """Keep what the browser with the number `voter` reports; once is enough, a second time changes nothing.

    `client` stands for where it comes from and is not kept: ten flags an hour are taken from one.
    Raises ValidationError, TooManyTriesError, NotShownError.
    """
    check_words(words)
    at = at or timezone.now()
    if known := own(submission, voter):
        return known
    FROM_ONE_CLIENT.take(client, at=at)
    with transaction.atomic():
        # Whoever takes it down, or flags it from the same browser, waits here.
        row = _locked(submission)
        if not row.is_shown:
            raise NotShownError(row.reference)
        made, is_new = Flag.objects.get_or_create(
            submission=row,
            voter=_key(row, voter),
            defaults={"reason": Flag.Reason(reason), "words": words, "at": at},
        )
        if is_new:
            Submission.everything.filter(pk=row.pk).update(flag_count=F("flag_count") + 1)
    return made


def close(
    submission: Submission, *, actor: User, note: str, last: int, at: datetime | None = None
) -> SubmissionEvent:
    """Note that the flags up to the one with the key `last` were looked at, and what came of it.

    Whoever flagged later has not been read yet. Raises ValueError without a note, NothingOpenError.
    """
    if not note.strip():
        raise ValueError("a note is needed")
    at = at or timezone.now()
    with transaction.atomic():
        row = _locked(submission)
        closed = row.flags.all().filter(pk__lte=last).close(at, actor)
        if not closed:
            raise NothingOpenError(row.reference)
        Submission.everything.filter(pk=row.pk).update(flag_count=F("flag_count") - closed)
        kind = SubmissionEvent.Kind.FLAGS_CLOSED
        return SubmissionEvent.objects.tell(row, kind, actor=actor, at=at, note=note)


def _locked(submission: Submission) -> Submission:
    rows = Submission.everything.select_related("plan", "parent")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=submission.pk)


def _key(submission: Submission, voter: str) -> str:
    return references.voter_key(voter, f"flag:{submission.reference}")
