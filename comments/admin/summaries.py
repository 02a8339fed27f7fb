"""The summary of opinions: a table by what the planner chooses, whose totals equal the rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from comments import tally
from comments.admin.queue import ALL, QueueFilter
from comments.exports.filters import ExportFilter
from comments.exports.layouts import LayoutForm
from comments.models import Meeting
from comments.templatetags.buddhist_dates import era_moment, era_month
from comments.text import buddhist_era

if TYPE_CHECKING:
    from datetime import date

# More can't be read on a page; a file holds any number.
MOST_COLUMNS = 60


class Cell(NamedTuple):
    """A number, and where the opinions behind it are listed; empty where they can't be asked for."""

    number: int
    address: str


class Line(NamedTuple):
    """A row as it is shown."""

    label: str
    cells: list[Cell]
    total: Cell


class Table(NamedTuple):
    """The table as it is shown, on the page and in files."""

    title: str
    heads: tuple[str, list[str]]
    lines: list[Line]
    totals: Line
    notes: list[str]

    @property
    def chart(self) -> list[tuple[Line, int]]:
        """Return every row with the number by which its bar is measured."""
        return [(line, line.total.number) for line in self.lines]

    @property
    def rows(self) -> list[list[object]]:
        """Return names and numbers, the header first and the totals last."""
        corner, names = self.heads
        header: list[object] = [corner, *names, _("Total")]
        return [header, *(_numbers(line) for line in (*self.lines, self.totals))]


def _numbers(line: Line) -> list[object]:
    return [line.label, *(cell.number for cell in line.cells), line.total.number]


def too_wide(columns: int) -> str:
    """Say that there are too many columns for a page."""
    return _(
        "These would be %(columns)d columns, too many for a page. Please choose a plan or a shorter time, "
        "put this into the rows, or download the table."
    ) % {"columns": columns}


def table(pivot: tally.Pivot, form: ExportFilter, layout: LayoutForm) -> Table:
    """Return `pivot` as it is shown, by the two forms that chose it."""
    down, across = layout.cleaned_data["rows"], layout.cleaned_data["columns"]
    behind = _Behind(form)

    def line(row: tally.Head) -> Line:
        cells = [
            Cell(pivot.number(row, column), behind.address({down: row, across: column}))
            for column in pivot.columns
        ]
        return Line(_name(row), cells, Cell(pivot.row_totals[row.key], behind.address({down: row})))

    sums = [
        Cell(pivot.column_totals[column.key], behind.address({across: column})) for column in pivot.columns
    ]
    return Table(
        layout.title,
        (str(tally.AXES[down].label), [_name(column) for column in pivot.columns]),
        [line(row) for row in pivot.rows],
        Line(_("Total"), sums, Cell(pivot.total, behind.address({}))),
        list(_notes(layout, pivot)),
    )


def _notes(layout: LayoutForm, pivot: tally.Pivot) -> list[str]:
    chosen = layout.cleaned_data
    notes = []
    if chosen["measure"] == tally.TEXTS:
        notes.append(
            _(
                "Different texts: what many sent alike counts once in each cell, each row, each column and in all."
            )
        )
    if not all(tally.AXES[name].is_exclusive for name in (chosen["rows"], chosen["columns"]) if name):
        notes.append(_("An opinion counts once under each of its themes."))
    if not pivot.is_sum:
        notes.append(_("So the totals are counted by themselves and may be less than the sums of the cells."))
    return notes


def account(shown: Table, form: ExportFilter) -> list[str]:
    """Return what a file says of its table: what it counts, of when, and what was chosen."""
    chosen = [f"{form[name].label}: {form.data[name]}" for name in form.fields if form.data.get(name)]
    return [shown.title, f"{_('As of')}: {era_moment(timezone.now())}", *chosen, *shown.notes]


def _name(head: tally.Head) -> str:
    return head.label if isinstance(head.label, str) else era_month(head.label)


class _Behind:
    """Where the queue lists the opinions behind a number."""

    def __init__(self, form: ExportFilter) -> None:
        """Keep what is chosen for the whole table."""
        self.queue = reverse("admin:comments_submission_changelist")
        self.chosen = form.cleaned_data
        self.filters = {
            "status": ALL,
            "only": "opinions",
            **{name: form.data[name] for name in form.fields if form.data.get(name)},
        }

    def address(self, heads: Mapping[str, tally.Head]) -> str:
        """Return the address for a row and a column, or the empty string where the queue has no such filter."""
        query = dict(self.filters)
        for axis, head in heads.items():
            if axis == "month":
                query |= self._days(head.key)
            elif head.code and axis in QueueFilter.base_fields:
                query[axis] = head.code
            else:
                return ""
        return f"{self.queue}?{urlencode(query)}"

    def _days(self, first: date) -> dict[str, str]:
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        since, until = self.chosen["received_from"], self.chosen["received_to"]
        return {
            "received_from": buddhist_era.slashed(max(first, since or first)),
            "received_to": buddhist_era.slashed(min(last, until or last)),
        }


def reached(form: ExportFilter) -> tally.Attended | None:
    """Return who came to the meeting, else to the meetings of the plan; None when neither is chosen."""
    meeting, plan = form.cleaned_data["meeting"], form.cleaned_data["plan"]
    if meeting:
        return tally.attended(meeting)
    return tally.reached(Meeting.objects.filter(plan=plan)) if plan else None
