"""Who came in to the staff's side, who tried, and how it ended, append-only; and which passwords were given by others."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import EncryptedTextField, never

# Section 26 of the Computer-Related Crime Act: whoever runs a service keeps such records for ninety days at least.
LEAST_DAYS = 90


class SignInQuerySet(models.QuerySet["SignIn"]):
    """Entries can be read and added; they go by age, and not before the law lets them."""

    update = never("An entry of the log never changes.")
    delete = never("An entry of the log goes by age only.")

    def older_than(self, days: int, at: datetime) -> SignInQuerySet:
        """Return the entries that are at least so many days old, never those younger than the law allows."""
        return self.filter(at__lte=at - timedelta(days=max(days, LEAST_DAYS)))

    def forget(self, days: int, at: datetime) -> int:
        """Delete the entries that are at least so many days old; return their number."""
        return models.QuerySet.delete(self.older_than(days, at))[0]


class SignIn(models.Model):
    """One thing that happened at the door of the staff's side.

    The database itself refuses an UPDATE, and on PostgreSQL a DELETE of what is younger than ninety days: see
    `comments.models.triggers`.
    """

    class Kind(models.TextChoices):
        """What happened."""

        SIGNED_IN = "signed_in", _("signed in")
        REFUSED = "refused", _("wrong name or password")
        LOCKED = "locked", _("locked after too many wrong passwords")
        CODE_REFUSED = "code_refused", _("wrong code at the second step")
        RECOVERED = "recovered", _("came in with a recovery code")
        ENROLLED = "enrolled", _("second step set up")
        RESET = "reset", _("second step taken away by an administrator")
        SIGNED_OUT = "signed_out", _("signed out")
        IDLE = "idle", _("signed out after a pause")
        EXPIRED = "expired", _("signed out after the longest time")
        CHANGED = "changed", _("signed out because the account was changed")
        LAPSED = "lapsed", _("first password had lapsed")
        ENDED = "ended", _("signed out elsewhere by the person")

    kind = models.CharField(_("event"), max_length=20, choices=Kind)
    at = models.DateTimeField(_("time"), default=timezone.now)
    # Null: a name that nobody here has. What was typed isn't kept: it is often a password.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="sign_ins",
        verbose_name=_("account"),
    )
    # Null: the account itself, or whoever tried.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    address = EncryptedTextField(_("address"), blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("log of sign-ins")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["at"], name="sign_in_at")]

    delete = never("An entry of the log goes by age only.")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class GivenPassword(models.Model):
    """That somebody else gave an account its password, and when; its owner has not changed it yet."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="given_password")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.account)
