"""What an author says against a rejection, and what another member of the staff made of it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.submissions import Submission
from comments.text import language


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Appeals by where they stand."""

    delete = never("An appeal is never deleted.")

    def not_granted(self) -> AppealQuerySet:
        """Return those after which there is no other: they wait, or the decision stands."""
        return self.exclude(outcome=Appeal.Outcome.GRANTED)

    def with_words(self) -> AppealQuerySet:
        """Return those of which the words are still there."""
        return self.filter(erased_at=None)

    def erase(self, at: datetime) -> int:
        """Empty what its author said and what was answered; that there was an appeal stays."""
        return self.with_words().update(body="", reply="", erased_at=at)


class Appeal(models.Model):
    """The wish that a rejection be looked at once more; after one that was granted, there may be another.

    `body` are its author's words, which nobody but moderators reads; `reply` is what the author reads back.
    """

    class Outcome(models.TextChoices):
        """What came of it."""

        GRANTED = "granted", _("granted")
        UPHELD = "upheld", _("the decision stands")

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="appeals", verbose_name=_("submission")
    )
    body = models.TextField(_("words of the appeal"))
    at = models.DateTimeField(_("time"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    reply = models.TextField(_("words to the author"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appeals_decided",
        verbose_name=_("by"),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["at"], condition=Q(outcome=""), name="appeal_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=~Q(outcome="granted"), name="appeal_once_unless_granted"
            ),
            models.CheckConstraint(
                condition=~Q(body="") | Q(erased_at__isnull=False), name="appeal_has_words"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="appeal_decided_has_a_time_and_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="upheld", reply="") | Q(erased_at__isnull=False),
                name="appeal_upheld_tells_its_author_why",
            ),
        ]

    delete = never("An appeal is never deleted.")

    def __str__(self) -> str:
        return self.submission.reference

    @property
    def body_language(self) -> str:
        """Return the language of the author's words."""
        return language.detect(self.body)

    @property
    def reply_language(self) -> str:
        """Return the language of what the author reads back."""
        return language.detect(self.reply)
