"""`manage.py verify_export`: tell whether a file is one that we made, and whole."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from comments.exports import register


class Command(BaseCommand):
    """Look a file up in the register of exports by its bytes."""

    help = "Say which export a file is, byte for byte; fail when the register has no record of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="a CSV, XLSX or JSON Lines file")

    def handle(self, *, file: Path, **_: object) -> None:
        """Print a line for each time that the file left."""
        try:
            with file.open("rb") as opened:
                records = list(register.belonging_to(opened))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        if not records:
            raise CommandError(f"{file}: no record. It was not made here, or it was changed.")
        for record in records:
            self.stdout.write(
                f"{file}: whole. Export {record.pk} of {record.made_at.isoformat()}, as of "
                f"{record.as_of.isoformat()}, {record.rows} rows"
            )
