"""Decide what the public sees: each decision is one event with one actor and one reason."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from comments.models import Contact, RejectionReason, Submission, SubmissionEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Status = Submission.Status
Kind = SubmissionEvent.Kind

# Which decision may be taken on which state, and the state that it leads to.
DECISIONS: dict[str, tuple[frozenset[str], str]] = {
    Kind.PUBLISHED: (frozenset({Status.PENDING}), Status.PUBLISHED),
    Kind.REJECTED: (frozenset({Status.PENDING, Status.PUBLISHED}), Status.REJECTED),
    Kind.RESTORED: (frozenset({Status.PUBLISHED, Status.REJECTED}), Status.PENDING),
    Kind.WITHDRAWN: (frozenset({Status.PENDING, Status.PUBLISHED}), Status.WITHDRAWN),
}


class StaleDecisionError(Exception):
    """The submission is no longer in the state that the decision was taken on."""


def publish(
    submission: Submission, *, actor: User, note: str = "", at: datetime | None = None
) -> SubmissionEvent:
    """Publish a pending submission. Raises StaleDecisionError."""
    return _decide(submission, Kind.PUBLISHED, actor=actor, note=note, at=at)


def reject(
    submission: Submission,
    *,
    actor: User,
    reason: RejectionReason,
    note: str = "",
    at: datetime | None = None,
) -> SubmissionEvent:
    """Withhold a pending or published submission, with a coded reason. Raises StaleDecisionError."""
    return _decide(submission, Kind.REJECTED, actor=actor, reason=reason, note=note, at=at)


def restore(
    submission: Submission, *, actor: User, note: str = "", at: datetime | None = None
) -> SubmissionEvent:
    """Undo a decision: return the submission to the queue. Raises StaleDecisionError."""
    return _decide(submission, Kind.RESTORED, actor=actor, note=note, at=at)


def withdraw(submission: Submission, *, at: datetime | None = None) -> SubmissionEvent:
    """Take a submission back for its author. Raises StaleDecisionError."""
    return _decide(submission, Kind.WITHDRAWN, actor=None, at=at)


def reveal_contact(submission: Submission, *, actor: User, reason: str) -> Contact | None:
    """Return the author's contact details, having logged who asked and why.

    None when the author left none; the question is logged all the same. Raises ValueError for an
    empty reason.
    """
    if not reason.strip():
        raise ValueError("a reason is needed")
    SubmissionEvent.objects.create(
        submission=submission, kind=Kind.CONTACT_REVEALED, actor=actor, note=reason
    )
    return Contact.objects.filter(submission=submission).first()


def _decide(
    submission: Submission,
    kind: Kind,
    *,
    actor: User | None,
    reason: RejectionReason | None = None,
    note: str = "",
    at: datetime | None = None,
) -> SubmissionEvent:
    """Move `submission` on from the state that the caller saw, and write the event.

    `submission.status` is what the caller saw. The conditional UPDATE makes sure that it still
    stands, so of two moderators who decide at once one is told that it is too late.
    """
    at = at or timezone.now()
    seen = submission.status
    allowed, to_status = DECISIONS[kind]
    if seen not in allowed:
        raise StaleDecisionError(submission.reference)
    moderated_at = {Kind.RESTORED: None, Kind.WITHDRAWN: submission.moderated_at}.get(kind, at)
    with transaction.atomic():
        moved = Submission.objects.filter(pk=submission.pk, status=seen).update(
            status=to_status, reason=reason, moderated_at=moderated_at
        )
        if not moved:
            raise StaleDecisionError(submission.reference)
        event = SubmissionEvent.objects.create(
            submission=submission,
            kind=kind,
            at=at,
            actor=actor,
            from_status=seen,
            to_status=to_status,
            reason=reason,
            note=note,
        )
    submission.status, submission.reason, submission.moderated_at = to_status, reason, moderated_at
    return event
