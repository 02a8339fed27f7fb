"""Erase for good what an author said, lawfully asked to: the words go, a row that counts stays.

What others wrote is not touched: answers, revisions of goals and papers that quote the words are theirs.
Nor is the file in which an imported opinion came: it is kept as one encrypted whole, from which no row can be cut.
Rows of imports that say the same as the opinion's are emptied, but not those that never became this opinion:
repeated rows, and rows that could not be added.
"""

from __future__ import annotations

import csv
import logging
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from comments import attachments, campaigns, moderation, references
from comments.models import (
    Appeal,
    Contact,
    ErasureRequest,
    FormerValue,
    ImportRow,
    SearchEntry,
    Submission,
    SubmissionEvent,
)
from comments.models.search import FTS_TABLE
from comments.models.submissions import ERASABLE
from comments.text.attention import NOTHING
from comments.text.language import NO_WORDS

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)
Ground = ErasureRequest.Ground
LIST = ("reference", "erased_at", "ground", "case_number")


class NotWithheldError(Exception):
    """An order is carried out on what is shown to nobody; first it must be withheld, with a reason."""


class NotAskedError(Exception):
    """Nobody asked for this erasure with the receipt."""


def grounds(submission: Submission) -> list[Ground]:
    """Return the grounds on which a submission can be erased as it stands."""
    asked = [Ground.RECEIPT] if ErasureRequest.objects.filter(submission=submission).exists() else []
    ordered = [] if moderation.can_withdraw(submission) else [Ground.ORDER]
    return [*asked, Ground.WRITING, *ordered]


def erase(
    submission: Submission,
    *,
    actor: User | None,
    ground: str,
    case_number: str = "",
    at: datetime | None = None,
) -> ErasureRequest:
    """Erase words, versions, names, contact details, notes and files of a submission; it still counts.

    What awaits review or is published is taken back first, for its author. Erasing again changes nothing.
    Raises NotAskedError, NotWithheldError.
    """
    at = at or timezone.now()
    with transaction.atomic():
        # First of all, as at intake: whoever waited for it with rows locked could wait for ever.
        campaigns.one_by_one(submission.plan_id)
        row = Submission.everything.select_for_update(of=("self",), no_key=True).get(pk=submission.pk)
        request = ErasureRequest.objects.filter(submission=row).first()
        if request and request.done_at:
            return request
        _check(row, request, ground)
        if moderation.can_withdraw(row):
            moderation.withdraw(row, actor=actor, at=at)
        _empty(row, at)
        why = " · ".join(filter(None, [str(Ground(ground).label), case_number]))
        SubmissionEvent.objects.tell(row, SubmissionEvent.Kind.ERASED, actor=actor, at=at, note=why)
        done = {"done_at": at, "done_by": actor, "ground": ground, "case_number": case_number}
        transaction.on_commit(partial(_note, row.reference, at, ground, case_number))
        return ErasureRequest.objects.update_or_create(
            submission=row, defaults=done, create_defaults=done | {"asked_at": at}
        )[0]


def _check(row: Submission, request: ErasureRequest | None, ground: str) -> None:
    if ground == Ground.RECEIPT and request is None:
        raise NotAskedError(row.reference)
    if ground == Ground.ORDER and moderation.can_withdraw(row):
        raise NotWithheldError(row.reference)


def _empty(row: Submission, at: datetime) -> None:
    SearchEntry.objects.filter(submission=row).delete()
    campaigns.leave(row)
    attachments.erase(row.attachments.all(), at)
    row.versions.all().erase(at)
    row.events.all().erase_notes(at)
    Contact.objects.filter(submission=row).delete()
    Appeal.objects.filter(submission=row).erase(at)
    row.flags.all().erase(at)
    _empty_imports(row)
    Submission.everything.filter(pk=row.pk).update(
        **dict.fromkeys(ERASABLE, ""),
        shows_name=False,
        language=NO_WORDS,
        attention=NOTHING,
        flag_count=0,
        erased_at=at,
    )
    said = {"of_table": Submission._meta.db_table, "of_row": row.pk, "of_column__in": ERASABLE}
    FormerValue.objects.filter(**said).erase(at)


def _empty_imports(row: Submission) -> None:
    """Empty the rows of files that became `row`, and those that wait and would: they are there already."""
    waiting = ImportRow.objects.waiting().exclude(key="").values_list("pk", "key")
    same = [pk for pk, key in waiting.iterator() if references.hash_key(key) == row.idempotency_hash]
    ImportRow.objects.filter(pk__in=same).update(fate=ImportRow.Fate.THERE, submission=row)
    ImportRow.objects.filter(submission=row).empty()


def as_list() -> str:
    """Return what was erased as CSV, to be kept apart from the backups; it holds no words."""
    done = ErasureRequest.objects.exclude(done_at=None).order_by("done_at", "pk")
    rows = done.values_list("submission__reference", "done_at", "ground", "case_number")
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(LIST)
    lines.writerows((reference, at.isoformat(), *more) for reference, at, *more in rows if at)
    return text.getvalue()


def _note(reference: str, at: datetime, ground: str, case_number: str) -> None:
    """Add a line to the list that `ERASURE_LOG` names; that it can't be written undoes no erasure."""
    if not settings.ERASURE_LOG:
        return
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow((reference, at.isoformat(), ground, case_number))
    try:
        with Path(settings.ERASURE_LOG).open("a", encoding="utf-8") as file:
            line = text.getvalue() if file.tell() else f"{','.join(LIST)}\n{text.getvalue()}"
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        logger.exception(
            "An erasure could not be added to the list in ERASURE_LOG: write it anew by `erasures`."
        )


class Erased(NamedTuple):
    """A line of the list."""

    reference: str
    at: datetime
    ground: Ground
    case_number: str


def read(lines: Iterable[str]) -> list[Erased]:
    """Return what a list names. Raises ValueError for one that is none, or of which a line is not whole."""
    table = csv.reader(lines)
    if tuple(next(table, ())) != LIST:
        raise ValueError("this is not a list of erasures")
    found = []
    for line in filter(None, table):
        try:
            reference, at, ground, case_number = line
            found.append(Erased(reference, datetime.fromisoformat(at), Ground(ground), case_number))
        except ValueError:
            raise ValueError(f"line {table.line_num} of the list of erasures is not whole") from None
    return found


def repeat(listed: Iterable[Erased]) -> Iterator[tuple[str, bool]]:
    """Erase again what a list names, after a backup from before was restored; yield each reference.

    With it comes whether the database knows it.
    """
    for line in listed:
        row = Submission.everything.filter(reference=line.reference).first()
        if row is not None:
            _repeat(row, line)
        yield line.reference, row is not None


def _repeat(row: Submission, line: Erased) -> None:
    ErasureRequest.objects.get_or_create(submission=row, defaults={"asked_at": line.at})
    # The backup may be from before it was withheld.
    if moderation.can_withdraw(row):
        moderation.withdraw(row, at=line.at)
    erase(row, actor=None, ground=line.ground, case_number=line.case_number, at=line.at)


def wipe(using: str = "default") -> bool:
    """Make the database file forget what was deleted; tell whether that was for us to do.

    PostgreSQL does it by itself, by its autovacuum. In SQLite's file the index keeps the leaves of deleted texts until
    its parts are joined, and the log beside it keeps the old pages until it is emptied.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {FTS_TABLE}({FTS_TABLE}) VALUES('optimize')")
        if not connection.in_atomic_block:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True
