"""Read the first sheet of an XLSX file that has something in it."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments.imports.cells import MOST_ABOVE, MOST_COLUMNS, MOST_ROWS, NO_RESULT, Cell, is_empty

# A workbook of the rows that we take, each with a text of the greatest length, unpacks to less.
MOST_UNPACKED = 120 * 1024 * 1024
MOST_PARTS = 1_000
# Rows that only have a colour or a border go on to the last line of a sheet.
MOST_EMPTY = 2_000
_PIECE = 1024 * 1024
# Workbooks never declare a document type; entities that swell are declared there.
_DOCTYPE = b"<!DOCTYPE"
_FORMULA = (b"<f>", b"<f ")
_BROKEN = (
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def read(data: bytes) -> tuple[str, Iterator[tuple[Cell, ...]]]:
    """Return the name of the sheet and its rows. Raises ValidationError (damaged, bomb)."""
    try:
        has_formulas = _look_into(data)
        with warnings.catch_warnings():
            # Of styles and extensions that it doesn't know.
            warnings.simplefilter("ignore")
            name, rows = _first_sheet(data, data_only=True)
            if has_formulas:
                rows = _with_missing_results(rows, _first_sheet(data, data_only=False, name=name)[1])
    except _BROKEN as error:
        raise ValidationError(
            _("The file is damaged, or is no spreadsheet. Please save it anew as XLSX."), "damaged"
        ) from error
    return name, iter(rows)


def _look_into(data: bytes) -> bool:
    """Unpack every part once, and tell whether there are formulas. Raises ValidationError (bomb)."""
    has_formulas = False
    unpacked = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise _bomb()
        for part in parts:
            with archive.open(part) as file:
                tail = b""
                while piece := file.read(_PIECE):
                    unpacked += len(piece)
                    seen = tail + piece
                    if unpacked > MOST_UNPACKED or _is_dangerous(part.filename, seen):
                        raise _bomb()
                    has_formulas |= any(mark in seen for mark in _FORMULA)
                    tail = piece[-len(_DOCTYPE) :]
    return has_formulas


def _is_dangerous(name: str, seen: bytes) -> bool:
    is_xml = name.lower().endswith((".xml", ".rels", ".vml"))
    # In two-byte letters a document type would pass unseen.
    return is_xml and (_DOCTYPE in seen or b"\x00" in seen)


def _bomb() -> ValidationError:
    return ValidationError(
        _(
            "Unpacked, the file is far larger than its rows would need. Please copy the table into a new file."
        ),
        "bomb",
    )


def _first_sheet(data: bytes, *, data_only: bool, name: str = "") -> tuple[str, list[tuple[Cell, ...]]]:
    """Return name and rows of the sheet `name`, without one of the first sheet that is not empty."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=data_only)
    try:
        if not book.worksheets:
            raise ValueError("no sheets")
        for sheet in book.worksheets:
            if not name or sheet.title == name:
                rows = list(_rows(sheet))
                if rows or name:
                    return sheet.title, rows
    finally:
        book.close()
    return name, []


def _rows(sheet: Any) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows up to the last that holds something; a long stretch of empty ones ends the sheet."""
    # The size that the file claims may be wrong.
    sheet.reset_dimensions()
    waiting: list[tuple[Cell, ...]] = []
    found = 0
    for cells in sheet.iter_rows(values_only=True):
        kept = tuple(_plain(cell) for cell in cells[:MOST_COLUMNS])
        waiting.append(kept)
        if not all(map(is_empty, kept)):
            yield from waiting
            waiting.clear()
            found += 1
        if found > MOST_ROWS + MOST_ABOVE or len(waiting) > MOST_EMPTY:
            return


def _plain(cell: Any) -> Cell:
    """Return a cell as one of the kinds that we read."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if cell is None or isinstance(cell, Cell):
        return cell
    return str(cell)


def _with_missing_results(
    results: list[tuple[Cell, ...]], formulas: list[tuple[Cell, ...]]
) -> list[tuple[Cell, ...]]:
    """Return `results` with a mark where a formula has none: it would be taken for an empty cell."""
    return [
        tuple(
            NO_RESULT if result is None and isinstance(formula, str) and formula.startswith("=") else result
            for result, formula in zip_longest(row, written)
        )
        for row, written in zip_longest(results, formulas, fillvalue=())
    ]
