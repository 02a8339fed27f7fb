"""`manage.py run_exports`: make the large exports that wait."""

from django.core.management.base import BaseCommand, CommandError

from comments.exports import jobs
from comments.models import ExportJob


class Command(BaseCommand):
    """Work on each large export until it is ready; harmless when run again, or twice at once."""

    help = "Make the large exports that wait; run it every minute, so that nobody has to keep a page open."

    def handle(self, **_: object) -> None:
        """Print how each of them ended."""
        for job in ExportJob.objects.unfinished():
            try:
                jobs.go_on(job, seconds=float("inf"))
            except OSError as error:
                raise CommandError(f"export job {job.pk}: {error.strerror}") from error
            self.stdout.write(f"export job {job.pk}: {job.state}, {job.looked_at} rows")
