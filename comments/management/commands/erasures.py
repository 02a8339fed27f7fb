"""`manage.py erasures`: list what was erased, and erase it again after a backup was restored."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from comments import erasure


class Command(BaseCommand):
    """Keep erasures apart from the backups, which may be older; harmless when run again."""

    help = "Print the list of erasures as CSV, without any words; with --repeat, carry out such a list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the list to carry out."""
        parser.add_argument("--repeat", type=Path, metavar="FILE", help="erase again what this list names")

    def handle(self, *, repeat: Path | None, **_: object) -> None:
        """Print the list, or carry one out. Raises CommandError for a file that is no list."""
        if repeat is None:
            self.stdout.write(erasure.as_list())
            return
        try:
            with repeat.open(encoding="utf-8", newline="") as lines:
                listed = erasure.read(lines)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        for reference, is_known in erasure.repeat(listed):
            self.stdout.write(f"{reference}: {'erased' if is_known else 'not in this database'}")
        erasure.wipe()
