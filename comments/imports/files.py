"""Read a file by what is in it, never by its name; refuse what could harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from comments.imports import workbook
from comments.imports.cells import LARGEST, MOST_ABOVE, MOST_COLUMNS, MOST_ROWS, Cell, Row, Table, trimmed

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = (",", ";", "\t", "|")
_LINES_LOOKED_AT = 5


def read(data: bytes) -> Table:
    """Return the rows of a CSV or XLSX file that are not empty.

    Raises ValidationError (empty, too_large, old_excel, not_text, damaged, bomb, too_many_rows, no_rows).
    """
    if not data.strip():
        raise ValidationError(_("The file is empty."), "empty")
    if len(data) > LARGEST:
        raise ValidationError(
            _("The file has %(size)s. At most %(most)s can be read; please split it."),
            "too_large",
            {"size": filesizeformat(len(data)), "most": filesizeformat(LARGEST)},
        )
    if data.startswith(_OLD_EXCEL):
        raise ValidationError(
            _(
                "This is an old Excel file, or one with a password. Please save it as XLSX without a password."
            ),
            "old_excel",
        )
    if data.startswith(b"PK"):
        source, lines = workbook.read(data)
    else:
        source, lines = _read_text(data)
    rows = list(_bounded(lines))
    if not rows:
        raise ValidationError(_("The file is empty."), "empty")
    return Table(rows, source)


def _bounded(lines: Iterable[tuple[Cell, ...]]) -> Iterator[Row]:
    """Yield the lines that are not empty, numbered as a spreadsheet does. Raises ValidationError (too_many_rows)."""
    count = 0
    for number, cells in enumerate(lines, start=1):
        kept = trimmed(cells[:MOST_COLUMNS])
        if kept:
            count += 1
            if count > MOST_ROWS + MOST_ABOVE:
                raise too_many_rows()
            yield Row(number, kept)


def too_many_rows() -> ValidationError:
    """Return the refusal of a file with more rows than can be taken at once."""
    return ValidationError(
        _("The file has more than %(most)d rows. Please split it."), "too_many_rows", {"most": MOST_ROWS}
    )


def _read_text(data: bytes) -> tuple[str, Iterator[tuple[Cell, ...]]]:
    encoding = _encoding(data)
    text = data.decode(encoding).removeprefix("\ufeff")
    first, _break, rest = text.partition("\n")
    if first.strip().lower() in {f"sep={mark}" for mark in _DELIMITERS}:
        return encoding, _lines(rest, first.strip()[-1])
    return encoding, _lines(text, _delimiter(text))


def _encoding(data: bytes) -> str:
    """Return the encoding of a text: UTF-8, UTF-16 with its mark, else Windows-874, of which TIS-620 is a part."""
    if data.startswith(_UTF_16):
        candidates = ["utf-16"]
    elif b"\x00" in data[:1024] and b"\x00\x00" in data:
        candidates = []
    else:
        candidates = ["utf-8", "cp874"]
    for encoding in candidates:
        try:
            data.decode(encoding)
        except UnicodeError:
            continue
        return encoding
    raise ValidationError(
        _("The file is neither a spreadsheet (XLSX) nor text (CSV) in UTF-8 or Windows-874."), "not_text"
    )


def _delimiter(text: str) -> str:
    lines = "\n".join(text[:20_000].splitlines()[:_LINES_LOOKED_AT])
    return max(_DELIMITERS, key=lambda mark: (lines.count(mark), -_DELIMITERS.index(mark)))


def _lines(text: str, delimiter: str) -> Iterator[tuple[Cell, ...]]:
    # The limit is the module's own; a cell may be as large as a file.
    csv.field_size_limit(LARGEST)
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield tuple(line)
    except csv.Error as error:
        raise ValidationError(_("The file is damaged, or not a table."), "damaged") from error
