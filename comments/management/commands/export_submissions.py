"""`manage.py export_submissions`: the planner's file from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from comments.exports import moments, opinions, register
from comments.exports.filters import ExportFilter
from comments.exports.xlsx_file import TooManyRowsError
from comments.models import ExportRecord


class Command(BaseCommand):
    """Write the opinions that the filters choose to a file, and note it in the register."""

    help = "Write opinions of every status, as they stood at one moment, with a manifest beside the file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer the filters of the export page by the same names."""
        parser.add_argument("--format", choices=ExportRecord.Format.values, default="csv")
        parser.add_argument("--out", required=True, type=Path, help="the file to write")
        parser.add_argument("--as-of", default="", help="ISO 8601, in Bangkok where it names no zone; now")
        parser.add_argument("--purpose", default="", help="what for; the register keeps it")
        for name, field in ExportFilter().fields.items():
            parser.add_argument(f"--{name.replace('_', '-')}", default="", help=str(field.label))

    def handle(self, **options: Any) -> None:
        """Write to a neighbouring file first, so that no half file ever bears the name."""
        order, out = _order(options), options["out"]
        try:
            record = _write(order, out)
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error
        except (moments.UnsettledError, TooManyRowsError) as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"{out}: {record.rows} rows")
        self.stdout.write(f"export {record.pk}, SHA-256 {record.sha256}")


def _order(options: dict[str, Any]) -> register.Order:
    chosen = ExportFilter({name: options[name] for name in ExportFilter.base_fields})
    if not chosen.is_valid():
        raise CommandError(chosen.errors.as_text())
    try:
        at = moments.parse(options["as_of"]) if options["as_of"] else None
        if at:
            moments.check(at, plan=chosen.cleaned_data["plan"])
    except ValidationError as error:
        raise CommandError(f"--as-of: {error.messages[0]}") from error
    return register.Order(
        opinions.chosen(chosen), options["format"], "command", purpose=options["purpose"][:200], at=at
    )


def _write(order: register.Order, out: Path) -> ExportRecord:
    """Write the file, and its manifest beside it; both get their names when they are whole, and are noted then."""
    beside = out.with_name(f"{out.name}.manifest.json")
    parts = {path.with_name(f"{path.name}.part"): path for path in (out, beside)}
    part, part_beside = parts

    def deliver(record: ExportRecord) -> None:
        part_beside.write_bytes(register.manifest(record))
        for half, whole in parts.items():
            half.replace(whole)

    try:
        with part.open("w+b") as file:
            return register.carry_out(order, file, deliver=deliver)
    finally:
        for path in parts:
            path.unlink(missing_ok=True)
