"""Tell authors what in their words looks like personal data, while they can still mend it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments.forms.fields import TextField
from comments.models import Redaction
from comments.text import personal_data

if TYPE_CHECKING:
    from comments.text.personal_data import Finding

# The rest, such as the name of an official, is for the moderators to weigh.
_SEVERITIES = ("block", "mask", "warn")
# A text of nothing but numbers is no reason for an endless answer.
MOST_TOLD = 20


class WordsForm(forms.Form):
    """The words alone, before they are sent."""

    body = TextField(max_length=personal_data.MOST_READ, required=True, strip=False)


class HoldsBack(Protocol):
    """A form that asks once about its `body`; the template draws the question from these two."""

    mark_to_keep: str
    is_kept: bool

    @property
    def errors(self) -> Any: ...
    def add_error(self, field: str | None, error: Any) -> None: ...


@dataclass(frozen=True)
class Told:
    """One thing that the author is told of: the words themselves, what they look like, how grave."""

    finding: Finding
    excerpt: str

    @property
    def label(self) -> str:
        """Return what it looks like, in the active language."""
        return str(Redaction.Reason(self.finding.kind).label)

    @property
    def is_never_published(self) -> bool:
        """Tell whether a text that shows it can't be published."""
        return self.finding.severity == "block"

    def as_json(self) -> dict[str, object]:
        """Return what a script needs to show it; the positions are code points."""
        found = self.finding
        return {
            "kind": found.kind,
            "label": self.label,
            "start": found.start,
            "end": found.end,
            "severity": found.severity,
        }


def findings(body: str) -> list[Told]:
    """Return what the author of `body` is told of, in the order of the text, each place once."""
    found = (one for one in personal_data.find(body) if one.severity in _SEVERITIES)
    return [Told(one, body[one.start : one.end]) for one in islice(found, MOST_TOLD)]


def never_published(body: str) -> list[Told]:
    """Return what in `body` can't be published as it stands, in the order of the text."""
    found = (one for one in personal_data.find(body) if one.severity == "block")
    return [Told(one, body[one.start : one.end]) for one in islice(found, MOST_TOLD)]


def mark(body: str) -> str:
    """Return what stands for just these words, so that leave to keep them holds for no others.

    A browser turns the ends of lines into CR LF when it sends them.
    """
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def ask_to_keep(form: HoldsBack, body: str, kept: str) -> None:
    """Hold an otherwise valid form back, unless just these words were said to be kept."""
    asked = mark(body)
    form.is_kept = kept == asked
    found = never_published(body)
    if found and (form.is_kept or not form.errors):
        form.mark_to_keep = asked
    if found and not form.is_kept and not form.errors:
        message = _("“%(excerpt)s” looks like personal data (%(kind)s). Such numbers are never published.")
        lines = dict.fromkeys((one.excerpt, one.label) for one in found)
        form.add_error(
            "body",
            [
                ValidationError(message, "personal_data", {"excerpt": excerpt, "kind": kind})
                for excerpt, kind in lines
            ],
        )
