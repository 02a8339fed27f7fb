"""What a cell means: words, days, telephone numbers. Each reader returns the value and what to tell of it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from comments.imports.cells import FAILED, NO_RESULT, Cell, is_empty
from comments.text import buddhist_era

# Days are counted from here, and this many of them lie between 1954 and 2119, or 2497 and 2662 in the other era.
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a day of the calendar
_SERIALS = ((20_000, 80_000), (218_000, 279_000))
_NOON = time(12)
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_SHORT_YEAR = re.compile(r"(\d{1,2}[/.\-]\d{1,2}[/.\-]|.*[ก-๙A-Za-z][\s.\-]*)(\d{2})", re.ASCII)
_CLOCK = re.compile(
    r"^(.*?)(?:[ ,]*เวลา)?[ T,]+(\d{1,2})[:.](\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:น\.?)?$", re.DOTALL
)
_ENGLISH = re.compile(r"[A-Za-z]")
_WHOLE = re.compile(r"(\d+)\.0+", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_EATEN_MOBILE = re.compile(r"[689]\d{8}", re.ASCII)
_EATEN_LANDLINE = re.compile(r"[2-57]\d{7}", re.ASCII)
_YES = frozenset({"1", "true", "yes", "y", "x", "/", "✓", "✔", "ใช่", "ยินยอม", "เผยแพร่", "ได้"})


class UnfitError(Exception):
    """A cell that can't be taken, with the code and the parameters of what to tell."""

    def __init__(self, code: str, **params: Any) -> None:
        """Keep the code of a sentence of `comments.imports.notes`."""
        super().__init__(code)
        self.code = code
        self.params = params


def text(cell: Cell, *, strip: bool = True) -> str:
    """Return a cell as text; a whole number has no decimals. Raises UnfitError (no_result, failed)."""
    if cell == NO_RESULT:
        raise UnfitError("no_result")
    if isinstance(cell, str) and cell in FAILED:
        raise UnfitError("failed", value=cell)
    if cell is None or is_empty(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    written = cell.isoformat() if isinstance(cell, date | time) else str(cell)
    return written.strip() if strip else written


def is_yes(cell: Cell) -> bool:
    """Tell whether a cell says yes."""
    return text(cell).lower() in _YES


def moment(cell: Cell, now: datetime) -> tuple[datetime | None, str, str]:
    """Return the moment that a cell names, as one can repeat it, and the code of what to tell, or none.

    A day without an hour is its noon, or now if that is yet to come. Raises UnfitError (not_a_date, future).
    """
    try:
        named, hour, code = _named(cell)
    except (ValueError, OverflowError):
        raise UnfitError("not_a_date", value=text(cell)[:60]) from None
    if named is None:
        return None, "", ""
    at = timezone.make_aware(datetime.combine(named, hour or _NOON))
    if at > now and hour is None and named <= timezone.localdate(now):
        at = now
    if at > now:
        raise UnfitError("future", date=buddhist_era.slashed(named))
    return at, f"{named} {hour or ''}".strip(), code


def _named(cell: Cell) -> tuple[date | None, time | None, str]:
    named: tuple[date | None, time | None, str]
    match cell:
        case datetime():
            hour = cell.time().replace(microsecond=0)
            named = _common(cell.date()), hour if hour != time() else None, ""
        case date():
            named = _common(cell), None, ""
        case int() | float():
            named = _serial(float(cell))
        case _:
            named = _written(text(cell).translate(_DIGITS))
    return named


def _iso(written: str) -> datetime | None:
    try:
        whole = datetime.fromisoformat(written)
    except ValueError:
        return None
    whole = timezone.localtime(whole) if timezone.is_aware(whole) else whole
    return datetime.combine(_common(whole.date()), whole.time())


def _written(written: str) -> tuple[date | None, time | None, str]:
    if not written:
        return None, None, ""
    if _NUMBER.fullmatch(written):
        return _serial(float(written))
    if "T" in written and (whole := _iso(written)):
        return whole.date(), whole.time().replace(microsecond=0), ""
    hour = None
    if match := _CLOCK.match(written):
        written = match[1].strip()
        hour = time(int(match[2]), int(match[3]), int(match[4] or 0))
    if match := _SHORT_YEAR.fullmatch(written):
        return buddhist_era.parse(f"{match[1]}{_century(*match.groups())}{match[2]}"), hour, "short_year"
    return buddhist_era.parse(written), hour, ""


def _century(before: str, digits: str) -> int:
    """Return the century of a short year: beside an English month, as spreadsheets write it, small ones are of the common era."""
    return 20 if _ENGLISH.search(before) and digits < "50" else 25


def _serial(number: float) -> tuple[date, time | None, str]:
    """Return the day that a spreadsheet counts as `number`; the fraction is the hour."""
    if not any(first <= number < last for first, last in _SERIALS):
        raise ValueError("no day")
    whole = _DAY_ZERO + timedelta(seconds=round(number * 86_400))
    hour = whole.time() if whole.time() != time() else None
    return _common(whole.date()), hour, "serial"


def _common(day: date) -> date:
    """Return a day whose year may be of the Buddhist era: a spreadsheet takes 2565 for a year to come."""
    return buddhist_era.parse(day.isoformat())


def phone(cell: Cell) -> tuple[str, str]:
    """Return a telephone number and the code of what to tell; the zero that a spreadsheet took is put back.

    Raises UnfitError (not_a_phone).
    """
    written = text(cell).translate(_DIGITS)
    written = _WHOLE.sub(r"\1", written.removeprefix("'"))
    if _EATEN_MOBILE.fullmatch(written) or _EATEN_LANDLINE.fullmatch(written):
        return f"0{written}", "zero_put_back"
    if written and ("E+" in written.upper() or not 8 <= len(re.findall(r"\d", written)) <= 20):
        raise UnfitError("not_a_phone", value=written[:40])
    return written, ""
