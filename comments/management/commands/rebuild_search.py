"""`manage.py rebuild_search`: bring the search index up to the dictionary in use, while the site goes on."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from comments import search


class Command(BaseCommand):
    """Index what is missing or out of date; harmless when run again."""

    help = "Index submissions that the search does not know, or knows by another dictionary."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size of a batch, and whether to index everything."""
        parser.add_argument("--batch", type=int, default=500, help="submissions per transaction")
        parser.add_argument("--everything", action="store_true", help="also what is up to date")

    def handle(self, *, batch: int, everything: bool, **_: object) -> None:
        """Rebuild, and print how many were written."""
        written = sum(search.rebuild(batch=batch, everything=everything))
        self.stdout.write(f"{written} indexed")
