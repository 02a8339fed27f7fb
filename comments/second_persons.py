"""What one person alone shall not decide: withholding where the plan wants two people, and second opinions.

While something waits for a second person, `Submission.asked` is the event that asked for one: who, when and why.
Each of these changes it, from what the caller saw, by a conditional UPDATE; so does every decision.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from comments import moderation
from comments.models import RejectionReason, Submission, SubmissionEvent
from comments.moderation import StaleDecisionError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Kind = SubmissionEvent.Kind
Status = Submission.Status


def reject(
    submission: Submission,
    *,
    actor: User,
    reason: RejectionReason,
    note: str = "",
    at: datetime | None = None,
) -> SubmissionEvent:
    """Withhold a submission; where the plan wants two people for it, propose that, or confirm another's proposal.

    A proposal takes what is published out of sight at once: back to the queue. Raises StaleDecisionError,
    SamePersonError.
    """
    if not submission.plan.rejection_needs_second_person or moderation.is_proposed(submission):
        return moderation.reject(submission, actor=actor, reason=reason, note=note, at=at)
    moderation.check_person(submission, actor)
    with transaction.atomic():
        if submission.status == Status.PUBLISHED:
            moderation.restore(submission, actor=actor, at=at)
        return _tell(
            submission, Kind.REJECTION_PROPOSED, actor=actor, reason=reason, note=note, at=at, waits=True
        )


def confirm(
    submission: Submission, *, actor: User, note: str = "", at: datetime | None = None
) -> SubmissionEvent:
    """Withhold what another person proposed to withhold, for the same reason. Raises StaleDecisionError, SamePersonError."""
    if not (moderation.is_proposed(submission) and submission.asked and submission.asked.reason):
        raise StaleDecisionError(submission.reference)
    return moderation.reject(submission, actor=actor, reason=submission.asked.reason, note=note, at=at)


def decline(
    submission: Submission, *, actor: User, note: str = "", at: datetime | None = None
) -> SubmissionEvent:
    """Leave pending what another person proposed to withhold, or take one's own proposal back. Raises StaleDecisionError."""
    if not (moderation.is_proposed(submission) and submission.asked):
        raise StaleDecisionError(submission.reference)
    is_own = submission.asked.actor_id == actor.pk
    kind = Kind.REJECTION_TAKEN_BACK if is_own else Kind.REJECTION_DECLINED
    return _tell(submission, kind, actor=actor, note=note, at=at, waits=False)


def ask(submission: Submission, *, actor: User, note: str, at: datetime | None = None) -> SubmissionEvent:
    """Leave a pending submission to another person, and say what the question is.

    From then on `actor` can't decide on it. Raises ValueError without a question, StaleDecisionError also for
    what waits for a second person already.
    """
    if not note.strip():
        raise ValueError("a question is needed")
    if submission.asked:
        raise StaleDecisionError(submission.reference)
    return _tell(submission, Kind.SECOND_OPINION_ASKED, actor=actor, note=note, at=at, waits=True)


def _tell(
    submission: Submission,
    kind: Kind,
    *,
    actor: User,
    waits: bool,
    note: str,
    at: datetime | None,
    reason: RejectionReason | None = None,
) -> SubmissionEvent:
    """Write the event; from then on the submission waits for a second person because of it, or for nobody."""
    if submission.status != Status.PENDING:
        raise StaleDecisionError(submission.reference)
    with transaction.atomic():
        event = SubmissionEvent.objects.tell(submission, kind, actor=actor, at=at, reason=reason, note=note)
        asked = event if waits else None
        if not Submission.everything.as_seen(submission).update(asked=asked):
            raise StaleDecisionError(submission.reference)
    submission.asked = asked
    return event
