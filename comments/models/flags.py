"""What readers report about a published opinion, without an account."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.submissions import Submission
from comments.text import language

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class FlagQuerySet(models.QuerySet["Flag"]):
    """Flags by whether somebody has looked at them."""

    delete = never("A flag is never deleted.")

    def open(self) -> FlagQuerySet:
        """Return those that wait for a moderator."""
        return self.filter(closed_at=None)

    def closed(self) -> FlagQuerySet:
        """Return those that nobody needs to look at any more."""
        return self.exclude(closed_at=None)

    def close(self, at: datetime, by: User) -> int:
        """Let what is open wait no more; return how many were."""
        return self.open().update(closed_at=at, closed_by=by)

    def erase(self, at: datetime) -> int:
        """Empty what readers wrote; that and why they flagged stays. What is open waits no more."""
        self.open().update(closed_at=at)
        return self.exclude(words="").update(words="")


class Flag(models.Model):
    """One browser's report about one published opinion or reply. It hides nothing: staff look, and close it."""

    class Reason(models.TextChoices):
        """What is wrong."""

        PERSONAL_DATA = "personal_data", _("It shows somebody's personal data")
        INSULT = "insult", _("It insults somebody or stirs up hatred")
        ADVERTISING = "advertising", _("It is advertising")
        UNLAWFUL = "unlawful", _("It breaks the law in another way")
        OTHER = "other", _("Something else")

    submission = models.ForeignKey(
        Submission, models.PROTECT, db_index=False, related_name="flags", verbose_name=_("submission")
    )
    # As for a vote.
    voter = models.CharField(max_length=64, editable=False)
    reason = models.CharField(_("reason"), max_length=15, choices=Reason)
    words = models.TextField(_("words"), blank=True)
    at = models.DateTimeField(_("time"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="flags_closed",
        verbose_name=_("by"),
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["submission", "voter"], name="flag_once_from_a_browser")
        ]
        indexes = [models.Index(fields=["submission"], condition=Q(closed_at=None), name="flag_open")]

    delete = never("A flag is never deleted.")

    def __str__(self) -> str:
        return f"{self.submission.reference} {self.reason}"

    @property
    def language(self) -> str:
        """Return the language of the words."""
        return language.detect(self.words)
