"""A file as rows of cells, whatever it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

Cell = str | int | float | datetime | date | time | None

LARGEST = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
# Titles and merged headings stand above the names of the columns, and no more than this.
MOST_ABOVE = 20
# What a spreadsheet shows where a formula failed.
FAILED = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
# Stands for a formula of which the file holds no result.
NO_RESULT = "#NO-RESULT"


@dataclass(frozen=True)
class Row:
    """One row that is not empty, with its number in the spreadsheet, from 1."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """Return the cell of a column, from 0; None beyond the last."""
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True)
class Table:
    """What was read, and as what: the name of the sheet, or the encoding of a text."""

    rows: list[Row]
    source: str

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return max((len(row.cells) for row in self.rows), default=0)

    def below(self, header_row: int) -> list[Row]:
        """Return the rows under the row with the number `header_row`."""
        return [row for row in self.rows if row.number > header_row]


def is_empty(cell: Cell) -> bool:
    """Tell whether nothing is in a cell, or only white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip(" \t\r\n\u00a0\u200b\ufeff"))


def trimmed(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Return `cells` without the empty ones at the end."""
    end = len(cells)
    while end and is_empty(cells[end - 1]):
        end -= 1
    return cells[:end]
