"""Write opinions as an Excel workbook, in constant memory and in the same bytes each time.

Three sheets: the opinions, their number, how to read them. A cell is never a formula or a link, and no
text is cut: what a cell can't hold goes on in columns of its own.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext_lazy as _
from xlsxwriter.worksheet import Worksheet

from comments import tally
from comments.exports import columns
from comments.exports.columns import Cells

# Of a cell, in UTF-16 units, as Excel counts: most emoji are two.
MOST_UNITS = 32_767
MOST_ROWS = 1_048_575
# A body has 80,000 code points at most, each of two units at most.
CONTINUED = [f"body_continued_{number}" for number in range(1, 5)]
SHEETS = ("ความคิดเห็น opinions", "สรุป summary", "วิธีอ่าน how to read")
_FONT = {"font_name": "TH Sarabun New", "font_size": 14, "valign": "top"}
_WIDTHS = {"text": 24, "code": 16, "moment": 20, "number": 10}
_WIDE = {"body": 80, "goal": 40, "strategy": 40, "received_date_be": 19}
_STATUSES = {
    "received": "ได้รับทั้งหมด",
    "published": "เผยแพร่แล้ว",
    "pending": "รอตรวจสอบ",
    "rejected": "ไม่เผยแพร่",
    "withdrawn": "ถอนแล้ว",
}
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
# What XML can't hold, and an underscore that would be read as the beginning of the escape of one; LibreOffice reads
# those of fewer digits, too.
_UNWRITABLE = "[\x00-\x08\x0b-\x1f\ufffe\uffff]"
_ESCAPED = re.compile(f"_(?=x[0-9a-fA-F]+(?:_|{_UNWRITABLE}))|{_UNWRITABLE}")
_MEANINGS = Path(__file__).parent.parent / "data" / "export_columns.csv"


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet that holds every text as it is.

    XlsxWriter takes what begins with <r> and ends with </r> for markup, and of two escapes that share an underscore it
    sees the first alone.
    """

    def _xml_rich_inline_string(self, string: str, attributes: Any = ()) -> None:
        self._xml_inline_string(string, preserve=True, attributes=attributes)

    @staticmethod
    def _escape_control_characters(data: str) -> str:
        return _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", data)


class TooManyRowsError(Exception):
    """A sheet can't hold so many rows."""

    message = _("A sheet of Excel holds at most 1,048,575 opinions. Please choose CSV or JSON Lines.")


@dataclass(frozen=True)
class About:
    """What the workbook says of itself: nothing that differs between two files of the same rows."""

    at: datetime
    filters: dict[str, Any]
    account: tally.Account


def write(rows: Iterable[Cells], file: IO[bytes], about: About) -> None:
    """Write the workbook. Raises TooManyRowsError."""
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        # Excel keeps when a workbook was made; it would differ each time.
        book.set_properties({"title": SHEETS[0], "created": about.at.astimezone(UTC).replace(tzinfo=None)})
        opinions, summary, reading = [book.add_worksheet(name, _Sheet) for name in SHEETS]
        formats = _Formats(book)
        _write_opinions(rows, opinions, formats)
        for sheet, lines in ((summary, _summary(about)), (reading, _how_to_read())):
            sheet.set_column(0, 0, 24)
            sheet.set_column(1, 2, 60)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line, formats.wrapped)


def write_table(lines: Sequence[Sequence[object]], notes: Iterable[str], file: IO[bytes]) -> int:
    """Write a table of names and numbers whose first line is its header, with notes below; return the number of other lines."""
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        sheet, formats = book.add_worksheet(SHEETS[1], _Sheet), _Formats(book)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 60)
        sheet.set_column(1, len(lines[0]), 16)
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line, formats.wrapped if number else formats.head)
        for number, note in enumerate(notes, len(lines) + 1):
            sheet.write_string(number, 0, note, formats.wrapped)
    return len(lines) - 1


class _Formats:
    """How cells look, by the type of their column."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({**_FONT, "bold": True, "bg_color": "#DDEEE4", "bottom": 1})
        self.plain = book.add_format(_FONT)
        self.wrapped = book.add_format({**_FONT, "text_wrap": True})
        self.moment = book.add_format({**_FONT, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})


def _write_opinions(rows: Iterable[Cells], sheet: Any, formats: _Formats) -> None:
    names = [*columns.SUBMISSIONS, *CONTINUED]
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, names, formats.head)
    types = [column.type for column in columns.SUBMISSIONS.values()]
    body = names.index("body")
    longest, number = 1, 0
    for number, told in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise TooManyRowsError
        cells = list(told)
        parts = list(pieces(cells[body] or ""))
        longest = max(longest, len(parts))
        cells[body] = parts[0] if parts else None
        for place, (kind, value) in enumerate(zip(types, cells, strict=True)):
            if value is not None:
                _write_cell(sheet, (number, place), kind, value, formats)
        for place, part in enumerate(parts[1:], len(types)):
            sheet.write_string(number, place, part, formats.wrapped)
    sheet.autofilter(0, 0, number, len(names) - 1)
    for place, name in enumerate(names):
        kind = types[place] if place < len(types) else "text"
        is_unused = place - len(types) + 2 > longest
        sheet.set_column(place, place, _WIDE.get(name, _WIDTHS[kind]), None, {"hidden": is_unused})


def _write_cell(sheet: Any, at: tuple[int, int], kind: str, value: Any, formats: _Formats) -> None:
    if kind == "number":
        sheet.write_number(*at, value, formats.plain)
    elif kind == "moment":
        # Excel knows no zones: the clock of Bangkok.
        clock = columns.local(value).replace(microsecond=0, tzinfo=None)
        sheet.write_datetime(*at, clock, formats.moment)
    else:
        sheet.write_string(*at, value, formats.wrapped)


def pieces(text: str) -> Iterator[str]:
    """Yield `text` in parts that a cell can hold; joined they are the text, and no character is cut."""
    while text:
        end = len(text) if len(text) <= MOST_UNITS // 2 else _room(text)
        yield text[:end]
        text = text[end:]


def _room(text: str) -> int:
    """Return how many characters from the beginning of `text` a cell can hold."""
    beginning = text[:MOST_UNITS]
    return len(beginning.encode("utf-16-le")[: 2 * MOST_UNITS].decode("utf-16-le", "ignore"))


def _summary(about: About) -> Iterator[Sequence[object]]:
    totals = about.account.totals
    filters = json.dumps(about.filters, ensure_ascii=False, sort_keys=True)
    yield ["as of", columns.local(about.at).isoformat(), "สถานะของข้อมูล ณ เวลานี้"]
    yield ["filters", "ตัวกรองที่ใช้", *pieces(filters)]
    yield []
    for status, label in _STATUSES.items():
        yield [status, getattr(totals, status), label]
    for name, counter in about.account.by.items():
        if name != "status":
            yield from ([], [name, "opinions"])
            yield from ([key or "–", number] for key, number in sorted(counter.items(), key=_order))


def _order(item: tuple[Any, int]) -> str:
    return item[0] or ""


def _how_to_read() -> Iterator[Sequence[object]]:
    with _MEANINGS.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)
