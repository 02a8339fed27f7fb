"""`manage.py purge_expired`: remove personal data whose time is over, and wipe what was erased."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from comments import erasure, retention


class Command(BaseCommand):
    """Carry out what the privacy notice promises; harmless when run again."""

    help = "Remove personal data that was kept as long as the privacy notice says; run it every night."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to count only."""
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be removed, and remove nothing"
        )

    def handle(self, *, dry_run: bool, **_: object) -> None:
        """Remove, and print how many of each kind."""
        done = "to be removed" if dry_run else "removed"
        for rule, number in retention.purge(is_trial=dry_run):
            self.stdout.write(f"{rule.key}: {number} {done}")
        if not dry_run and erasure.wipe():
            self.stdout.write("the database file was wiped of what is deleted")
