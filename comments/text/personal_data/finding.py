"""What a search for personal data finds, and how grave it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from comments.text.spans import Span

Kind = Literal[
    "national_id",
    "mobile_phone",
    "landline",
    "email",
    "line_id",
    "bank_account",
    "card",
    "passport",
    "house_number",
    "licence_plate",
    "person_name",
]
# block: never published. mask: covered unless a moderator decides otherwise. warn: the author is asked,
# the moderator is told. review: the moderator decides.
Severity = Literal["block", "mask", "warn", "review"]
GRAVEST_FIRST: tuple[Severity, ...] = ("block", "mask", "warn", "review")


class Hit(NamedTuple):
    """A stretch of a folded text that looks like personal data."""

    start: int
    end: int
    kind: Kind
    severity: Severity


@dataclass(frozen=True)
class Finding:
    """A stretch of the original text that looks like personal data, in code points.

    >>> Finding(0, 3, "email", "mask").span
    Span(start=0, end=3)
    """

    start: int
    end: int
    kind: Kind
    severity: Severity

    @property
    def span(self) -> Span:
        """Return where it stands, as `comments.text.redaction` takes it."""
        return Span(self.start, self.end)
