"""Hand a finished file to the browser.

The file is written whole to a temporary file before the first byte leaves, so that its row count
stands in the header, a slow reader holds no database snapshot, a full disk gives an error page and
not half a file, and memory stays constant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import tally
from comments.exports import columns, csv_file, moments, opinions, register, xlsx_file
from comments.exports.register import Order
from comments.exports.xlsx_file import TooManyRowsError
from comments.models import ExportRecord, Plan, Submission, SubmissionEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User


# Why a file may not come about.
NOT_MADE = (moments.UnsettledError, TooManyRowsError, OSError)


def why_not(error: Exception) -> Any:
    """Say to people why a file did not come about."""
    if isinstance(error, OSError):
        return _("The file could not be written; the disk may be full. Please tell the administrator.")
    return getattr(error, "message", "")


def opinions_file(order: Order) -> FileResponse:
    """Return the file that is ordered, noted in the register. Raises what `register.carry_out` raises."""
    return _handed_out(lambda file: register.carry_out(order, file))


def repeated_file(record: ExportRecord, *, actor: User) -> FileResponse:
    """Return the file of an earlier export once more. Raises what `register.repeat` raises."""
    return _handed_out(lambda file: register.repeat(record, file, actor=actor))


def summary_csv(rows: QuerySet[Submission]) -> FileResponse:
    """Return the summary (goal, sector, district, stance, number of opinions) of `rows`."""
    return _csv("สรุปความคิดเห็น", "summary", lambda file: write_summary(rows, file))


def table_file(lines: Sequence[Sequence[object]], notes: Iterable[str], *, form: str) -> FileResponse:
    """Return a table as it is shown, as "csv" or as "xlsx" with `notes` below it."""
    if form == "csv":
        return _csv("ตารางสรุปความคิดเห็น", "table", lambda file: csv_file.write_table(lines, file))
    file = TemporaryFile()  # noqa: SIM115 - the response closes it when the last byte is sent
    count = xlsx_file.write_table(lines, notes, file)
    content_type = opinions.TRANSPORTS[opinions.Format.XLSX].content_type
    return _response(file, ("ตารางสรุปความคิดเห็น", "table", "xlsx"), count, content_type=content_type)


def matrix_csv(plan: Plan) -> FileResponse:
    """Return the response matrix of `plan`: one row a goal, and one for the plan as a whole."""
    return _csv("ตารางการตอบความคิดเห็น", "responses", lambda file: write_matrix(plan, file))


def events_csv(rows: QuerySet[SubmissionEvent]) -> FileResponse:
    """Return the log: `rows`, the oldest first."""
    return _csv("บันทึกการดำเนินการ", "events", lambda file: write_events(rows, file))


def write_submissions(rows: QuerySet[Submission], file: IO[bytes]) -> int:
    """Write the CSV of the contract for `rows` as they are; return their number."""
    return opinions.write(opinions.Selection(rows), moments.settle(), "csv", file).received


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


def write_events(rows: QuerySet[SubmissionEvent], file: IO[bytes]) -> int:
    """Write the log from one snapshot, some rows after the others; return their number."""
    csv_file.write_header(tuple(columns.EVENTS), file)
    found = rows.order_by("pk").select_related("submission__plan", "reason", "actor", "proposer")
    found = found.prefetch_related(None)
    with csv_file.snapshot():
        lines = ([column(row) for column in columns.EVENTS.values()] for row in found.iterator())
        return csv_file.write_rows([lines], file)


def _handed_out(write: Callable[[IO[bytes]], ExportRecord]) -> FileResponse:
    file = TemporaryFile()  # noqa: SIM115 - the response closes it when the last byte is sent
    try:
        record = write(file)
    except BaseException:
        file.close()
        raise
    return made_file(record, file)


def made_file(record: ExportRecord, file: IO[bytes]) -> FileResponse:
    """Return a whole file, with what the register says of it."""
    transport = opinions.TRANSPORTS[opinions.Format(record.format)]
    name = ("ความคิดเห็น", "opinions", record.format)
    response = _response(file, name, record.rows, content_type=transport.content_type)
    response["X-Export-Record"] = str(record.pk)
    response["X-Content-SHA256"] = record.sha256
    return response


def _csv(name_th: str, name_en: str, write: Callable[[IO[bytes]], int]) -> FileResponse:
    file = TemporaryFile()  # noqa: SIM115 - the response closes it when the last byte is sent
    count = write(file)
    return _response(file, (name_th, name_en, "csv"), count, content_type="text/csv; charset=utf-8")


def _response(file: IO[bytes], name: tuple[str, str, str], count: int, *, content_type: str) -> FileResponse:
    file.seek(0)
    response = FileResponse(file, content_type=content_type)
    day = timezone.localdate()
    stamp = f"{day.year + 543}-{day:%m-%d}"
    name_th, name_en, end = name
    # RFC 6266: an ASCII name for old programs, the Thai name for the others.
    response["Content-Disposition"] = (
        f'attachment; filename="{name_en}-{stamp}.{end}"; '
        f"filename*=UTF-8''{quote(f'{name_th}-{stamp}.{end}')}"
    )
    response["X-Row-Count"] = str(count)
    response["Cache-Control"] = "no-store"
    return response
