"""What is done with a file: keep it, check it, add its rows. Each step is a transaction and can be repeated."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from comments import intake, references
from comments.fields import decrypt, encrypt
from comments.imports import checking, files, headers, notes, statements
from comments.imports.cells import MOST_ROWS, Table
from comments.models import (
    ImportBatch,
    ImportRow,
    Meeting,
    Plan,
    Sector,
    Submission,
)
from comments.text import file_names

if TYPE_CHECKING:
    from django.contrib.auth.models import User

DIRECTORY = "imports"
# So many rows are one transaction: on SQLite nobody else can write meanwhile.
_AT_ONCE = 100
_BATCH = 500
Fate, State = ImportRow.Fate, ImportBatch.State


class TooLateError(Exception):
    """The file is further on than this step."""


class RowsAreWrongError(Exception):
    """All rows or none were asked for, and at least one can't be added; its number, where one became so just now."""

    def __init__(self, number: int | None = None) -> None:
        """Keep the number of the row."""
        super().__init__(number)
        self.number = number


def keep(
    data: bytes,
    name: str,
    *,
    plan: Plan,
    actor: User | None = None,
    meeting: Meeting | None = None,
    sector: Sector | None = None,
    received_on: date | None = None,
) -> ImportBatch:
    """Keep a file, encrypted, with what its columns seem to mean. Raises ValidationError, as `files.read`."""
    heading = headers.find(files.read(data))
    stored = default_storage.save(f"{DIRECTORY}/{secrets.token_hex(16)}", ContentFile(encrypt(data)))
    try:
        return ImportBatch.objects.create(
            name=file_names.shown(name) or "–",
            file=stored,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            actor=actor,
            at=timezone.now(),
            plan=plan,
            meeting=meeting,
            sector=sector,
            received_on=received_on,
            header_row=heading.row,
            columns=heading.columns,
        )
    except BaseException:
        default_storage.delete(stored)
        raise


def original(batch: ImportBatch) -> bytes:
    """Return the file as it came. Raises FileNotFoundError."""
    with default_storage.open(str(batch.file)) as file:
        return decrypt(file.read())


def table(batch: ImportBatch) -> Table:
    """Return the rows of the file as it came."""
    return files.read(original(batch))


def check(
    batch: ImportBatch, *, header_row: int, columns: Mapping[int, str], at: datetime | None = None
) -> None:
    """Say of every row what would become of it; add nothing.

    Raises TooLateError once rows are being added, ValidationError (too_many_rows, no_rows, no_body).
    """
    rows = table(batch).below(header_row)
    if len(rows) > MOST_ROWS:
        raise files.too_many_rows()
    batch.header_row, batch.columns = header_row, {str(column): name for column, name in columns.items()}
    staged = _staged(batch, checking.check(rows, batch, at or timezone.now()))
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if locked.state not in {State.UPLOADED, State.CHECKED}:
            raise TooLateError(batch.name)
        locked.rows.all().delete()
        ImportRow.objects.bulk_create(staged, batch_size=_BATCH)
        batch.state = State.CHECKED
        batch.save(update_fields=["header_row", "columns", "state"])


def _staged(batch: ImportBatch, checked: Iterable[checking.Checked]) -> list[ImportRow]:
    """Return the rows as they are kept, each with its fate."""
    seen: dict[str, list[int]] = defaultdict(list)
    rows = []
    references_told: dict[int, str] = {}
    for one in checked:
        row = ImportRow(batch=batch, number=one.number, fate=Fate.ADD)
        if one.is_right:
            earlier = seen[one.digest]
            if earlier:
                row.fate = Fate.TWIN
                one.notes.append(("repeats", "", {"row": earlier[0]}))
            earlier.append(one.number)
            row.key = _key(one.digest, len(earlier))
            row.said = json.dumps(one.said, ensure_ascii=False)
            references_told[one.number] = one.reference
        else:
            row.fate = Fate.ERROR
        row.told = notes.kept(one.notes)
        row.has_notes = bool(one.notes)
        rows.append(row)
    _find_those_there([row for row in rows if row.key], references_told)
    return rows


def _key(digest: str, occurrence: int) -> str:
    """Return the idempotency key of a row: the same in every file; none that a form could send."""
    return hashlib.sha256(f"import:{digest}:{occurrence}".encode()).hexdigest()


def _find_those_there(rows: list[ImportRow], references_told: Mapping[int, str]) -> None:
    by_hash = _stored("idempotency_hash", [references.hash_key(row.key) for row in rows])
    by_reference = _stored("reference", filter(None, references_told.values()))
    for row in rows:
        stored = by_hash.get(references.hash_key(row.key)) or by_reference.get(references_told[row.number])
        if stored is not None:
            row.fate, row.submission, row.said = Fate.THERE, stored, ""


def _stored(column: str, wanted: Iterable[str]) -> dict[str, Submission]:
    found = {}
    values = iter(wanted)
    while some := list(islice(values, _BATCH)):
        for stored in Submission.everything.filter(**{f"{column}__in": some}).only("pk", column):
            found[getattr(stored, column)] = stored
    return found


def start(batch: ImportBatch, *, mode: str, takes_twins: bool) -> None:
    """Let `go_on` add the rows. Raises TooLateError, RowsAreWrongError."""
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if locked.state != State.CHECKED:
            raise TooLateError(batch.name)
        if mode == ImportBatch.Mode.ALL_OR_NOTHING and locked.rows.filter(fate=Fate.ERROR).exists():
            raise RowsAreWrongError
        batch.mode, batch.takes_twins, batch.state, batch.worked_to = mode, takes_twins, State.APPLYING, 0
        batch.save(update_fields=["mode", "takes_twins", "state", "worked_to"])


def go_on(batch: ImportBatch, *, seconds: float) -> bool:
    """Add rows for about so many seconds; tell whether it is finished. Whoever comes next goes on from there.

    All rows or none are one transaction, however long it takes, so what can be done before it comes first, bit by
    bit. Raises RowsAreWrongError.
    """
    if batch.mode == ImportBatch.Mode.SKIP_BAD:
        return _add_for(batch, seconds)
    if _work_out_for(batch, seconds):
        _add_all(batch)
    return batch.state != State.APPLYING


def _work_out_for(batch: ImportBatch, seconds: float) -> bool:
    """Work out rows for about so many seconds; tell whether all of them are."""
    until, known = time.monotonic() + seconds, statements.Known(batch.plan)
    while True:
        rows = list(ImportRow.objects.filter(batch=batch, number__gt=batch.worked_to).to_add()[:_AT_ONCE])
        for row in rows:
            statements.work_out(row, known)
        if rows and not _keep_worked_out(batch, rows):
            return False
        if len(rows) < _AT_ONCE:
            return True
        if time.monotonic() > until:
            return False


def _keep_worked_out(batch: ImportBatch, rows: list[ImportRow]) -> bool:
    """Keep what was worked out, unless somebody else was faster: then what these rows say may be gone already."""
    seen, reached = batch.worked_to, rows[-1].number
    with transaction.atomic():
        ours = ImportBatch.objects.filter(pk=batch.pk, state=State.APPLYING, worked_to=seen)
        if is_ours := bool(ours.update(worked_to=reached)):
            ImportRow.objects.keep(rows, ["said"])
    batch.refresh_from_db(fields=["worked_to", "state"])
    return is_ours


def _add_for(batch: ImportBatch, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not (is_done := _add(batch, _AT_ONCE)) and time.monotonic() < until:
        continue
    return is_done


def _add_all(batch: ImportBatch) -> None:
    """Add every row in one transaction, or none. Raises RowsAreWrongError, after which the file can be checked again."""
    try:
        with transaction.atomic():
            while not _add(batch, _BATCH):
                _check_that_all_are_right(batch)
            _check_that_all_are_right(batch)
    except BaseException:
        ImportBatch.objects.filter(pk=batch.pk, state=State.APPLYING).update(state=State.CHECKED)
        batch.state = State.CHECKED
        raise


def _check_that_all_are_right(batch: ImportBatch) -> None:
    wrong = ImportRow.objects.filter(batch=batch, fate=Fate.ERROR).order_by("number").first()
    if wrong is not None:
        raise RowsAreWrongError(wrong.number)


def _add(batch: ImportBatch, most: int) -> bool:
    """Add up to `most` rows in one transaction; tell whether none is left."""
    # What takes long is done before: on SQLite nobody else can write during the transaction.
    prepared = _prepared(batch, most)
    with transaction.atomic():
        current = ImportBatch.objects.select_for_update(of=("self",)).select_related("actor").get(pk=batch.pk)
        if current.state != State.APPLYING:
            batch.state = current.state
            return True
        # Somebody else may have added some of them meanwhile.
        rows = list(ImportRow.objects.filter(pk__in=[row.pk for row in prepared]).to_add())
        _receive([(row, prepared[row]) for row in rows], current.actor)
        ImportRow.objects.keep(rows, ["fate", "submission", "said", "told", "has_notes"])
        is_done = len(prepared) < most
        if is_done:
            current.rows.exclude(said="").update(said="")
            batch.state = current.state = State.DONE
            current.save(update_fields=["state"])
    return is_done


def _prepared(batch: ImportBatch, most: int) -> dict[ImportRow, intake.Prepared | Exception]:
    """Return the next rows to add, each ready to be received, or why it can't be."""
    known = statements.Known(batch.plan)
    rows = ImportRow.objects.filter(batch=batch).to_add()[:most]
    return {row: statements.prepare(row, known) for row in rows}


def _receive(rows: Sequence[tuple[ImportRow, intake.Prepared | Exception]], actor: User | None) -> None:
    """Add what is ready, and say of each row what became of it."""
    ready = [(row, one) for row, one in rows if isinstance(one, intake.Prepared)]
    outcomes = intake.receive_many([one for _row, one in ready], actor=actor)
    became: dict[ImportRow, intake.Outcome] = dict(zip([row for row, _one in ready], outcomes, strict=True))
    for row, _one in rows:
        row.said = ""
        match became.get(row):
            case intake.Receipt() as receipt:
                row.fate = Fate.ADDED if receipt.is_new else Fate.THERE
                row.submission = receipt.submission
            case intake.AlreadySentError() as error:
                row.fate, row.submission = Fate.THERE, error.submission
            case error:
                code = "closed" if isinstance(error, intake.NotAcceptingError) else "refused"
                row.fate, row.told, row.has_notes = Fate.ERROR, notes.kept([(code, "", {})]), True
