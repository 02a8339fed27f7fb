"""`manage.py setup_roles`: moderator, planner, responder, administrator."""

from django.core.management.base import BaseCommand, CommandError

from comments import roles


class Command(BaseCommand):
    """Give each role its permissions; harmless when run again."""

    help = "Bring the staff roles to the table in comments/roles.py, and say what changed."

    def handle(self, **_: object) -> None:
        """Set up, and print one line a role."""
        try:
            changes = roles.set_up()
        except LookupError as error:
            raise CommandError(f"{error}. Run `manage.py migrate` first.") from error
        for key, change in changes.items():
            parts = [f"{len(change.granted)} granted, {len(change.revoked)} revoked"]
            parts += [f"+{name}" for name in change.granted if not change.created]
            parts += [f"-{name}" for name in change.revoked]
            self.stdout.write(f"{key}{' created' if change.created else ''}: {' '.join(parts)}")
