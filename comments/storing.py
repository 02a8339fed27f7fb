"""Write what was received: rows under fresh references, and all that belongs to each, in a few statements for many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from comments import attachments, campaigns, references
from comments.likeness import Text
from comments.models import Attachment, Band, Contact, SearchEntry, Submission, SubmissionEvent
from comments.models.search import entries_of
from comments.models.storing_rows import insert, inserting, send

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# The columns of a submission that are worked out of its words.
WORKED_OUT = ("language", "fingerprint", "attention")


@dataclass
class New:
    """A submission that is to be stored, with what takes long to work out of its words; nothing is written yet."""

    row: Submission
    text: Text
    entries: list[SearchEntry]
    contact: Contact | None
    files: list[Attachment] = field(default_factory=list)


def draw_up(row: Submission, contact: Contact | None, known: Mapping[str, Any] | None = None) -> New:
    """Work out of the words what the search and the campaigns need: on SQLite nobody else can write meanwhile.

    What `worked_out` said of the same words is `known`.
    """
    text = Text(row)
    if known:
        text.numbers = known["numbers"]
        entries = [SearchEntry(submission=row, **entry) for entry in known["entries"]]
        return New(row, text, entries, contact)
    if not row.parent_id:
        # Kept with the text from now on.
        _ = text.numbers
    return New(row, text, list(entries_of(row)), contact)


def worked_out(new: New) -> dict[str, Any]:
    """Return what took long to work out of the words, as JSON can keep it."""
    columns = ("scope", "text", "leaves", "version")
    return {
        "columns": {name: getattr(new.row, name) for name in WORKED_OUT},
        "numbers": new.text.numbers,
        "entries": [{name: getattr(entry, name) for name in columns} for entry in new.entries],
    }


def store(new: Sequence[New], actor: User | None) -> None:
    """Store submissions of one plan in their order; the caller has called `campaigns.one_by_one`.

    Raises IntegrityError when a reference or an idempotency hash is taken; then the caller's transaction is over, and in
    another it may be called again.
    """
    rows = [one.row for one in new]
    for row in rows:
        row.pk, row.campaign = None, None
        row.reference = references.draw(row.plan.fiscal_year)
        row.lot = references.lot(row.reference)
    filed = campaigns.place([one.text for one in new if not one.row.parent_id])
    insert(rows)
    send(
        chain(
            inserting(_contacts(new)),
            inserting([_received(row, actor) for row in rows]),
            SearchEntry.objects.adding(entry for one in new for entry in one.entries),
            Band.objects.filing({text.submission.pk: text.numbers for text in filed}),
        )
    )
    for one in new:
        attachments.attach(one.row, one.files)


def _contacts(new: Sequence[New]) -> list[Contact]:
    return [one.contact for one in new if one.contact]


def _received(row: Submission, actor: User | None) -> SubmissionEvent:
    return SubmissionEvent(
        submission=row,
        kind=SubmissionEvent.Kind.RECEIVED,
        at=row.received_at,
        actor=actor,
        to_status=row.status,
    )
