"""Have a rejection looked at once more: its author asks, and somebody who took no part in it decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from comments import answering, intake, moderation
from comments.models import Appeal, Submission, SubmissionEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Kind = SubmissionEvent.Kind
Status = Submission.Status
Outcome = Appeal.Outcome
LONGEST = intake.LONGEST_REPLY


class NotAppealableError(Exception):
    """There is no rejection to appeal against, or its author has appealed against it already."""


class TookPartError(Exception):
    """Whoever took part in the rejection can't decide on the appeal against it."""


def can_appeal(submission: Submission) -> bool:
    """Tell whether its author can appeal: it is rejected, its words are there, and no appeal waits or was upheld."""
    is_rejected = submission.status == Status.REJECTED and submission.is_kept
    return is_rejected and not Appeal.objects.not_granted().filter(submission=submission).exists()


def lodge(submission: Submission, words: str, *, at: datetime | None = None) -> Appeal:
    """Keep what its author says against the rejection; the same words twice are one appeal.

    Raises ValidationError for words that can't be received, NotAppealableError.
    """
    intake.check_body(words, most=LONGEST)
    at = at or timezone.now()
    with transaction.atomic():
        row = _locked(submission)
        made = Appeal.objects.not_granted().filter(submission=row, body=words).first()
        if made:
            return made
        if not can_appeal(row):
            raise NotAppealableError(row.reference)
        SubmissionEvent.objects.tell(row, Kind.APPEALED, at=at)
        return Appeal.objects.create(submission=row, body=words, at=at)


def uphold(appeal: Appeal, *, actor: User, words: str, at: datetime | None = None) -> None:
    """Let the rejection stand, and tell its author why.

    Raises ValueError without words, TookPartError, moderation.StaleDecisionError.
    """
    if not words.strip():
        raise ValueError("its author must be told why")
    at = at or timezone.now()
    with transaction.atomic():
        row = _settle(appeal, Outcome.UPHELD, actor, words, at)
        SubmissionEvent.objects.tell(row, Kind.APPEAL_UPHELD, actor=actor, at=at)


def grant(
    appeal: Appeal, *, actor: User, publishes: bool, words: str = "", at: datetime | None = None
) -> None:
    """Set the rejection aside: publish at once, or return it to the queue, where something can be covered.

    Raises TookPartError, moderation.StaleDecisionError, moderation.PersonalDataError.
    """
    at = at or timezone.now()
    with transaction.atomic():
        row = _settle(appeal, Outcome.GRANTED, actor, words, at)
        SubmissionEvent.objects.tell(row, Kind.APPEAL_GRANTED, actor=actor, at=at)
        moderation.restore(row, actor=actor, at=at)
        if publishes:
            moderation.publish(row, actor=actor, at=at)
            answering.catch_up(row)


def took_part(rows: Iterable[Submission]) -> dict[int, set[int]]:
    """Return, by the key of each of `rows` that was rejected, the keys of the staff who took part in that.

    These are all who acted on it from when it began to await review, before the appeal, to the last rejection.
    """
    acting: defaultdict[int, set[int]] = defaultdict(set)
    taking: dict[int, set[int]] = {}
    appealed = set()
    events = SubmissionEvent.objects.filter(submission__in=list(rows)).order_by("pk")
    for event in events.only("submission", "kind", "from_status", "to_status", "actor", "proposer"):
        key = event.submission_id
        begins = event.to_status == Status.PENDING != event.from_status
        if begins and key not in appealed:
            acting[key] = set()
        else:
            acting[key].update(filter(None, (event.actor_id, event.proposer_id)))
        if event.kind == Kind.APPEALED:
            appealed.add(key)
        if event.kind == Kind.APPEAL_GRANTED:
            # A rejection after that is another one.
            appealed.discard(key)
        if event.kind == Kind.REJECTED:
            taking[key] = set(acting[key])
    return taking


def _settle(appeal: Appeal, outcome: Outcome, actor: User, words: str, at: datetime) -> Submission:
    """Write the outcome, once, and return the submission, locked, as it stands."""
    row = _locked(appeal.submission)
    if row.status != Status.REJECTED or not row.is_kept:
        raise moderation.StaleDecisionError(row.reference)
    if actor.pk in took_part([row]).get(row.pk, ()):
        raise TookPartError(row.reference)
    settled = {"outcome": outcome, "reply": words, "decided_at": at, "decided_by": actor}
    if not Appeal.objects.filter(pk=appeal.pk, outcome="").update(**settled):
        raise moderation.StaleDecisionError(row.reference)
    return row


def _locked(submission: Submission) -> Submission:
    return Submission.everything.select_for_update(of=("self",), no_key=True).get(pk=submission.pk)
