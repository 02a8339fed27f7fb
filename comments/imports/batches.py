"""What is done with a file: keep it, check it, add its rows. Each step is a transaction and can be repeated."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from comments import intake, references
from comments.fields import decrypt, encrypt
from comments.imports import checking, files, headers, notes
from comments.imports.cells import MOST_ROWS, Table
from comments.models import (
    DevelopmentGoal,
    District,
    ImportBatch,
    ImportRow,
    Meeting,
    Plan,
    Sector,
    Submission,
)
from comments.models.submissions import OUTSIDE
from comments.text import file_names

if TYPE_CHECKING:
    from django.contrib.auth.models import User

DIRECTORY = "imports"
# So many rows are one transaction: on SQLite nobody else can write meanwhile.
_AT_ONCE = 25
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
        batch.mode, batch.takes_twins, batch.state = mode, takes_twins, State.APPLYING
        batch.save(update_fields=["mode", "takes_twins", "state"])


def go_on(batch: ImportBatch, *, seconds: float) -> bool:
    """Add rows for about so many seconds; tell whether it is finished. Whoever comes next goes on from there.

    All rows or none are one transaction, however long it takes. Raises RowsAreWrongError.
    """
    if batch.mode == ImportBatch.Mode.ALL_OR_NOTHING:
        _add_all(batch)
        return True
    until = time.monotonic() + seconds
    while not (is_done := _add(batch, _AT_ONCE)) and time.monotonic() < until:
        continue
    return is_done


def _add_all(batch: ImportBatch) -> None:
    """Add every row in one transaction, or none. Raises RowsAreWrongError, after which the file can be checked again."""
    try:
        with transaction.atomic():
            _add(batch, None)
            _check_that_all_are_right(batch)
    except BaseException:
        ImportBatch.objects.filter(pk=batch.pk, state=State.APPLYING).update(state=State.CHECKED)
        batch.state = State.CHECKED
        raise


def _check_that_all_are_right(batch: ImportBatch) -> None:
    wrong = ImportRow.objects.filter(batch=batch, fate=Fate.ERROR).order_by("number").first()
    if wrong is not None:
        raise RowsAreWrongError(wrong.number)


def _add(batch: ImportBatch, most: int | None) -> bool:
    """Add up to `most` rows in one transaction; tell whether none is left."""
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update(of=("self",)).select_related("plan", "actor")
        current = locked.get(pk=batch.pk)
        if current.state != State.APPLYING:
            batch.state = current.state
            return True
        rows = list(ImportRow.objects.filter(batch=batch).to_add()[:most])
        known = _Known(current.plan)
        for row in rows:
            _receive(row, current, known)
        fields = ["fate", "submission", "said", "told", "has_notes"]
        ImportRow.objects.bulk_update(rows, fields, batch_size=_BATCH)
        is_done = most is None or len(rows) < most
        if is_done:
            current.rows.exclude(said="").update(said="")
            batch.state = current.state = State.DONE
            current.save(update_fields=["state"])
    return is_done


def _receive(row: ImportRow, batch: ImportBatch, known: _Known) -> None:
    said = json.loads(row.said)
    at = datetime.fromisoformat(said["at"]) if said["at"] else None
    channel = Submission.Channel.IMPORT
    try:
        receipt = intake.receive(
            known.statement(said), idempotency_key=row.key, channel=channel, at=at, actor=batch.actor
        )
    except intake.AlreadySentError as error:
        row.fate, row.submission = Fate.THERE, error.submission
    except (intake.NotAcceptingError, ValidationError, KeyError) as error:
        code = "closed" if isinstance(error, intake.NotAcceptingError) else "refused"
        row.fate, row.told, row.has_notes = Fate.ERROR, notes.kept([(code, "", {})]), True
    else:
        row.fate = Fate.ADDED if receipt.is_new else Fate.THERE
        row.submission = receipt.submission
    row.said = ""


class _Known:
    """The rows that a statement refers to, read once for a transaction."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.goals = DevelopmentGoal.objects.filter(plan=plan).in_bulk()
        self.meetings = Meeting.objects.filter(plan=plan).in_bulk()
        self.sectors = Sector.objects.in_bulk()
        self.districts = District.objects.in_bulk()

    def statement(self, said: Mapping[str, Any]) -> intake.Statement:
        """Return what a row says. Raises KeyError when a row that it refers to is gone."""
        place = said["district"]
        return intake.Statement(
            plan=self.plan,
            sector=self.sectors[said["sector"]],
            body=said["body"],
            goal=self.goals[said["goal"]] if said["goal"] else None,
            meeting=self.meetings[said["meeting"]] if said["meeting"] else None,
            about=said["about"] or Submission.About.GOALS,
            kind=said["kind"] or Submission.Kind.OPINION,
            stance=said["stance"] or "",
            district=self.districts[place] if place and place != OUTSIDE else None,
            is_outside_bangkok=place == OUTSIDE,
            display_name=said["display_name"],
            organisation=said["organisation"],
            shows_name=said["shows_name"],
            email=said["email"],
            phone=said["phone"],
        )
