"""Give each moderator another opinion, for as long as they are at work on it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comments.models import Lease, Submission

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from comments.models.submissions import SubmissionQuerySet

LASTS = timedelta(minutes=5)
# Each try that fails has met somebody who was faster; then there is one fewer to choose from.
_MOST_TRIES = 50
_PENDING = Submission.Status.PENDING


def free(rows: SubmissionQuerySet, at: datetime | None = None) -> SubmissionQuerySet:
    """Leave out what is in somebody's hands, and its copies: waiting ones of what waits, decided ones of what is decided."""
    # A handful of keys, asked for first: what is decided after this question is not pending in the next.
    held = list(Lease.objects.live(at).select_related("submission"))
    keys = [lease.submission_id for lease in held]
    # It may have been alone when it was taken.
    waiting = [key for lease in held for key in (lease.campaign_id, _campaign(lease.submission)) if key]
    settled = (lease.submission for lease in held if lease.submission.status != _PENDING)
    decided = [row.campaign_id for row in settled if row.campaign_id]
    of_waiting, of_decided = Q(status=_PENDING, campaign__in=waiting), Q(campaign__in=decided)
    return rows.exclude(pk__in=keys).exclude(of_waiting).exclude(~Q(status=_PENDING), of_decided)


def take_first(
    rows: SubmissionQuerySet, *, holder: User, at: datetime | None = None, without: Iterable[int] = ()
) -> Lease | None:
    """Take the first of `rows` in their order that nobody has in hand; None when there is none.

    What is done leaves `rows`, so that nobody gets it again. `without` are keys to leave out. Of a campaign the member that comes first stands for all.
    """
    at = at or timezone.now()
    for _ in range(_MOST_TRIES):
        row = free(rows.exclude(pk__in=set(without)), at).first()
        if row is None:
            return None
        if lease := _take(row, rows, holder, at):
            return lease
    return None


def renew(token: str, *, holder: User, at: datetime | None = None) -> Lease | None:
    """Hold on to an item from now on for the full time; None when it is in other hands by now.

    Within a transaction nobody can take it from here to the end. A lease that has run out, but that
    nobody else wanted, is as good as new.
    """
    at = at or timezone.now()
    mine = Lease.objects.filter(token=token, holder=holder)
    if not mine.update(expires_at=at + LASTS):
        return None
    return mine.first()


def release(token: str, *, holder: User) -> None:
    """Let go of an item, so that anybody can have it."""
    Lease.objects.filter(token=token, holder=holder).delete()


def _campaign(row: Submission) -> int | None:
    """Return the campaign that a lease on `row` keeps for its holder: what was decided keeps no other from deciding."""
    return row.campaign_id if row.status == _PENDING else None


def _take(row: Submission, rows: SubmissionQuerySet, holder: User, at: datetime) -> Lease | None:
    same, campaign = Q(submission=row), _campaign(row)
    if campaign:
        same |= Q(campaign=campaign)
    lease = Lease(
        submission=row,
        campaign_id=campaign,
        holder=holder,
        token=secrets.token_hex(16),
        taken_at=at,
        expires_at=at + LASTS,
    )
    with transaction.atomic():
        Lease.objects.filter(same, expires_at__lte=at).delete()
        # Of two at once the second waits for the first, then writes nothing.
        Lease.objects.bulk_create([lease], ignore_conflicts=True)
        taken = Lease.objects.filter(token=lease.token)
        if rows.filter(pk=row.pk).exists():
            return taken.first()
        taken.delete()
    return None
