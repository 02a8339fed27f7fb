"""`manage.py reread_submissions`: read anew what is stored, after an upgrade that reads texts better."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from comments import campaigns, rereading


class Command(BaseCommand):
    """Bring up to date what is derived from the words; harmless when run again, and the site goes on."""

    help = "Work out anew how soon each submission is to be looked at; with --campaigns, put copies together."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size of a batch, and whether to put together what stands alone."""
        parser.add_argument("--batch", type=int, default=500, help="submissions read at once")
        parser.add_argument(
            "--campaigns", action="store_true", help="also put together copies that stand alone"
        )

    def handle(self, *, batch: int, campaigns: bool, **_: object) -> None:
        """Read, and print how many changed."""
        self.stdout.write(f"{sum(rereading.reread(batch=batch))} reread differently")
        if campaigns:
            self.stdout.write(f"{_gathered(batch)} put with their like")


def _gathered(batch: int) -> int:
    return sum(campaigns.gather(batch=batch))
