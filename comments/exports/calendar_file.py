"""A meeting as a file that calendars read: iCalendar, RFC 5545."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import get_language

from comments.models import Meeting

CONTENT_TYPE = "text/calendar; charset=utf-8"
MOST_OCTETS = 75
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def meeting(row: Meeting, *, address: str, host: str) -> bytes:
    """Return the calendar file of `row`, whose page is at `address`, in the active language.

    `host` names the installation: the same meeting is the same event in both languages.
    """
    return "".join(f"{fold(line)}\r\n" for line in _lines(row, address, host)).encode()


def _lines(row: Meeting, address: str, host: str) -> Iterator[str]:
    language = get_language() or "th"
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//BMA Consult//Meetings//EN", "BEGIN:VEVENT")
    yield f"UID:meeting-{row.pk}@{host}"
    # Every change of the meeting makes it larger, as calendars expect of a later version.
    yield f"SEQUENCE:{int((row.changed_at - _EPOCH).total_seconds())}"
    yield f"DTSTAMP:{_moment(row.changed_at)}"
    yield f"LAST-MODIFIED:{_moment(row.changed_at)}"
    yield from _when(row)
    yield f"SUMMARY;LANGUAGE={language}:{escape(row.title)}"
    yield f"LOCATION;LANGUAGE={language}:{escape(row.place or row.mode_note or row.get_mode_display())}"
    told = "\n".join(filter(None, [row.purpose, row.link, address]))
    yield f"DESCRIPTION;LANGUAGE={language}:{escape(told)}"
    yield from (f"URL:{address}", "STATUS:CONFIRMED", "END:VEVENT", "END:VCALENDAR")


def _when(row: Meeting) -> Iterator[str]:
    """Yield the beginning and the end; a day whose hours are not known is taken whole."""
    if row.starts_at is None:
        yield f"DTSTART;VALUE=DATE:{row.held_on:%Y%m%d}"
        return
    zone = timezone.get_default_timezone()
    yield f"DTSTART:{_moment(datetime.combine(row.held_on, row.starts_at, zone))}"
    if row.ends_at:
        yield f"DTEND:{_moment(datetime.combine(row.held_on, row.ends_at, zone))}"


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escape(text: str) -> str:
    r"""Return `text` as a value: of one line, with what separates values escaped, without control characters.

    >>> escape("a, b; c\\d\nnext")
    'a\\, b\\; c\\\\d\\nnext'
    """
    lines = _CONTROLS.sub("", text.replace("\r\n", "\n")).split("\n")
    return "\\n".join(re.sub(r"([\\;,])", r"\\\1", line) for line in lines)


def fold(line: str) -> str:
    r"""Return `line` in pieces of at most 75 octets, joined as RFC 5545 folds; no character is cut.

    >>> fold("ก" * 26) == "ก" * 25 + "\r\n " + "ก"
    True
    """
    pieces, room = [""], MOST_OCTETS
    for character in line:
        octets = len(character.encode())
        if octets > room:
            pieces.append("")
            # The space that begins a piece counts too.
            room = MOST_OCTETS - 1
        pieces[-1] += character
        room -= octets
    return "\r\n ".join(pieces)
