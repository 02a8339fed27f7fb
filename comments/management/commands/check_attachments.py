"""`manage.py check_attachments`: compare the stored files with their rows."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from comments import attachments
from comments.attachments.store import StoreError

# Whatever is younger may belong to an opinion that is being stored just now.
YOUNGEST_STRAY = timedelta(days=1)


class Command(BaseCommand):
    """Find files that are missing, changed or left over; harmless when run again."""

    help = "Find attachments whose file is missing or changed, and files that belong to no opinion."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to remove what is left over."""
        parser.add_argument(
            "--remove-strays", action="store_true", help="remove files that belong to no opinion"
        )

    def handle(self, *, remove_strays: bool, **_: Any) -> None:
        """Print what is wrong. Raises CommandError when a file is missing or changed, or the store can't be asked."""
        try:
            self._compare(remove_strays=remove_strays)
        except (OSError, StoreError) as error:
            raise CommandError(f"the files could not be compared: {error}") from error

    def _compare(self, *, remove_strays: bool) -> None:
        before = timezone.now() - YOUNGEST_STRAY
        found = attachments.remove_strays(before) if remove_strays else attachments.strays(before)
        for name in found:
            self.stdout.write(f"{name}: {'removed' if remove_strays else 'belongs to no opinion'}")
        wrong = 0
        for row, what in attachments.broken():
            wrong += 1
            self.stdout.write(f"{row.file}: {what}, file {row.position} of {row.submission.reference}")
        if wrong:
            raise CommandError(f"{wrong} files are missing or changed")
        self.stdout.write("every attachment is as it was stored")
