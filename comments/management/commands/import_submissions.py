"""`manage.py import_submissions`: a file of opinions from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from comments import tally
from comments.imports import batches, notes
from comments.models import ImportBatch, ImportRow, Meeting, Plan, Sector
from comments.text import buddhist_era

# Long enough to be seldom heard of, short enough to see that it moves.
_SECONDS_OF_A_STEP = 5.0


class Command(BaseCommand):
    """Check a CSV or XLSX file row by row and add what is right; the same row is never added twice."""

    help = "Add the opinions of a CSV or XLSX file; with --dry-run only say what would become of each row."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer what the staff's page offers."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="add nothing")
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="add nothing unless every row is right"
        )
        parser.add_argument(
            "--repeated", action="store_true", help="also add rows that repeat an earlier one"
        )
        parser.add_argument(
            "--plan", type=int, help="fiscal year (B.E.); by default that of the current plan"
        )
        parser.add_argument("--meeting", help="code of the meeting, for rows that name none")
        parser.add_argument("--sector", help="code of the sector, for rows that name none")
        parser.add_argument("--received-on", help="day, in either era, for rows that name none")
        parser.add_argument("--user", help="name of the user who brings it in, for the event log")

    def handle(self, **options: Any) -> None:
        """Keep the file, check it, say what becomes of each row, add what is right."""
        batch = _kept(options)
        if "body" not in batch.columns.values():
            raise CommandError("No column of opinions was found. Bring the file in by the staff's page.")
        _check(batch)
        self._tell(batch)
        if options["dry_run"]:
            return
        all_or_nothing = options["all_or_nothing"]
        mode = ImportBatch.Mode.ALL_OR_NOTHING if all_or_nothing else ImportBatch.Mode.SKIP_BAD
        try:
            batches.start(batch, mode=mode, takes_twins=options["repeated"])
            while not batches.go_on(batch, seconds=_SECONDS_OF_A_STEP):
                self._tell_how_far(batch)
        except batches.RowsAreWrongError as error:
            raise CommandError("Nothing was added: not every row is right.") from error
        self._count(batch)

    def _tell_how_far(self, batch: ImportBatch) -> None:
        fates = tally.import_fates(batch)
        self.stderr.write(f"{fates.handled} of {fates.rows}")

    def _tell(self, batch: ImportBatch) -> None:
        for row in ImportRow.objects.filter(batch=batch).order_by("number"):
            told = " ".join(notes.said(row))
            self.stdout.write(f"{row.number}: {row.get_fate_display()}{'. ' if told else ''}{told}")
        self._count(batch)

    def _count(self, batch: ImportBatch) -> None:
        fates = tally.import_fates(batch)
        counts = (f"{fates.by_fate[fate.value]} {fate.label}" for fate in ImportRow.Fate)
        self.stdout.write(f"{fates.rows} rows: {', '.join(counts)}.")


def _kept(options: dict[str, Any]) -> ImportBatch:
    path: Path = options["file"]
    day, user = options["received_on"], options["user"]
    plans = Plan.objects.filter(fiscal_year=options["plan"]) if options["plan"] else None
    try:
        plan = plans.get() if plans is not None else Plan.objects.current()
        if plan is None:
            raise CommandError("There is no plan.")
        return batches.keep(
            path.read_bytes(),
            path.name,
            plan=plan,
            actor=User.objects.get(username=user) if user else None,
            meeting=Meeting.objects.get(slug=options["meeting"], plan=plan) if options["meeting"] else None,
            sector=Sector.objects.get(key=options["sector"]) if options["sector"] else None,
            received_on=buddhist_era.parse(day) if day else None,
        )
    except ValidationError as error:
        raise CommandError(f"{path}: {' '.join(error.messages)}") from error
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except (
        Plan.DoesNotExist,
        Meeting.DoesNotExist,
        Sector.DoesNotExist,
        User.DoesNotExist,
        ValueError,
    ) as error:
        raise CommandError(str(error)) from error


def _check(batch: ImportBatch) -> None:
    columns = {int(column): name for column, name in batch.columns.items()}
    try:
        batches.check(batch, header_row=batch.header_row, columns=columns)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
