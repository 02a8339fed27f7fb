"""Decide what the public sees: each decision is one event with one actor and one reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from comments.models import (
    Attachment,
    Contact,
    Flag,
    Redaction,
    RejectionReason,
    SearchEntry,
    Submission,
    SubmissionEvent,
)
from comments.text import attention, personal_data, redaction

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

# What can be covered: what is, or may yet be, before the public.
REDACTABLE = frozenset({Status.PENDING, Status.PUBLISHED})


class PersonalDataError(Exception):
    """The words that the public would read hold personal data of a kind that is never published."""


class SamePersonError(Exception):
    """Who asked for a second person can't be that person."""


class SecondPersonNeededError(Exception):
    """The plan wants two people to withhold something, and nobody has proposed it yet."""


class StaleDecisionError(Exception):
    """The submission is no longer in the state that the decision was taken on."""


def publish(
    submission: Submission, *, actor: User, note: str = "", at: datetime | None = None
) -> SubmissionEvent:
    """Publish a pending submission. Raises StaleDecisionError, SamePersonError, PersonalDataError."""
    if _holds_what_is_never_published(submission.public_body):
        raise PersonalDataError(submission.reference)
    return _decide(submission, Kind.PUBLISHED, actor=actor, note=note, at=at)


def reject(
    submission: Submission,
    *,
    actor: User,
    reason: RejectionReason,
    note: str = "",
    at: datetime | None = None,
) -> SubmissionEvent:
    """Withhold a pending or published submission, with a coded reason; see also `second_persons.reject`.

    Raises StaleDecisionError, SamePersonError, and SecondPersonNeededError where it must be proposed first.
    """
    if submission.plan.rejection_needs_second_person and not is_proposed(submission):
        raise SecondPersonNeededError(submission.reference)
    return _decide(submission, Kind.REJECTED, actor=actor, reason=reason, note=note, at=at)


def restore(
    submission: Submission, *, actor: User, note: str = "", at: datetime | None = None
) -> SubmissionEvent:
    """Undo a decision: return the submission to the queue. Raises StaleDecisionError."""
    return _decide(submission, Kind.RESTORED, actor=actor, note=note, at=at)


def withdraw(
    submission: Submission, *, actor: User | None = None, at: datetime | None = None
) -> SubmissionEvent:
    """Take a submission back for its author, or by an `actor` whom the author asked. Raises StaleDecisionError."""
    return _decide(submission, Kind.WITHDRAWN, actor=actor, at=at)


def can_withdraw(submission: Submission) -> bool:
    """Tell whether its author can take a submission back."""
    return submission.status in DECISIONS[Kind.WITHDRAWN][0]


def is_proposed(submission: Submission) -> bool:
    """Tell whether somebody has proposed to withhold a submission, and waits for another person."""
    return submission.asked is not None and submission.asked.kind == Kind.REJECTION_PROPOSED


def check_person(submission: Submission, actor: User | None) -> None:
    """Raise SamePersonError for the one who left a submission to another person."""
    if actor and submission.asked and submission.asked.actor_id == actor.pk:
        raise SamePersonError(submission.reference)


def redact(
    submission: Submission,
    spans: Iterable[tuple[int, int, str]],
    *,
    actor: User,
    note: str = "",
    at: datetime | None = None,
) -> SubmissionEvent:
    """Cover `spans` (start, end in code points of the author's words, reason) and nothing else.

    They replace what was covered before; none at all uncovers everything. The author's words stay
    as they are. Raises ValueError for a span that is empty, overlaps another or reaches outside of
    the text, PersonalDataError when a published text would show what is never published, and
    StaleDecisionError when the submission is no longer pending or published.
    """
    covered = sorted(spans)
    if any(later[0] < earlier[1] for earlier, later in pairwise(covered)):
        raise ValueError("redactions overlap")
    out_of_sight = [(start, end) for start, end, _reason in covered]
    redacted_body = redaction.apply(submission.words, out_of_sight)
    seen = submission.status
    if seen not in REDACTABLE:
        raise StaleDecisionError(submission.reference)
    with transaction.atomic():
        # The UPDATE comes first: it locks the row, and no decision can come in between.
        _check_publishable(seen, redacted_body, submission.reference)
        # As for a decision: what the caller saw covered must be what is covered.
        changed = Submission.everything.as_seen(submission).update(
            redacted_body=redacted_body if covered else "",
            attention=attention.level(submission.words, out_of_sight),
        )
        if not changed:
            raise StaleDecisionError(submission.reference)
        event = SubmissionEvent.objects.create(
            submission=submission,
            kind=Kind.REDACTED,
            at=at or timezone.now(),
            actor=actor,
            from_status=seen,
            to_status=seen,
            note=note,
        )
        Redaction.objects.bulk_create(
            Redaction(event=event, start=start, end=end, reason=reason) for start, end, reason in covered
        )
        submission.redacted_body = redacted_body if covered else ""
        SearchEntry.objects.index([submission])
    return event


def withhold_file(attachment: Attachment, *, actor: User, note: str) -> SubmissionEvent:
    """Keep one file from the public, whatever becomes of the words. Raises ValueError, StaleDecisionError."""
    return _show_file(attachment, Kind.FILE_WITHHELD, actor=actor, note=note)


def release_file(attachment: Attachment, *, actor: User, note: str) -> SubmissionEvent:
    """Let the public open a file again while its opinion is published. Raises ValueError, StaleDecisionError."""
    return _show_file(attachment, Kind.FILE_RELEASED, actor=actor, note=note)


def _show_file(attachment: Attachment, kind: Kind, *, actor: User, note: str) -> SubmissionEvent:
    if not note.strip():
        raise ValueError("a reason is needed")
    is_withheld = kind == Kind.FILE_WITHHELD
    with transaction.atomic():
        rows = Attachment.objects.kept().filter(pk=attachment.pk, is_withheld=not is_withheld)
        changed = rows.update(is_withheld=is_withheld)
        if not changed:
            raise StaleDecisionError(attachment.name)
        event = SubmissionEvent.objects.create(
            submission=attachment.submission,
            kind=kind,
            actor=actor,
            note=f"{attachment.position}. {attachment.name}: {note}",
        )
    attachment.is_withheld = is_withheld
    return event


def redactions(submission: Submission) -> list[Redaction]:
    """Return what is covered now, in the order of the text."""
    # An edit makes words in which nothing is covered yet, an erasure leaves none.
    setting = submission.events.filter(kind__in=(Kind.REDACTED, Kind.EDITED, Kind.ERASED))
    last = setting.order_by("-pk").first()
    return list(last.redactions.order_by("start")) if last else []


def covered_in(rows: Iterable[Submission]) -> defaultdict[int, list[Redaction]]:
    """Return what is covered now in each of `rows`, by its key, in the order of the text."""
    covered: defaultdict[int, list[Redaction]] = defaultdict(list)
    if with_some := [row.pk for row in rows if row.redacted_body]:
        events = SubmissionEvent.objects.filter(submission__in=with_some, kind=Kind.REDACTED).order_by()
        last = events.values("submission").annotate(last=Max("pk")).values("last")
        for one in Redaction.objects.filter(event__in=last).select_related("event").order_by("start"):
            covered[one.event.submission_id].append(one)
    return covered


def _check_publishable(status: str, words: str, reference: str) -> None:
    if status == Status.PUBLISHED and _holds_what_is_never_published(words):
        raise PersonalDataError(reference)


def _holds_what_is_never_published(words: str) -> bool:
    return any(found.severity == "block" for found in personal_data.find(words))


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
    if kind in (Kind.PUBLISHED, Kind.REJECTED):
        check_person(submission, actor)
    first = submission.asked if kind == Kind.REJECTED and is_proposed(submission) else None
    moderated_at = {Kind.RESTORED: None, Kind.WITHDRAWN: submission.moderated_at}.get(kind, at)
    with transaction.atomic():
        # The words, too, must be those that the caller saw: what was covered may be uncovered, or edited.
        moved = Submission.everything.as_seen(submission).update(
            status=to_status, reason=reason, moderated_at=moderated_at, asked=None
        )
        if not moved:
            raise StaleDecisionError(submission.reference)
        _count_reply(submission, to_status)
        _settle_flags(submission, kind, actor, at)
        event = SubmissionEvent.objects.create(
            submission=submission,
            kind=kind,
            at=at,
            actor=actor,
            proposer=first.actor if first else None,
            from_status=seen,
            to_status=to_status,
            reason=reason,
            note=note,
        )
    submission.status, submission.reason, submission.moderated_at = to_status, reason, moderated_at
    submission.asked = None
    return event


def _count_reply(submission: Submission, to_status: str) -> None:
    """Keep the number of published replies beside the opinion; the UPDATE before makes sure that each is told once."""
    step = (to_status == Status.PUBLISHED) - (submission.status == Status.PUBLISHED)
    if submission.parent_id and step:
        Submission.objects.filter(pk=submission.parent_id).update(reply_count=F("reply_count") + step)


def _settle_flags(submission: Submission, kind: Kind, actor: User | None, at: datetime) -> None:
    """Close the reports of readers on what is withheld: they are answered by it, and stay so when it is restored."""
    if kind == Kind.REJECTED and actor and Flag.objects.filter(submission=submission).close(at, actor):
        Submission.everything.filter(pk=submission.pk).update(flag_count=0)
        submission.flag_count = 0
