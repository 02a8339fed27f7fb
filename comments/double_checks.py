"""Look at a small sample of what was decided a second time, without knowing how it was decided."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.crypto import salted_hmac

from comments import leases
from comments.models import DoubleCheck, Lease, RejectionReason, Submission, SubmissionEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from comments.models.submissions import SubmissionQuerySet

DECIDED = (Submission.Status.PUBLISHED, Submission.Status.REJECTED)


class GoneError(Exception):
    """The opinion that a page showed no longer waits for this person's verdict."""


def waiting(user: User) -> SubmissionQuerySet:
    """Return the decided opinions of the sample that wait for a second verdict by `user`, the first decided first.

    Left out is everything in which `user` has had a hand, and every copy of a text that was looked at.
    """
    done = DoubleCheck.objects.order_by()
    touched = SubmissionEvent.objects.filter(submission=OuterRef("pk"), actor=user.pk)
    copies = done.filter(submission__campaign__isnull=False).values("submission__campaign")
    rows = Submission.objects.kept().sampled().filter(status__in=DECIDED)
    return (
        rows.exclude(Exists(touched))
        .exclude(pk__in=done.values("submission"))
        .exclude(campaign__in=copies)
        .order_by("moderated_at", "pk")
    )


def token(submission: Submission, user: User) -> str:
    """Return what a page carries of the opinion that it shows `user`; it leads nobody to the opinion."""
    decided = submission.moderated_at.isoformat() if submission.moderated_at else ""
    return salted_hmac("comments.double_check.token", f"{submission.pk}:{decided}:{user.pk}").hexdigest()


def take(user: User, at: datetime | None = None) -> Submission | None:
    """Return what `user` has in hand for a verdict, else the first that waits and that nobody else has in hand."""
    for held in _held(user):
        if leases.renew(held.token, holder=user, at=at):
            return held.submission
    taken = leases.take_first(waiting(user), holder=user, at=at)
    return taken.submission if taken else None


def record(
    shown: str, *, actor: User, reason: RejectionReason | None = None, at: datetime | None = None
) -> DoubleCheck:
    """Keep the verdict of `actor` on the opinion whose token is `shown`; with a `reason` it is to withhold.

    It must be in their hands still. Nothing changes by it. Raises GoneError.
    """
    with transaction.atomic():
        lease = next((one for one in _held(actor) if token(one.submission, actor) == shown), None)
        if lease is None or not leases.renew(lease.token, holder=actor, at=at):
            raise GoneError(shown)
        verdict = DoubleCheck.Verdict.REJECTED if reason else DoubleCheck.Verdict.PUBLISHED
        try:
            with transaction.atomic():
                made = DoubleCheck.objects.create(
                    submission=lease.submission,
                    decision=_decision_on(lease.submission),
                    verdict=verdict,
                    reason=reason,
                    actor=actor,
                    at=at or timezone.now(),
                )
        except IntegrityError:
            raise GoneError(shown) from None
        leases.release(lease.token, holder=actor)
    return made


def _held(user: User) -> list[Lease]:
    """Return what `user` has in hand and may still judge."""
    held = Lease.objects.filter(holder=user, submission__in=waiting(user).order_by().values("pk"))
    return list(held.select_related("submission"))


def _decision_on(submission: Submission) -> SubmissionEvent:
    """Return the event by which `submission` came to where it stands."""
    return submission.events.filter(to_status__in=DECIDED).exclude(from_status=F("to_status")).latest("pk")
