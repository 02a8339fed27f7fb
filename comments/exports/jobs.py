"""Large exports: rows gather in a draft, step by step, until the file can be made of it and fetched.

A CSV as of now takes one step, for the database writes it: see `copying`.

Each step reads a stretch of rows as of the same moment, so it does not matter who takes it, when, or in which
process; what an interrupted step left behind is cut off by the next.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from os import SEEK_END
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from comments import tally
from comments.exports import columns, copying, csv_file, jsonl_file, moments, opinions, reading, register
from comments.exports.growing import Growing
from comments.exports.opinions import Selection
from comments.exports.register import Order
from comments.exports.xlsx_file import TooManyRowsError
from comments.models import ExportJob, ExportRecord, Submission

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ROWS_OF_A_STEP = 5_000
# So many times as fast as the others is a CSV as of now, which the database itself writes.
COPIED_FASTER = 10
State = ExportJob.State


def is_large(order: Order) -> bool:
    """Tell whether there may be too many rows to have a person wait for them."""
    is_copied = order.form == ExportRecord.Format.CSV and order.at is None
    most = settings.EXPORT_AT_ONCE * (COPIED_FASTER if is_copied else 1)
    return tally.count_up_to(order.selection.most(), most).is_more


def begin(order: Order, actor: User) -> ExportJob:
    """Take an order that is carried out step by step, as of now or the moment that it names. Raises UnsettledError."""
    asked_at = timezone.now()
    return ExportJob.objects.create(
        asked_at=asked_at,
        actor=actor,
        purpose=order.purpose,
        filters=order.selection.filters,
        as_of=moments.settle(order.at),
        format=order.form,
        expected=tally.count(order.selection.most()),
    )


def go_on(job: ExportJob, *, seconds: float) -> ExportJob:
    """Work on a job for some seconds, unless somebody else does; return it as it stands then.

    Raises OSError when the disk is full: the next step goes on from the last whole one.
    """
    until = time.monotonic() + seconds
    with _alone(job) as draft:
        job.refresh_from_db()
        while draft and job.state == State.MAKING:
            _take_step(job, draft)
            if time.monotonic() > until:
                break
    return job


@contextmanager
def _alone(job: ExportJob) -> Iterator[IO[bytes] | None]:
    """Open the draft of a job; None while another process has it, or when nothing is left to do."""
    Path(settings.EXPORT_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)
    if job.state != State.MAKING:
        yield None
        return
    job.draft.touch(mode=0o600)
    with job.draft.open("r+b") as draft, _among_nodes(job) as is_ours:
        try:
            fcntl.flock(draft, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield draft if is_ours else None


@contextmanager
def _among_nodes(job: ExportJob) -> Iterator[bool]:
    """Tell whether no other machine has the job, and keep it; SQLite serves one machine only."""
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('comments.exports.jobs'), %s)", [job.pk])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('comments.exports.jobs'), %s)", [job.pk])


def _take_step(job: ExportJob, draft: IO[bytes]) -> None:
    """Add a stretch of rows to the draft; when there are no more, make the file."""
    selection = opinions.chosen_before(job.filters)
    if selection is None:
        _end(job, State.FAILED)
        return
    if not job.looked_at and _is_copied(job, selection):
        return
    if draft.seek(0, SEEK_END) < job.draft_size:
        # Another machine has begun it, or the disk has lost it: of the same moment it comes to the same.
        job.last_received_at = job.last_row = None
        job.looked_at = job.draft_size = 0
    after = (job.last_received_at, job.last_row) if job.last_received_at and job.last_row else None
    with csv_file.snapshot():
        found = reading.rows(
            selection.rows, job.as_of, selection.then(job.as_of), query=selection.query, after=after
        )
        rows = list(islice(found, ROWS_OF_A_STEP))
    draft.truncate(job.draft_size)
    draft.seek(job.draft_size)
    jsonl_file.write(map(columns.values, rows), draft)
    draft.flush()
    if rows:
        job.last_received_at, job.last_row = rows[-1]["received_at"], rows[-1]["pk"]
        job.looked_at += len(rows)
        job.draft_size = draft.tell()
        job.save(update_fields=["last_received_at", "last_row", "looked_at", "draft_size"])
    if len(rows) < ROWS_OF_A_STEP:
        _finish(job, draft, selection)


def _is_copied(job: ExportJob, selection: Selection) -> bool:
    """Have the database write a CSV in one step where it can, and tell whether it could: a million rows take seconds.

    What is to be as of now is as of this step: meanwhile somebody may have changed something, and then it can't.
    """
    if job.format != ExportRecord.Format.CSV:
        return False
    if job.is_of_now:
        with suppress(moments.UnsettledError):
            job.as_of = moments.settle()
            job.save(update_fields=["as_of"])
    with TemporaryFile(dir=settings.EXPORT_ROOT) as file, Growing(file) as growing:
        whole = cast("IO[bytes]", growing)
        with csv_file.snapshot():
            if not copying.can(job.as_of):
                return False
            totals = copying.write(selection.most(), job.as_of, selection.then(job.as_of), whole)
        _note(job, selection, totals, whole, file)
    job.looked_at = totals.received
    job.save(update_fields=["looked_at"])
    _end(job, State.READY)
    return True


def _finish(job: ExportJob, draft: IO[bytes], selection: Selection) -> None:
    """Make the file of the whole draft, note it, and drop the draft."""
    draft.seek(0)
    try:
        with TemporaryFile(dir=settings.EXPORT_ROOT) as file:
            cells = jsonl_file.read(draft)
            totals = opinions.write_cells(cells, job.as_of, job.filters, job.format, file)
            _note(job, selection, totals, file, file)
    except TooManyRowsError:
        _end(job, State.FAILED)
    else:
        _end(job, State.READY)


def _note(
    job: ExportJob, selection: Selection, totals: tally.Totals, whole: IO[bytes], file: IO[bytes]
) -> None:
    order = Order(selection, job.format, ExportRecord.Door.PAGE, job.actor, job.purpose, job.as_of)
    job.record = register.note(order, job.as_of, totals, whole, deliver=lambda _: _store(job, file))


def _store(job: ExportJob, file: IO[bytes]) -> None:
    # What an interrupted try left there.
    default_storage.delete(job.stored)
    file.seek(0)
    default_storage.save(job.stored, File(file))


def _end(job: ExportJob, state: str) -> None:
    job.state = state
    job.save(update_fields=["state", "record"])
    job.draft.unlink(missing_ok=True)


def fetch(job: ExportJob) -> IO[bytes] | None:
    """Open the file of a job, which the caller closes; None where there is none any more.

    Once words were erased it is removed: it may hold them.
    """
    if Submission.everything.filter(erased_at__gte=job.asked_at).exists():
        ExportJob.objects.filter(pk=job.pk).forget()
    job.refresh_from_db()
    try:
        return default_storage.open(job.stored) if job.state == State.READY else None
    except FileNotFoundError:
        return None
