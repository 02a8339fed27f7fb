"""The only door for new words, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import attachments, campaigns, references
from comments.models import (
    Contact,
    DevelopmentGoal,
    District,
    Meeting,
    Plan,
    SearchEntry,
    Sector,
    Submission,
    SubmissionEvent,
)
from comments.text import attention, graphemes, language, similarity, storable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SHORTEST = 10
LONGEST = 8_000
LONGEST_REPLY = 2_000
# One grapheme may carry any number of marks; this bounds the bytes that 8,000 of them can take.
_MOST_CODE_POINTS = 10 * LONGEST
_REFERENCE_DRAWS = 5
# What makes a second sending the same as the first.
_SAID = (
    "plan_id",
    "parent_id",
    "meeting_id",
    "about",
    "kind",
    "stance",
    "sector_id",
    "district_id",
    "is_outside_bangkok",
    "body",
    "display_name",
    "organisation",
    "shows_name",
    # Differs when the server's key was replaced in between: the derived secret would open nothing.
    "secret_hash",
)


class NotAcceptingError(Exception):
    """The plan takes nothing at this moment, or the opinion that the reply is to is not published."""


class AlreadySentError(Exception):
    """The form with this idempotency key was sent before, with other words."""

    def __init__(self, submission: Submission) -> None:
        """Keep the submission that came of the first sending."""
        super().__init__(submission.reference)
        self.submission = submission


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What somebody says, about what, as whom, and how to reach them; with a `parent`, in reply to it."""

    plan: Plan
    sector: Sector
    body: str
    parent: Submission | None = None
    goal: DevelopmentGoal | None = None
    meeting: Meeting | None = None
    about: str = Submission.About.GOALS
    kind: str = Submission.Kind.OPINION
    stance: str = ""
    district: District | None = None
    is_outside_bangkok: bool = False
    display_name: str = ""
    organisation: str = ""
    shows_name: bool = False
    email: str = ""
    phone: str = ""
    wants_updates: bool = False
    attachments: tuple[attachments.Accepted, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """The proof for the author; the secret exists nowhere else in clear text."""

    submission: Submission
    secret: str
    is_new: bool


def check_storable(text: str) -> None:
    """Raise ValidationError when `text` can't be kept exactly as it came."""
    match storable.flaw(text):
        case "nul":
            raise ValidationError(_("The text contains a null character. Please remove it."), "nul")
        case "unreadable":
            raise ValidationError(
                _("The text contains a character that can't be read. Please remove or retype it."),
                "unreadable",
            )


def check_body(body: str, *, most: int = LONGEST) -> None:
    """Raise ValidationError (nul, unreadable, too_short, too_long) unless `body` can be received.

    Length is 10 to `most` graphemes. Only those that show ink count for the minimum; all of them
    count for the maximum.
    """
    check_storable(body)
    length = graphemes.count(body) if len(body) <= _MOST_CODE_POINTS else len(body)
    if length > most:
        raise ValidationError(
            _("The text has %(length)d characters. At most %(most)d can be received."),
            "too_long",
            {"length": length, "most": most},
        )
    visible = graphemes.count_visible(body)
    if visible < SHORTEST:
        raise ValidationError(
            _("Please write at least %(least)d characters; there are %(length)d so far."),
            "too_short",
            {"length": visible, "least": SHORTEST},
        )


def receive(
    statement: Statement,
    *,
    idempotency_key: str,
    channel: str,
    at: datetime | None = None,
    actor: User | None = None,
) -> Receipt:
    """Store a statement with its contact details and the event, once, and return its receipt.

    `actor` is who typed it in or brought it in, None for what its author sent.
    The same statement under the same key is one row and one receipt, however often and however
    much in parallel it comes, also after the plan has closed. Raises ValidationError for a body
    that can't be received or too many files, NotAcceptingError when the plan is closed at `at` or what
    it replies to is not published, AlreadySentError when the key was used for other words.
    """
    check_body(statement.body, most=LONGEST_REPLY if statement.parent else LONGEST)
    attachments.check_number(len(statement.attachments))
    at = at or timezone.now()
    row = _row(statement, references.hash_key(idempotency_key), channel, at)
    secret = references.secret_for(idempotency_key)
    row.secret_hash = references.hash_secret(secret)
    # The files are written before the transaction begins: on SQLite it lets nobody else write.
    with attachments.written(statement.attachments) as files, transaction.atomic():
        stored = _find(row.idempotency_hash)
        if stored is None:
            if not _is_accepted(statement, at):
                raise NotAcceptingError(statement.plan.title)
            stored = _insert(row)
        is_new = stored is row
        if is_new:
            _record(row, statement, actor)
            attachments.attach(row, files)
            if not row.parent_id:
                campaigns.join(row)
    if not is_new and not _says_the_same(stored, row, statement):
        raise AlreadySentError(stored)
    return Receipt(stored, secret, is_new)


def _is_accepted(statement: Statement, at: datetime) -> bool:
    """Tell whether the plan takes it now; a reply only to an opinion that everybody can read."""
    parent = statement.parent
    if parent and not Submission.objects.published().filter(pk=parent.pk, plan=statement.plan).exists():
        return False
    return Plan.objects.accepting(at).filter(pk=statement.plan.pk).exists()


def sent_before(statement: Statement, *, idempotency_key: str) -> Submission | None:
    """Return what came of an earlier sending of just this statement under this key, or None."""
    row = _row(statement, references.hash_key(idempotency_key), "", timezone.now())
    row.secret_hash = references.hash_secret(references.secret_for(idempotency_key))
    stored = _find(row.idempotency_hash)
    return stored if stored and _says_the_same(stored, row, statement) else None


def _row(statement: Statement, idempotency_hash: str, channel: str, at: datetime) -> Submission:
    return Submission(
        idempotency_hash=idempotency_hash,
        received_at=at,
        channel=channel,
        plan=statement.plan,
        parent=statement.parent,
        goal=statement.goal,
        meeting=statement.meeting,
        about=statement.about,
        kind=statement.kind,
        stance=statement.stance,
        sector=statement.sector,
        district=statement.district,
        is_outside_bangkok=statement.is_outside_bangkok,
        body=statement.body,
        language=language.detect(statement.body),
        display_name=statement.display_name,
        organisation=statement.organisation,
        shows_name=statement.shows_name,
        fingerprint=similarity.fingerprint(statement.body),
        attention=attention.level(statement.body),
    )


def _find(idempotency_hash: str) -> Submission | None:
    return Submission.everything.filter(idempotency_hash=idempotency_hash).first()


def _insert(row: Submission) -> Submission:
    """Insert `row` under a fresh reference, or return the row that a parallel twin inserted."""
    for _draw in range(_REFERENCE_DRAWS):
        row.reference = references.draw(row.plan.fiscal_year)
        row.lot = references.lot(row.reference)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            # The twin has committed (PostgreSQL made us wait for it), or the reference was taken.
            if twin := _find(row.idempotency_hash):
                return twin
            if not Submission.everything.filter(reference=row.reference).exists():
                raise
        else:
            return row
    raise RuntimeError("no free reference found")


def _record(row: Submission, statement: Statement, actor: User | None) -> None:
    if statement.email or statement.phone:
        Contact.objects.create(
            submission=row,
            email=statement.email,
            phone=statement.phone,
            wants_updates=statement.wants_updates,
        )
    SubmissionEvent.objects.create(
        submission=row,
        kind=SubmissionEvent.Kind.RECEIVED,
        at=row.received_at,
        actor=actor,
        to_status=row.status,
    )
    SearchEntry.objects.index([row])


def _says_the_same(stored: Submission, row: Submission, statement: Statement) -> bool:
    contact = Contact.objects.filter(submission=stored).first() or Contact()
    stored_contact = (contact.email, contact.phone, contact.wants_updates)
    # Without an address there is no row, and nobody to send news to.
    wants_updates = bool(contact.pk) and statement.wants_updates
    return (
        stored_contact == (statement.email, statement.phone, wants_updates)
        and all(getattr(stored, name) == getattr(row, name) for name in _SAID)
        and _is_on_the_same_goal(stored, row)
        and attachments.are_those_of(stored, statement.attachments)
    )


def _is_on_the_same_goal(stored: Submission, row: Submission) -> bool:
    """Compare with the goal as received; a reply has that of its opinion, and goes where that goes."""
    code = row.goal.code if row.goal else ""
    return row.parent_id is not None or SubmissionEvent.objects.goal_as_received(stored) == code
