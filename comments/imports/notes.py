"""What is told of a row: kept as codes, said in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from comments.imports.headers import FIELDS
from comments.models import ImportRow

# Code, field, and what the sentence needs besides.
Note = tuple[str, str, Mapping[str, Any]]

ERRORS: dict[str, Any] = {
    "missing": _("there is nothing in it."),
    "not_known": _("“%(value)s” is not known."),
    "not_known_but": _("“%(value)s” is not known. Is “%(suggestion)s” meant?"),
    "not_a_date": _("“%(value)s” is no date."),
    "future": _("%(date)s is yet to come."),
    "closed": _("the plan took no opinions at that time."),
    "closed_now": _("no date is given, and the plan takes no opinions now."),
    "too_short": _("%(length)d characters are too few; there must be at least %(least)d."),
    "too_long": _("%(length)d characters are too many; there can be at most %(most)d."),
    "nul": _("there is a null character in it."),
    "unreadable": _("there is a character in it that can't be read."),
    "not_an_email": _("“%(value)s” is no e-mail address."),
    "not_a_phone": _("“%(value)s” is no telephone number."),
    "no_result": _(
        "there is a formula in it without a result. Open the file in a spreadsheet and save it again."
    ),
    "failed": _("there is a formula in it that failed: %(value)s."),
    "refused": _("it could not be stored. Please check the file again."),
}
WARNINGS: dict[str, Any] = {
    "zero_put_back": _(
        "the spreadsheet had taken the first zero; the number that ends in %(end)s has it again."
    ),
    "serial": _("the number of a spreadsheet is read as %(date)s."),
    "short_year": _("the year has two digits; it is read as %(date)s."),
    "repeats": _("the same as in row %(row)d."),
}


def kept(notes: Iterable[Note]) -> str:
    """Return `notes` as a row keeps them; empty without any."""
    notes = list(notes)
    return json.dumps(notes, ensure_ascii=False) if notes else ""


def said(row: ImportRow) -> list[str]:
    """Return what to tell of `row`, a sentence a note, in the active language."""
    return [_sentence(code, field, params) for code, field, params in json.loads(row.told or "[]")]


def _sentence(code: str, field: str, params: Mapping[str, Any]) -> str:
    text = str(ERRORS.get(code) or WARNINGS[code]) % params
    if field not in FIELDS:
        return text[:1].upper() + text[1:]
    return translate("%(column)s: %(text)s") % {"column": FIELDS[field], "text": text}
