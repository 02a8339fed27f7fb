"""Write the CSV by PostgreSQL's own COPY, where nothing was changed since the moment: the usual case, and several times as fast.

One SELECT makes the whole file, of the same columns as `columns.SUBMISSIONS`; a test compares the bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    F,
    Func,
    JSONField,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Substr
from django.db.models.lookups import In

from comments import tally
from comments.exports import columns, csv_file, former, reading
from comments.models import Submission
from comments.models.answers import of_the_answer
from comments.models.submission_rows import words_column
from comments.models.submissions import OUTSIDE

_NOTHING = Value("", output_field=TextField())


class _Guarded(Case):
    """The twin of `columns.guard`; NULL and the empty text come out as NULL."""

    def __init__(self, text: Combinable) -> None:
        first = Substr(text, 1, 1)
        super().__init__(
            When(In(first, [*columns.DANGEROUS, columns.GUARD]), then=Concat(Value(columns.GUARD), text)),
            default=NullIf(text, _NOTHING),
            output_field=TextField(),
        )


class _LocalTime(Func):
    """A moment as Bangkok's clocks show it: 2022-02-23T09:00:00+07:00."""

    output_field = CharField()
    template = (
        "TO_CHAR(%(expressions)s AT TIME ZONE INTERVAL '7 hours', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+07:00\"')"
    )


class _BuddhistDate(Func):
    """The day of a moment in Bangkok: 23/02/2565. Not the day 543 years later, which 29 February may not have."""

    output_field = CharField()
    template = (
        "(TO_CHAR(%(expressions)s AT TIME ZONE INTERVAL '7 hours', 'DD/MM/')"
        " || (EXTRACT(YEAR FROM %(expressions)s AT TIME ZONE INTERVAL '7 hours') + 543)::int)"
    )


class _Size(Func):
    """What a JSON object holds under a number."""

    output_field = TextField()
    template = "(%(expressions)s)"
    arg_joiner = " ->> "

    def __init__(self, sizes: Mapping[int, int], number: str) -> None:
        super().__init__(Cast(Value(json.dumps(sizes)), JSONField()), Cast(number, TextField()))


def _code(name: str | Combinable) -> Combinable:
    return NullIf(name, Value(""))


def _text(*names: str) -> Combinable:
    """Return a text, the first of several that is not NULL, guarded."""
    return _Guarded(Coalesce(*names) if len(names) > 1 else F(names[0]))


def _expressions(at: datetime) -> dict[str, Combinable]:
    sizes = tally.campaign_sizes(Submission.objects.all())
    return {
        "reference": F("reference"),
        "received_at": _LocalTime("received_at"),
        "received_date_be": _BuddhistDate("received_at"),
        "plan_year": F("plan__fiscal_year"),
        "strategy_code": _text("goal__strategy__parent__code", "goal__strategy__code"),
        "strategy": _text("goal__strategy__parent__title_th", "goal__strategy__title_th"),
        "goal_code": _text("goal__code"),
        "goal": _text("goal__title_th"),
        "about": _code("about"),
        "kind": _code("kind"),
        "stance": _code("stance"),
        "sector": _code("sector__key"),
        "district_code": Case(
            When(is_outside_bangkok=True, then=Value(OUTSIDE)), default=_code("district__code")
        ),
        "district": _text("district__title_th"),
        "meeting": _text("meeting__title_th"),
        "channel": _code("channel"),
        "display_name": _Guarded(
            Case(When(shows_name=True, then=F("display_name")), output_field=TextField())
        ),
        "organisation": _text("organisation"),
        "body": _Guarded(Coalesce(NullIf("redacted_body", _NOTHING), words_column())),
        "language": _code("language"),
        "status": _code("status"),
        "reason_code": _code("reason__code"),
        "moderated_at": _LocalTime("moderated_at"),
        "campaign": F("campaign_id"),
        "campaign_size": _Size(sizes, "campaign_id"),
        "agree": F("agree_count"),
        "disagree": F("disagree_count"),
        "answered_at": _LocalTime(of_the_answer("approved_at", reading.written_by(at))),
        "answer_outcome": _code(of_the_answer("outcome", reading.written_by(at))),
        "attachments": reading.ATTACHMENTS,
    }


def can(at: datetime) -> bool:
    """Tell whether this way leads to the same bytes: on PostgreSQL, with nothing changed since `at`."""
    return connection.vendor == "postgresql" and former.is_still(at)


def write(
    chosen: QuerySet[Submission], at: datetime, then: Mapping[str, set[Any]], file: IO[bytes]
) -> tally.Totals:
    """Write those that `reading.rows` would yield, from the caller's snapshot; return how many stand where."""
    there = chosen.filter(reading.written_by(at), **{f"{name}__in": known for name, known in then.items()})
    expressions = _expressions(at)
    told = [expressions[name] for name in columns.SUBMISSIONS]
    sql, params = there.order_by("received_at", "pk").values_list(*told).query.sql_with_params()
    csv_file.write_header(tuple(columns.SUBMISSIONS), file)
    with connection.cursor() as cursor:
        copy = b"COPY (" + cursor.cursor.mogrify(sql, params) + b") TO STDOUT WITH (FORMAT csv)"
        cursor.cursor.copy_expert(copy, _Crlf(file))
    return tally.totals(there)


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
