"""Write the CSV by one SELECT, where nothing was changed since the moment: the usual case, and several times as fast.

PostgreSQL writes the file itself by COPY; on SQLite the rows go from the database's cursor to the writer, both of which are
compiled code. The columns are those of `columns.SUBMISSIONS`; a test compares the bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Max, QuerySet

from comments import tally
from comments.exports import columns, csv_file, former, reading
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
# Without the parts of a second, which SQLite would round.
_LOCAL = {
    "postgresql": "TO_CHAR({} AT TIME ZONE INTERVAL '7 hours', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+07:00\"')",
    "sqlite": "STRFTIME('%%Y-%%m-%%dT%%H:%%M:%%S+07:00', SUBSTR({}, 1, 19), '+7 hours')",
}
# Not the day 543 years later, which 29 February may not have.
_BUDDHIST = {
    "postgresql": (
        "TO_CHAR({0} AT TIME ZONE INTERVAL '7 hours', 'DD/MM/')"
        " || (EXTRACT(YEAR FROM {0} AT TIME ZONE INTERVAL '7 hours') + 543)::int"
    ),
    "sqlite": (
        "STRFTIME('%%d/%%m/', SUBSTR({0}, 1, 19), '+7 hours')"
        " || (CAST(STRFTIME('%%Y', SUBSTR({0}, 1, 19), '+7 hours') AS integer) + 543)"
    ),
}
_FIRST = {"postgresql": "ASCII({})", "sqlite": "UNICODE({})"}


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
            cursor.cursor.copy_expert(copy, _Crlf(file))
        else:
            cursor.execute(sql, params)
            csv_file.pour(cursor.cursor, file)
    return tally.totals(there)


def _select(there: QuerySet[Submission], at: datetime) -> _SQL:
    """Return the SELECT of all columns, in their order."""
    parts = [_beside(there.order_by().values_list("id", *reading.FIELDS[1:]), "told", "")]
    parts += [_labels(column, known) for column, known in former.labels().items()]
    parts += [
        _beside(_newest_answers(at), "noticed", "noticed.submission_id = told.id"),
        ("comments_answer AS answer ON answer.id = noticed.newest", ()),
        _beside(tally.by_campaign(Submission.objects.all()), "size", "size.campaign_id = told.campaign_id"),
        _beside(_files(), "files", "files.submission_id = told.id"),
    ]
    cells = _cells()
    told = ", ".join(cells[name] for name in columns.SUBMISSIONS)
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
    """Return what each column is in the SELECT."""
    labels = {
        name: f"{column.removesuffix('_id')}.column{number}"
        for column, names in _LABELS.items()
        for number, name in enumerate(names, 2)
    }
    codes = ("about", "kind", "stance", "channel", "language", "status")
    outside = f"CASE WHEN told.is_outside_bangkok THEN '{OUTSIDE}' ELSE {labels['district_code']} END"
    words = "COALESCE(NULLIF(told.redacted_body, ''), NULLIF(told.edited_body, ''), told.body)"
    return {
        **labels,
        **{name: f"NULLIF(told.{name}, '')" for name in codes},
        "reference": "told.reference",
        "received_at": _on_this_database(_LOCAL, "told.received_at"),
        "received_date_be": _on_this_database(_BUDDHIST, "told.received_at"),
        "district_code": outside,
        "display_name": f"CASE WHEN told.shows_name THEN {_guarded('told.display_name')} END",
        "organisation": _guarded("told.organisation"),
        "body": _guarded(words),
        "moderated_at": _on_this_database(_LOCAL, "told.moderated_at"),
        "campaign": "told.campaign_id",
        "campaign_size": "size.n",
        "agree": "told.agree_count",
        "disagree": "told.disagree_count",
        "answered_at": _on_this_database(_LOCAL, "answer.approved_at"),
        "answer_outcome": "NULLIF(answer.outcome, '')",
        "attachments": "COALESCE(files.number, 0)",
    }


def _on_this_database(spelt: Mapping[str, str], name: str) -> str:
    return spelt[connection.vendor].format(name)


def _guarded(text: str) -> str:
    """Return the twin of `columns.guard`; NULL and the empty text come out as NULL."""
    signs = ", ".join(str(ord(sign)) for sign in (*columns.DANGEROUS, columns.GUARD))
    first = _on_this_database(_FIRST, text)
    return f"CASE WHEN {first} IN ({signs}) THEN '{columns.GUARD * 2}' || {text} ELSE NULLIF({text}, '') END"


class _Crlf:
    """Give COPY's rows the line end of the contract.

    libpq hands over exactly one row a call, so the last byte is the row's own line feed, never one
    inside a quoted text.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._write = file.write

    def write(self, row: bytes) -> int:
        self._write(row[:-1] + b"\r\n")
        return len(row)
