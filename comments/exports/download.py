"""Hand a finished file to the browser.

The file is written whole to a temporary file before the first byte leaves, so that its row count
stands in the header, a slow reader holds no database snapshot, a full disk gives an error page and
not half a file, and memory stays constant.
"""

from __future__ import annotations

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone

from comments import tally
from comments.exports import columns, csv_file
from comments.models import Plan, Submission


def submissions_csv(rows: QuerySet[Submission]) -> FileResponse:
    """Return the CSV of the contract for `rows`."""
    return _csv("ความคิดเห็น", "opinions", lambda file: write_submissions(rows, file))


def summary_csv(rows: QuerySet[Submission]) -> FileResponse:
    """Return the summary (goal, sector, district, stance, number of opinions) of `rows`."""
    return _csv("สรุปความคิดเห็น", "summary", lambda file: write_summary(rows, file))


def matrix_csv(plan: Plan) -> FileResponse:
    """Return the response matrix of `plan`: one row a goal, and one for the plan as a whole."""
    return _csv("ตารางการตอบความคิดเห็น", "responses", lambda file: write_matrix(plan, file))


def write_submissions(rows: QuerySet[Submission], file: IO[bytes]) -> int:
    """Write the CSV of the contract from one snapshot; return the number of rows."""
    with csv_file.snapshot():
        return csv_file.write(tuple(columns.SUBMISSIONS), columns.submissions(rows), file)


def write_summary(rows: QuerySet[Submission], file: IO[bytes]) -> int:
    """Write the summary from one snapshot; return the number of rows."""
    with csv_file.snapshot():
        cells = tally.summary(rows)
    csv_file.write_header(tuple(columns.SUMMARY), file)
    lines = [[column(cell) for column in columns.SUMMARY.values()] for cell in cells]
    return csv_file.write_rows([lines], file)


def write_matrix(plan: Plan, file: IO[bytes]) -> int:
    """Write the response matrix from one snapshot; return the number of rows."""
    with csv_file.snapshot():
        rows = tally.responses(plan)
    csv_file.write_header(tuple(columns.RESPONSES), file)
    lines = [[column(row) for column in columns.RESPONSES.values()] for row in rows]
    return csv_file.write_rows([lines], file)


def _csv(name_th: str, name_en: str, write: Callable[[IO[bytes]], int]) -> FileResponse:
    file = TemporaryFile()  # noqa: SIM115 - the response closes it when the last byte is sent
    count = write(file)
    file.seek(0)
    response = FileResponse(file, content_type="text/csv; charset=utf-8")
    day = timezone.localdate()
    stamp = f"{day.year + 543}-{day:%m-%d}"
    # RFC 6266: an ASCII name for old programs, the Thai name for the others.
    response["Content-Disposition"] = (
        f"attachment; filename=\"{name_en}-{stamp}.csv\"; filename*=UTF-8''{quote(f'{name_th}-{stamp}.csv')}"
    )
    response["X-Row-Count"] = str(count)
    response["Cache-Control"] = "no-store"
    return response
