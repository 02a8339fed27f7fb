"""Write a report as a page to print."""

from __future__ import annotations

from itertools import islice
from typing import IO

from django.template.loader import get_template, render_to_string

from comments.exports.report.blocks import Report, Table, pieces

CONTENT_TYPE = "text/html; charset=utf-8"
ROWS_AT_ONCE = 100


def write(report: Report, file: IO[bytes]) -> None:
    """Write `report` to `file`."""
    blocks = list(report.numbered())
    skeleton = render_to_string("reports/report.html", {"report": report, "blocks": blocks}).encode()
    tables = {number: block for number, block in blocks if isinstance(block, Table)}
    for piece in pieces(skeleton, tables):
        if isinstance(piece, Table):
            _write_rows(piece, file)
        else:
            file.write(piece)


def _write_rows(table: Table, file: IO[bytes]) -> None:
    drawing, rows = get_template("reports/rows.html"), iter(table.rows)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        file.write(drawing.render({"table": table, "rows": some}).encode())
