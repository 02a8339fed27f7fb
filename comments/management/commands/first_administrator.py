"""`manage.py first_administrator`: somebody who can sign in to a new installation."""

import secrets

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand

from comments import passwords


class Command(BaseCommand):
    """Create the first administrator, with a name and a password drawn by lot, printed once."""

    help = "Create a superuser with a name and a password drawn by lot unless an administrator exists."

    def handle(self, **_: object) -> None:
        """Create, or say how to set a new password."""
        if existing := User.objects.filter(is_superuser=True, is_active=True).first():
            self.stdout.write(
                f"Administrator: {existing.get_username()} "
                f"(new password: manage.py changepassword {existing.get_username()})"
            )
            return
        # Nobody who guesses begins with this name.
        name, password = f"admin-{secrets.token_hex(3)}", secrets.token_urlsafe(15)
        account = User.objects.create_superuser(name, password=password)
        self.stdout.write(f"Administrator created. Name: {name}  Password: {password}")
        self.stdout.write(
            "Both are drawn by lot; the password is shown this once. Sign in at /admin/ and change it."
        )
        if settings.STAFF_TWO_FACTOR:
            # On a trial at one's own machine nobody else has seen it.
            passwords.give(account)
            self.stdout.write(
                "Do it now, with a telephone at hand: the first sign-in sets up the second step."
            )
