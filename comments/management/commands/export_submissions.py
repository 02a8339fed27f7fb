"""`manage.py export_submissions`: the planner's file from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from comments.exports import download
from comments.exports.filters import ExportFilter


class Command(BaseCommand):
    """Write the submissions that the filters choose to a file."""

    help = "Write submissions of every status as CSV, from one consistent snapshot."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer the filters of the export page by the same names."""
        parser.add_argument("--format", choices=["csv"], default="csv")
        parser.add_argument("--out", required=True, type=Path, help="the file to write")
        for name, field in ExportFilter().fields.items():
            parser.add_argument(f"--{name.replace('_', '-')}", default="", help=str(field.label))

    def handle(self, **options: Any) -> None:
        """Write to a neighbouring file first, so that no half file ever bears the name."""
        chosen = ExportFilter({name: options[name] for name in ExportFilter.base_fields})
        if not chosen.is_valid():
            raise CommandError(chosen.errors.as_text())
        out: Path = options["out"]
        part = out.with_name(out.name + ".part")
        try:
            with part.open("wb") as file:
                count = download.write_submissions(chosen.rows(), file)
            part.replace(out)
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"{out}: {count} rows")
