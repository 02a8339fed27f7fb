"""The only door for new words, whatever the channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import attachments, campaigns, references, sameness, storing
from comments.models import (
    Contact,
    DevelopmentGoal,
    District,
    Meeting,
    Plan,
    Sector,
    Submission,
)
from comments.models.storing_rows import standing
from comments.text import attention, graphemes, language, similarity, storable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SHORTEST = 10
LONGEST = 8_000
LONGEST_REPLY = 2_000
# One grapheme may carry any number of marks; this bounds the bytes that 8,000 of them can take.
_MOST_CODE_POINTS = 10 * LONGEST
_REFERENCE_DRAWS = 5


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
    # Graphemes are at most as many as code points.
    length = graphemes.count(body) if most < len(body) <= _MOST_CODE_POINTS else len(body)
    if length > most:
        raise ValidationError(
            _("The text has %(length)d characters. At most %(most)d can be received."),
            "too_long",
            {"length": length, "most": most},
        )
    visible = graphemes.count_visible(body, most=SHORTEST)
    if visible < SHORTEST:
        raise ValidationError(
            _("Please write at least %(least)d characters; there are %(length)d so far."),
            "too_short",
            {"length": visible, "least": SHORTEST},
        )


@dataclass(frozen=True)
class Prepared:
    """A statement that can be received, with what is worked out of its words before anything is written."""

    statement: Statement
    secret: str
    new: storing.New

    @property
    def row(self) -> Submission:
        """Return the submission that it becomes, unless it is there already."""
        return self.new.row


Outcome = Receipt | NotAcceptingError | AlreadySentError


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
    prepared = prepare(statement, idempotency_key=idempotency_key, channel=channel, at=at)
    # The files are written before the transaction begins: on SQLite it lets nobody else write.
    with attachments.written(statement.attachments) as files:
        prepared.new.files = files
        (outcome,) = receive_many([prepared], actor=actor)
    if not isinstance(outcome, Receipt):
        raise outcome
    return outcome


def prepare(
    statement: Statement,
    *,
    idempotency_key: str,
    channel: str,
    at: datetime | None = None,
    known: Mapping[str, Any] | None = None,
) -> Prepared:
    """Do for a statement what needs no database. Raises ValidationError, as `receive`.

    What `storing.worked_out` said of its words, once they were prepared, is not worked out again when it is `known`.
    """
    if not known:
        check_body(statement.body, most=LONGEST_REPLY if statement.parent else LONGEST)
    attachments.check_number(len(statement.attachments))
    columns = known["columns"] if known else _worked_out(statement.body)
    row = _row(statement, idempotency_key, channel, at or timezone.now(), columns)
    new = storing.draw_up(row, _contact(statement, row), known)
    return Prepared(statement, references.secret_for(idempotency_key), new)


def _contact(statement: Statement, row: Submission) -> Contact | None:
    """Return how to reach its author; without an address there is nobody to send news to."""
    email, phone = statement.email, statement.phone
    if not (email or phone):
        return None
    return Contact(submission=row, email=email, phone=phone, wants_updates=statement.wants_updates)


def receive_many(prepared: Sequence[Prepared], *, actor: User | None = None) -> list[Outcome]:
    """Do what `receive` does for statements of one plan, one after the other; return what became of each.

    It is one transaction, and the number of its statements hardly grows with theirs. What can't be received is
    returned, not raised.
    """
    if not prepared:
        return []
    for _draw in range(_REFERENCE_DRAWS):
        try:
            with transaction.atomic():
                there = _store_missing(prepared, actor)
        except IntegrityError:
            # A twin of another plan has committed (PostgreSQL made us wait for it), or a reference was taken.
            if not _is_taken(prepared):
                raise
        else:
            return [_outcome(one, there.get(one.row.idempotency_hash)) for one in prepared]
    raise RuntimeError("no free reference found")


def _outcome(one: Prepared, stored: Submission | None) -> Outcome:
    if stored is None:
        return NotAcceptingError(one.statement.plan.title)
    is_new = stored is one.row
    if not is_new and not sameness.says_the_same(stored, one.row, one.new.contact, one.statement.attachments):
        return AlreadySentError(stored)
    return Receipt(stored, one.secret, is_new)


def _store_missing(prepared: Sequence[Prepared], actor: User | None) -> dict[str, Submission]:
    """Store what is not there yet and can be accepted; return all that is there then, by the hash of its key."""
    plan = campaigns.one_by_one(prepared[0].row.plan_id)
    there = _there(prepared)
    missing: dict[str, storing.New] = {}
    for one in prepared:
        if one.row.idempotency_hash not in there and _is_accepted(one, plan):
            missing.setdefault(one.row.idempotency_hash, one.new)
    storing.store(list(missing.values()), actor)
    return there | {key: new.row for key, new in missing.items()}


def _there(prepared: Iterable[Prepared]) -> dict[str, Submission]:
    hashes = standing(Submission, "idempotency_hash", [one.row.idempotency_hash for one in prepared])
    rows = Submission.everything.filter(idempotency_hash__in=hashes) if hashes else []
    return {row.idempotency_hash: row for row in rows}


def _is_taken(prepared: Iterable[Prepared]) -> bool:
    """Tell whether something is there now that stood in the way of those that were to be stored."""
    tried = [one.row for one in prepared if one.row.reference]
    taken = Q(idempotency_hash__in=[row.idempotency_hash for row in tried])
    return Submission.everything.filter(taken | Q(reference__in=[row.reference for row in tried])).exists()


def _is_accepted(one: Prepared, plan: Plan) -> bool:
    """Tell whether the plan takes it at its moment; a reply only to an opinion that everybody can read."""
    parent = one.statement.parent
    if parent and not Submission.objects.published().filter(pk=parent.pk, plan=plan).exists():
        return False
    return plan.is_accepting(one.row.received_at)


def sent_before(statement: Statement, *, idempotency_key: str) -> Submission | None:
    """Return what came of an earlier sending of just this statement under this key, or None."""
    row = _row(statement, idempotency_key, "", timezone.now(), _worked_out(statement.body))
    stored = Submission.everything.filter(idempotency_hash=row.idempotency_hash).first()
    contact, files = _contact(statement, row), statement.attachments
    return stored if stored and sameness.says_the_same(stored, row, contact, files) else None


def _worked_out(body: str) -> dict[str, Any]:
    return {
        "language": language.detect(body),
        "fingerprint": similarity.fingerprint(body),
        "attention": attention.level(body),
    }


def _row(
    statement: Statement, idempotency_key: str, channel: str, at: datetime, worked_out: Mapping[str, Any]
) -> Submission:
    return Submission(
        idempotency_hash=references.hash_key(idempotency_key),
        secret_hash=references.hash_secret(references.secret_for(idempotency_key)),
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
        display_name=statement.display_name,
        organisation=statement.organisation,
        shows_name=statement.shows_name,
        **worked_out,
    )
