"""The second step of signing in: a key on the telephone, and codes on paper for the day when it is lost."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from comments.fields import EncryptedTextField


class Authenticator(models.Model):
    """The key that a member of the staff shares with a telephone, and the last step of it that was used."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="authenticator")
    key = EncryptedTextField()
    # Half minutes since 1970. What isn't later than this was used already, or has been overtaken.
    last_step = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.account)


class RecoveryCode(models.Model):
    """A code that opens the second step once; only its hash is kept, and the row goes when it is used."""

    authenticator = models.ForeignKey(Authenticator, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["authenticator", "digest"], name="recovery_code_is_its_own"),
        ]

    def __str__(self) -> str:
        return str(self.authenticator)
