"""Write the tables of the open data as CSV and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.utils.translation import override

from comments.exports import csv_file
from comments.exports.columns import guard
from comments.exports.open_data import SCHEMA_VERSION, Dataset, Value
from comments.models import Plan

_BATCH = 2_000
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def write(dataset: Dataset, plan: Plan, form: str, file: IO[bytes]) -> int:
    """Write a dataset of `plan` as "csv" or "json" to `file`, all of one moment; return the number of rows."""
    with csv_file.snapshot(), override(settings.LANGUAGE_CODE):
        rows = dataset.rows(plan)
        found = rows.iterator(chunk_size=_BATCH) if hasattr(rows, "iterator") else iter(rows)
        return (_write_csv if form == "csv" else _write_json)(dataset, plan, found, file)


def _write_csv(dataset: Dataset, _plan: Plan, rows: Iterator[Any], file: IO[bytes]) -> int:
    csv_file.write_header([column.name for column in dataset.columns], file)
    lines = ([_cell(column.value(row)) for column in dataset.columns] for row in rows)
    return csv_file.write_rows(iter(lambda: list(islice(lines, _BATCH)), []), file)


def _cell(value: Value) -> Value:
    return guard(value) if isinstance(value, str) else value


def _write_json(dataset: Dataset, plan: Plan, rows: Iterator[Any], file: IO[bytes]) -> int:
    head = {
        "dataset": dataset.name,
        "plan_year": plan.fiscal_year,
        "schema_version": SCHEMA_VERSION,
        "licence": settings.OPEN_DATA_LICENCE,
    }
    file.write(json.dumps(head)[:-1].encode() + b', "rows": [')
    count = 0
    for count, row in enumerate(rows, 1):
        line = json.dumps(dataset.row(row), ensure_ascii=False)
        file.write((b",\n" if count > 1 else b"\n") + line.encode())
    file.write(b"\n]}\n")
    return count
