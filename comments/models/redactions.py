"""Which parts of a text the public does not read, and why."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.events import SubmissionEvent


class RedactionQuerySet(models.QuerySet["Redaction"]):
    """Redactions can be read and added, nothing else."""

    update = never("A redaction never changes; another event replaces it.")
    delete = never("A redaction is never deleted; another event replaces it.")


class Redaction(models.Model):
    """One covered part of a submission's text, in code points of the words as they stood then.

    The redactions of the submission's last event of kind "redacted" are in force, unless its author
    has edited the words since; earlier ones tell how it was before.
    """

    class Reason(models.TextChoices):
        """What was covered; the public reads this beside the mark."""

        NATIONAL_ID = "national_id", _("national ID number")
        MOBILE_PHONE = "mobile_phone", _("mobile telephone number")
        LANDLINE = "landline", _("telephone number")
        EMAIL = "email", _("e-mail address")
        LINE_ID = "line_id", _("LINE ID")
        BANK_ACCOUNT = "bank_account", _("bank account number")
        CARD = "card", _("payment card number")
        PASSPORT = "passport", _("passport number")
        HOUSE_NUMBER = "house_number", _("house number")
        LICENCE_PLATE = "licence_plate", _("licence plate")
        PERSON_NAME = "person_name", _("name of a person")
        OTHER = "other", _("other personal data")

    event = models.ForeignKey(
        SubmissionEvent, models.PROTECT, related_name="redactions", verbose_name=_("event")
    )
    start = models.PositiveIntegerField(_("from"))
    end = models.PositiveIntegerField(_("to"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        ordering = ["event", "start"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="redaction_covers_something"),
            models.UniqueConstraint(fields=["event", "start"], name="redaction_starts_once"),
        ]

    delete = never("A redaction is never deleted; another event replaces it.")

    def __str__(self) -> str:
        return f"{self.start}–{self.end} {self.get_reason_display()}"
