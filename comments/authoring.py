"""What authors can still do with their words: open the receipt, edit, change how to be reached, ask for erasure."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from comments import campaigns, intake, moderation, references
from comments.limits import Limit
from comments.models import (
    Contact,
    ErasureRequest,
    SearchEntry,
    Submission,
    SubmissionEvent,
    SubmissionVersion,
)
from comments.text import attention, language, similarity

Kind = SubmissionEvent.Kind

WRONG_SECRETS = Limit("secret", most=5, within=timedelta(minutes=15))
_NO_HASH = "0" * 64


class StaleEditError(Exception):
    """The words can no longer be edited, or are no longer those that the author saw."""


def open_receipt(reference: str, secret: str, *, at: datetime | None = None) -> Submission | None:
    """Return the submission that both keys open, None where they open nothing. Raises TooManyTriesError.

    After five wrong secrets for a reference in a quarter of an hour none is looked at until it is over.
    A reference that nobody has behaves the same and takes as long.
    """
    WRONG_SECRETS.take(reference, at=at)
    row = Submission.everything.filter(reference=reference).order_by().first()
    stored = row.secret_hash if row else _NO_HASH
    if not constant_time_compare(stored, references.hash_secret(secret)):
        return None
    WRONG_SECRETS.give_back(reference)
    return row


def longest(submission: Submission) -> int:
    """Return how many graphemes its words may have: a reply is shorter."""
    return intake.LONGEST_REPLY if submission.parent_id else intake.LONGEST


def edit(submission: Submission, words: str, *, at: datetime | None = None) -> bool:
    """Put `words` in the place of those that the author saw; tell whether that made a new version.

    `submission.edition` is what the author saw. The words as received stay; what was covered in the old
    words is no longer covered, and the campaign is found anew. The same words twice are one version.
    Raises ValidationError for words that can't be received, StaleEditError when somebody decided in
    the meantime, the time is over, or other words came first.
    """
    intake.check_body(words, most=longest(submission))
    at = at or timezone.now()
    with transaction.atomic():
        # First of all, as at intake: whoever waited for it with rows locked could wait for ever.
        campaigns.one_by_one(submission.plan_id)
        now = Submission.everything.select_for_update(of=("self",), no_key=True).get(pk=submission.pk)
        if _lines(words) == _lines(now.words):
            return False
        if now.edition != submission.edition or not now.is_editable(at):
            raise StaleEditError(now.reference)
        _store(now, words, at)
    return True


def _store(row: Submission, words: str, at: datetime) -> None:
    before = row.words
    # Whoever asked for a second person asked about other words.
    row.edited_body, row.redacted_body, row.asked = words, "", None
    row.edition += 1
    row.language, row.fingerprint = language.detect(words), similarity.fingerprint(words)
    row.attention = attention.level(words)
    row.save(
        update_fields=[
            "edited_body",
            "redacted_body",
            "asked",
            "edition",
            "language",
            "fingerprint",
            "attention",
        ]
    )
    SubmissionVersion.objects.create(
        submission=row, number=row.edition, body=words, language=row.language, at=at
    )
    SubmissionEvent.objects.tell(row, Kind.EDITED, at=at)
    SearchEntry.objects.index([row])
    if not row.parent_id:
        campaigns.rejoin(row, before)


def change_wishes(
    submission: Submission, *, email: str, phone: str, wants_updates: bool, at: datetime | None = None
) -> None:
    """Change how to reach the author, and whether news are wanted; news need a way to send them.

    Raises StaleEditError when everything is erased, and no contact details are wanted any more.
    """
    wishes = {
        "email": email,
        "phone": phone,
        "wants_updates": wants_updates and bool(email or phone),
    }
    with transaction.atomic():
        if not Submission.everything.kept().select_for_update(no_key=True).filter(pk=submission.pk).exists():
            raise StaleEditError(submission.reference)
        Contact.objects.update_or_create(submission=submission, defaults=wishes)
        SubmissionEvent.objects.tell(submission, Kind.CONTACT_CHANGED, at=at)


def ask_for_erasure(submission: Submission, *, at: datetime | None = None) -> ErasureRequest:
    """Note that the author wants everything erased, and take the words back at once where that is possible.

    Asking again changes nothing. Raises moderation.StaleDecisionError.
    """
    at = at or timezone.now()
    with transaction.atomic():
        request, is_new = ErasureRequest.objects.get_or_create(
            submission=submission, defaults={"asked_at": at}
        )
        if is_new:
            if moderation.can_withdraw(submission):
                moderation.withdraw(submission, at=at)
            SubmissionEvent.objects.tell(submission, Kind.ERASURE_ASKED, at=at)
    return request


def _lines(words: str) -> str:
    # A browser turns the ends of lines into CR LF when it sends them.
    return words.replace("\r\n", "\n").replace("\r", "\n")
