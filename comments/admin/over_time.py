"""Change over time, as the planner reads it: opinions by month, and in each month by stance, kind and channel."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comments.models import Submission
from comments.tally import reading
from comments.templatetags import charts
from comments.text import buddhist_era


class Column(NamedTuple):
    """What a column counts: its name, and the filter that lists it; empty where there is none."""

    label: str
    query: str


class Line(NamedTuple):
    """A month: its first day, the filter that lists what came in it, the bar of all, and a bar for each column."""

    first_day: date
    query: str
    opinions: charts.Bar
    bars: list[charts.Bar]


class Table(NamedTuple):
    """A table of months by one thing; the bars of its columns are measured by the longest among them."""

    name: str
    title: str
    columns: list[Column]
    lines: list[Line]


def tables(rows: QuerySet[Submission]) -> list[Table]:
    """Return the tables of `rows` by stance, kind and channel; channels by which nothing came are left out."""
    months = reading.months_heard(rows)
    came = [
        code
        for code in reading.OVER_TIME["channel"]
        if any(month.numbers[code] for month in months["channel"])
    ]
    return [
        _table("stance", _("When they came in, by stance"), months, reading.OVER_TIME["stance"]),
        _table("kind", _("When they came in, by kind"), months, reading.OVER_TIME["kind"]),
        _table("channel", _("When they came in, by channel"), months, came),
    ]


def _table(name: str, title: str, found: dict[str, list[reading.MonthHeard]], codes: Sequence[str]) -> Table:
    months, labels = found[name], _labels(name)
    columns = [Column(labels[code], urlencode({name: code}) if code else "") for code in codes]
    numbers = iter(
        charts.bars(
            (column, month.numbers[code])
            for month in months
            for column, code in zip(columns, codes, strict=True)
        )
    )
    totals = charts.bars((month.first_day, month.opinions) for month in months)
    lines = [
        Line(month.first_day, _days(month.first_day), total, [next(numbers) for _column in columns])
        for month, total in zip(months, totals, strict=True)
    ]
    return Table(name, title, columns, lines)


def _labels(name: str) -> dict[str, str]:
    field: Any = Submission._meta.get_field(name)
    return {"": _("not stated")} | {code: capfirst(str(label)) for code, label in field.choices}


def _days(month: date) -> str:
    """Return the filter that lists what came in a month."""
    last = month.replace(day=monthrange(month.year, month.month)[1])
    return urlencode(
        {"received_from": buddhist_era.slashed(month), "received_to": buddhist_era.slashed(last)}
    )
