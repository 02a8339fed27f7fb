"""Tell whether a second sending says the same as the first."""

from __future__ import annotations

from collections.abc import Iterable

from comments import attachments
from comments.models import Contact, Submission, SubmissionEvent

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


def says_the_same(
    stored: Submission, row: Submission, contact: Contact | None, files: Iterable[attachments.Accepted]
) -> bool:
    """Compare what is stored with a row that is not, its contact details and its files."""
    there = Contact.objects.filter(submission=stored).first()
    return (
        _reached_by(there) == _reached_by(contact)
        and all(getattr(stored, name) == getattr(row, name) for name in _SAID)
        and _is_on_the_same_goal(stored, row)
        and attachments.are_those_of(stored, files)
    )


def _reached_by(contact: Contact | None) -> tuple[str, str, bool]:
    return (contact.email, contact.phone, contact.wants_updates) if contact else ("", "", False)


def _is_on_the_same_goal(stored: Submission, row: Submission) -> bool:
    """Compare with the goal as received; a reply has that of its opinion, and goes where that goes."""
    code = row.goal.code if row.goal else ""
    return row.parent_id is not None or SubmissionEvent.objects.goal_as_received(stored) == code
