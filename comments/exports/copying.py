"""Write the CSV by one SELECT, where nothing was changed since the moment: the usual case, and several times as fast.

PostgreSQL writes the file itself by COPY; on SQLite the lines are made of the bytes that it keeps, see `pouring`. The columns are
those of `columns.SUBMISSIONS`; a test compares the bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Max, QuerySet

from comments import tally
from comments.exports import columns, csv_file, former, pouring, reading
from comments.models import AnswerNotice, Attachment, Submission
from comments.models.submissions import OUTSIDE

_SQL = tuple[str, tuple[Any, ...]]
# What a column of `rows` that refers to something else is told by, and the names of the columns that tell it.
_LABELS = {
    "plan_id": ("plan_year",),
    "goal_id": ("strategy_code", "strategy", "goal_code", "goal"),
    "sector_id": ("sector",),
    "district_id": ("district_code", "district"),
    "meeting_id": ("meeting",),
    "reason_id": ("reason_code",),
}
_ROWS_AT_ONCE = 100
# Without the parts of a second.
_LOCAL = "TO_CHAR({} AT TIME ZONE INTERVAL '7 hours', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+07:00\"')"
# Not the day 543 years later, which 29 February may not have.
_BUDDHIST = (
    "TO_CHAR({0} AT TIME ZONE INTERVAL '7 hours', 'DD/MM/')"
    " || (EXTRACT(YEAR FROM {0} AT TIME ZONE INTERVAL '7 hours') + 543)::int"
)


def can(at: datetime) -> bool:
    """Tell whether this way leads to the same bytes: with nothing changed since `at`."""
    return former.is_still(at)


def write(
    chosen: QuerySet[Submission], at: datetime, then: Mapping[str, set[Any]], file: IO[bytes]
) -> tally.Totals:
    """Write those that `reading.rows` would yield, from the caller's snapshot; return how many stand where."""
    there = chosen.filter(reading.written_by(at), **{f"{name}__in": known for name, known in then.items()})
    csv_file.write_header(tuple(columns.SUBMISSIONS), file)
    try:
        sql, params = _select(there, at)
    except EmptyResultSet:
        return tally.Totals()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copy = b"COPY (" + cursor.cursor.mogrify(sql, params) + b") TO STDOUT WITH (FORMAT csv)"
            lines = _Crlf(file)
            cursor.cursor.copy_expert(copy, lines)
            lines.flush()
            return tally.totals(there)
        cursor.execute(sql, params)
        return pouring.write(cursor.cursor, file)


def _select(there: QuerySet[Submission], at: datetime) -> _SQL:
    """Return the SELECT of all columns, in their order."""
    is_copied = connection.vendor == "postgresql"
    cells = _cells() if is_copied else pouring.CELLS
    parts = [_beside(there.order_by().values_list("id", *reading.FIELDS[1:]), "told", "")]
    if is_copied:
        parts += [_labels(column, known) for column, known in former.labels().items()]
    parts += [
        _beside(_newest_answers(at), "noticed", "noticed.submission_id = told.id"),
        ("comments_answer AS answer ON answer.id = noticed.newest", ()),
        _beside(tally.by_campaign(Submission.objects.all()), "size", "size.campaign_id = told.campaign_id"),
        _beside(_files(), "files", "files.submission_id = told.id"),
    ]
    told = ", ".join(cells[name] for name in columns.SUBMISSIONS if name in cells)
    joined = " LEFT JOIN ".join(part for part, _params in parts)
    sql = f"SELECT {told} FROM {joined} ORDER BY told.received_at, told.id"  # noqa: S608 - of our own names
    return sql, tuple(param for _part, params in parts for param in params)


def _beside(rows: QuerySet[Any], name: str, on: str) -> _SQL:
    """Return `rows` as a table to join under a name."""
    sql, params = rows.query.sql_with_params()
    return f"({sql}) AS {name}{on and ' ON '}{on}", params


def _labels(column: str, known: former.Labels) -> _SQL:
    """Return, as a table, what is told of each row that a column refers to, guarded."""
    names = _LABELS[column]
    rows = [(pk, *(_label(name, row[name]) for name in names)) for pk, row in known.items() if pk]
    # A table must have a row; no key is 0.
    rows = rows or [(0, *(None for _name in names))]
    places = f"({', '.join('%s' for _cell in rows[0])})"
    name = column.removesuffix("_id")
    sql = f"(VALUES {', '.join(places for _row in rows)}) AS {name} ON {name}.column1 = +told.{column}"
    return sql, tuple(cell for row in rows for cell in row)


def _label(name: str, told: Any) -> Any:
    return columns.guard(told) if told and columns.SUBMISSIONS[name].type == "text" else told or None


def _newest_answers(at: datetime) -> QuerySet[Any]:
    told = AnswerNotice.objects.filter(reading.written_by(at)).order_by()
    return told.values("submission_id").annotate(newest=Max("answer_id"))


def _files() -> QuerySet[Any]:
    return Attachment.objects.order_by().values("submission_id").annotate(number=Count("pk"))


def _cells() -> dict[str, str]:
    """Return what each column is in the SELECT of PostgreSQL."""
    labels = {
        name: f"{column.removesuffix('_id')}.column{number}"
        for column, names in _LABELS.items()
        for number, name in enumerate(names, 2)
    }
    codes = ("about", "kind", "stance", "channel", "language", "status")
    outside = f"CASE WHEN told.is_outside_bangkok THEN '{OUTSIDE}' ELSE {labels['district_code']} END"
    return {
        **labels,
        **{name: f"NULLIF(told.{name}, '')" for name in codes},
        "reference": "told.reference",
        "received_at": _LOCAL.format("told.received_at"),
        "received_date_be": _BUDDHIST.format("told.received_at"),
        "district_code": outside,
        "display_name": f"CASE WHEN told.shows_name THEN {_guarded('told.display_name')} END",
        "organisation": _guarded("told.organisation"),
        "body": _guarded(pouring.WORDS),
        "moderated_at": _LOCAL.format("told.moderated_at"),
        "campaign": "told.campaign_id",
        "campaign_size": "size.n",
        "agree": "told.agree_count",
        "disagree": "told.disagree_count",
        "answered_at": _LOCAL.format("answer.approved_at"),
        "answer_outcome": "NULLIF(answer.outcome, '')",
        "attachments": "COALESCE(files.number, 0)",
    }


def _guarded(text: str) -> str:
    """Return the twin of `columns.guard`; NULL and the empty text come out as NULL."""
    signs = ", ".join(str(ord(sign)) for sign in (*columns.DANGEROUS, columns.GUARD))
    return f"CASE WHEN ASCII({text}) IN ({signs}) THEN '{columns.GUARD * 2}' || {text} ELSE NULLIF({text}, '') END"


class _Crlf:
    """Give COPY's rows the line end of the contract.

    libpq hands over exactly one row a call, so the last byte is the row's own line feed, never one
    inside a quoted text.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._rows = file, list[bytes]()

    def write(self, row: bytes) -> int:
        self._rows.append(row[:-1])
        if len(self._rows) == _ROWS_AT_ONCE:
            self.flush()
        return len(row)

    def flush(self) -> None:
        self._file.write(b"\r\n".join([*self._rows, b""]))
        self._rows.clear()
