"""Dates in the Buddhist era, as Thai readers write them: 23 February 2022 is 23 ก.พ. 2565."""

import re
from datetime import date

OFFSET = 543
# A year at or above this is read as Buddhist era; 2400 B.E. is 1857 C.E.
_FIRST_BUDDHIST_YEAR = 2400
# Below this it is a slip of the pen; of the first year of all, Bangkok's midnight has no moment in UTC.
_FIRST_YEAR = 1000

MONTHS_TH = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
MONTHS_TH_SHORT = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_ARABIC_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_NAMED = re.compile(
    r"(?:วันที่\s*)?(\d{1,2})[\s\-]*([฀-๿.]+?|[A-Za-z]+)[\s.\-]*(?:พ\.?ศ\.?\s*)?(\d{4})", re.ASCII
)


def year(day: date) -> int:
    """Return the Buddhist-era year.

    >>> year(date(2022, 2, 23))
    2565
    """
    return day.year + OFFSET


def long_th(day: date) -> str:
    """Return the day as Thai text writes it.

    >>> long_th(date(2022, 2, 23))
    '23 กุมภาพันธ์ 2565'
    """
    return f"{day.day} {MONTHS_TH[day.month - 1]} {year(day)}"


def short_th(day: date) -> str:
    """Return the day with the month shortened.

    >>> short_th(date(2022, 2, 23))
    '23 ก.พ. 2565'
    """
    return f"{day.day} {MONTHS_TH_SHORT[day.month - 1]} {year(day)}"


def long_en(day: date) -> str:
    """Return the day in English with both eras.

    >>> long_en(date(2022, 2, 23))
    '23 February 2022 (B.E. 2565)'
    """
    return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year} (B.E. {year(day)})"


def slashed(day: date) -> str:
    """Return the day as dd/mm/yyyy in the Buddhist era, the form of the CSV.

    >>> slashed(date(2022, 2, 23))
    '23/02/2565'
    """
    return f"{day.day:02}/{day.month:02}/{year(day)}"


def thai_numerals(text: str) -> str:
    """Return `text` with ๐–๙ for 0–9.

    >>> thai_numerals("23/02/2565")
    '๒๓/๐๒/๒๕๖๕'
    """
    return text.translate(_THAI_DIGITS)


def parse(text: str) -> date:
    """Return the date that `text` names, in either era and either numerals.

    Reads dd/mm/yyyy, yyyy-mm-dd and "23 ก.พ. 2565" (short or full month, with or without its dots, or in
    English). A year from 2400 on is Buddhist era. Raises ValueError for anything else, for a year below 1000,
    and for a day that no calendar has.

    >>> parse("๒๓/๐๒/๒๕๖๕"), parse("2022-02-23")
    (datetime.date(2022, 2, 23), datetime.date(2022, 2, 23))
    >>> parse("23 กุมภาพันธ์ 2565")
    datetime.date(2022, 2, 23)
    """
    plain = text.strip().translate(_ARABIC_DIGITS)
    if match := _DAY_FIRST.fullmatch(plain):
        day, month, written_year = map(int, match.groups())
    elif match := _ISO.fullmatch(plain):
        written_year, month, day = map(int, match.groups())
    elif match := _NAMED.fullmatch(plain):
        day, month, written_year = int(match[1]), _month(match[2]), int(match[3])
    else:
        raise ValueError(f"not a date: {text!r}")
    return date(_common_year(written_year), month, day)


def _common_year(written: int) -> int:
    if written < _FIRST_YEAR:
        raise ValueError(f"no year of ours: {written}")
    return written - OFFSET if written >= _FIRST_BUDDHIST_YEAR else written


def _month(name: str) -> int:
    if (key := _month_key(name)) not in _MONTHS:
        raise ValueError(f"not a month: {name!r}")
    return _MONTHS[key]


def _month_key(name: str) -> str:
    return name.replace(".", "").lower()


_MONTHS = {
    _month_key(name): number
    for names in (MONTHS_TH, MONTHS_TH_SHORT, _MONTHS_EN, [name[:3] for name in _MONTHS_EN])
    for number, name in enumerate(names, start=1)
}
