"""What a citizen looks over before it is sent: each part as it will stand, apart by who can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from comments.forms.choices import ABOUT, KINDS, STANCES
from comments.models.submissions import OUTSIDE

if TYPE_CHECKING:
    from comments.forms.submission import SubmissionForm

Line = tuple[str, str]


def public_lines(form: SubmissionForm) -> list[Line]:
    """Return label and value of what the public reads beside the words, once they are published."""
    data = form.cleaned_data
    lines = [
        (_("Goal"), data["goal"].title if data["goal"] else _("The plan as a whole")),
        (_("It is about"), _word(ABOUT, data["about"])),
        (_("What is it?"), _word(KINDS, data["kind"])),
        (_("Do you agree with the goal?"), _word(STANCES, data["stance"])),
        (_("Meeting"), data["meeting"].title if data["meeting"] else ""),
        (_("You speak as"), data["sector"].title),
        (_("District"), _place(data["district"])),
        (_("Name"), data["display_name"] if data["consent_display_name"] else ""),
    ]
    return _filled(lines)


def inside_lines(form: SubmissionForm) -> list[Line]:
    """Return label and value of what stays with the staff."""
    data = form.cleaned_data
    lines = [
        (_("Name"), "" if data["consent_display_name"] else data["display_name"]),
        (_("Organisation you speak for"), data["organisation"]),
        (_("E-mail"), data["email"]),
        (_("Telephone"), data["phone"]),
    ]
    return _filled(lines)


def carried(form: SubmissionForm) -> list[Line]:
    """Return name and value of what was typed, for hidden fields; the key stands apart, files can't be carried."""
    left_out = {"idempotency_key", "attachments"}
    return [(name, form.data[name]) for name in form.fields if name not in left_out and form.data.get(name)]


def _word(words: list[tuple[str, Any]], value: str) -> str:
    return str(dict(words).get(value, ""))


def _place(place: Any) -> str:
    return _("Outside Bangkok") if place == OUTSIDE else getattr(place, "title", "")


def _filled(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line[1]]
