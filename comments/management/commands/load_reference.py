"""`manage.py load_reference`: districts, strategies, goals and the meeting of 2565."""

from django.core.management.base import BaseCommand

from comments import reference_data


class Command(BaseCommand):
    """Load the reference data; harmless when run again."""

    help = "Load districts, strategies, goals and the meeting of 2565, and say what changed."

    def handle(self, **_: object) -> None:
        """Load, and print one line a model."""
        for line in reference_data.load().lines():
            self.stdout.write(line)
