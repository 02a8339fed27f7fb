"""The history of every submission; append-only."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.reasons import RejectionReason
from comments.models.submissions import Submission


class SubmissionEventQuerySet(models.QuerySet["SubmissionEvent"]):
    """Events can be read and added; of those of an erased submission the notes go, nothing else."""

    update = never("An event never changes.")
    delete = never("An event is never deleted.")

    def erase_notes(self, at: datetime) -> int:
        """Empty what was noted, as part of an erasure; the rest of an event never changes."""
        return models.QuerySet.update(self.exclude(note=""), note="", erased_at=at)


class SubmissionEvent(models.Model):
    """One thing that happened to a submission: who, when, why, from which state to which.

    No actor means the citizen (received, edited, withdrawn); received with an actor was typed in or imported. The database itself refuses an UPDATE, and on
    PostgreSQL a DELETE: see `comments.models.triggers`.
    """

    class Kind(models.TextChoices):
        """What happened."""

        RECEIVED = "received", _("received")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("not published")
        RESTORED = "restored", _("returned to the queue")
        WITHDRAWN = "withdrawn", _("withdrawn by its author")
        REDACTED = "redacted", _("personal data covered")
        EDITED = "edited", _("changed by its author")
        SPLIT = "split", _("taken out of its campaign")
        FILE_WITHHELD = "file_withheld", _("attachment withheld")
        FILE_RELEASED = "file_released", _("attachment shown again")
        TAGGED = "tagged", _("theme given")
        UNTAGGED = "untagged", _("theme taken away")
        RETAGGED = "retagged", _("theme merged into another")
        ASSIGNED = "assigned", _("given to an office")
        ANSWERED = "answered", _("answered")
        CONTACT_REVEALED = "contact_revealed", _("contact details shown")
        CONTACT_CHANGED = "contact_changed", _("contact details changed by the author")
        ERASURE_ASKED = "erasure_asked", _("erasure asked for by the author")
        ERASED = "erased", _("erased for good")
        CONTACT_EXPIRED = "contact_expired", _("contact details removed after their time")
        FILES_EXPIRED = "files_expired", _("files removed after their time")

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="events", verbose_name=_("submission")
    )
    kind = models.CharField(_("event"), max_length=20, choices=Kind)
    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submission_events",
        verbose_name=_("by"),
    )
    from_status = models.CharField(_("from"), max_length=10, choices=Submission.Status, blank=True)
    to_status = models.CharField(_("to"), max_length=10, choices=Submission.Status, blank=True)
    reason = models.ForeignKey(
        RejectionReason, models.PROTECT, null=True, blank=True, verbose_name=_("reason")
    )
    note = models.TextField(_("note"), blank=True)
    # The note may have quoted words that are erased; it is empty from then on.
    erased_at = models.DateTimeField(_("note erased"), null=True, blank=True, editable=False)

    objects = SubmissionEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("event log")
        ordering = ["-id"]
        indexes = [models.Index(fields=["at"], name="event_at")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="rejected") | models.Q(reason__isnull=False),
                name="rejection_event_has_a_reason",
            )
        ]

    delete = never("An event is never deleted.")

    def __str__(self) -> str:
        return f"{self.submission.reference} {self.get_kind_display()}"
