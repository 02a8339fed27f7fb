"""The history of every submission; append-only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.reasons import RejectionReason
from comments.models.submissions import Submission

if TYPE_CHECKING:
    from typing import Self

    from django.contrib.auth.models import User


class SubmissionEventQuerySet(models.QuerySet["SubmissionEvent"]):
    """Events can be read and added; of those of an erased submission the notes go, nothing else."""

    update = never("An event never changes.")
    delete = never("An event is never deleted.")

    def tell(
        self,
        submission: Submission,
        kind: SubmissionEvent.Kind,
        *,
        actor: User | None = None,
        at: datetime | None = None,
        **said: Any,
    ) -> SubmissionEvent:
        """Add an event that leaves `submission` in the status it has."""
        status = submission.status
        return self.create(
            submission=submission,
            kind=kind,
            actor=actor,
            at=at or timezone.now(),
            from_status=status,
            to_status=status,
            **said,
        )

    def goal_as_received(self, submission: Submission) -> str:
        """Return the code of the goal with which a submission came in; empty for the plan as a whole."""
        moves = self.filter(submission=submission, kind=SubmissionEvent.Kind.MOVED).order_by("pk")
        first = moves.values_list("before", flat=True).first()
        if first is not None:
            return first
        return submission.goal.code if submission.goal else ""

    def put_by_hand(self, submission: Submission) -> str | None:
        """Return what the staff did last with its place among campaigns: the kind of the event, or None."""
        kinds = (SubmissionEvent.Kind.SPLIT, SubmissionEvent.Kind.JOINED)
        done = self.filter(submission=submission, kind__in=kinds).order_by("-pk")
        return done.values_list("kind", flat=True).first()

    def in_public(self) -> Self:
        """Return those that happened to what the public could read: each may have taken something from it."""
        return self.filter(from_status=Submission.Status.PUBLISHED)

    def erase_notes(self, at: datetime) -> int:
        """Empty what was noted, as part of an erasure; the rest of an event never changes."""
        return models.QuerySet.update(self.exclude(note=""), note="", erased_at=at)


class SubmissionEvent(models.Model):
    """One thing that happened to a submission: who, when, why, from which state to which.

    No actor means the citizen (received, edited, withdrawn, appealed); received with an actor was typed in or imported. The database itself refuses an UPDATE, and on
    PostgreSQL a DELETE: see `comments.models.triggers`.
    """

    class Kind(models.TextChoices):
        """What happened."""

        RECEIVED = "received", _("received")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("not published")
        REJECTION_PROPOSED = "rejection_proposed", _("proposed not to publish")
        REJECTION_DECLINED = "rejection_declined", _("proposal not to publish declined")
        REJECTION_TAKEN_BACK = "rejection_taken_back", _("proposal not to publish taken back")
        SECOND_OPINION_ASKED = "second_opinion_asked", _("asked for a second opinion")
        RESTORED = "restored", _("returned to the queue")
        WITHDRAWN = "withdrawn", _("withdrawn by its author")
        APPEALED = "appealed", _("appealed against by its author")
        APPEAL_UPHELD = "appeal_upheld", _("appeal decided: stays withheld")
        APPEAL_GRANTED = "appeal_granted", _("appeal granted")
        REDACTED = "redacted", _("personal data covered")
        EDITED = "edited", _("changed by its author")
        SPLIT = "split", _("taken out of its campaign")
        JOINED = "joined", _("put into a campaign")
        MOVED = "moved", _("put with another goal")
        LANGUAGE_MARKED = "language_marked", _("language marked")
        NOTED = "noted", _("note of a colleague")
        FILE_WITHHELD = "file_withheld", _("attachment withheld")
        FILE_RELEASED = "file_released", _("attachment shown again")
        TAGGED = "tagged", _("theme given")
        UNTAGGED = "untagged", _("theme taken away")
        RETAGGED = "retagged", _("theme merged into another")
        FLAGS_CLOSED = "flags_closed", _("reports of readers looked at")
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
    # Of a rejection by two people the first one; the actor is the second.
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    from_status = models.CharField(_("from"), max_length=10, choices=Submission.Status, blank=True)
    to_status = models.CharField(_("to"), max_length=10, choices=Submission.Status, blank=True)
    # What else it changed, as codes: the goal, the language or the campaign; empty for the plan as a whole, or no campaign.
    before = models.CharField(_("before"), max_length=40, blank=True)
    after = models.CharField(_("after"), max_length=40, blank=True)
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
        indexes = [
            models.Index(fields=["at"], name="event_at"),
            models.Index(
                fields=["-id"],
                name="event_in_public",
                condition=models.Q(from_status=Submission.Status.PUBLISHED),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="rejected") | models.Q(reason__isnull=False),
                name="rejection_event_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="rejection_proposed")
                | models.Q(reason__isnull=False, actor__isnull=False),
                name="proposal_event_has_a_reason_and_an_actor",
            ),
            models.CheckConstraint(
                condition=models.Q(proposer__isnull=True)
                | (models.Q(kind="rejected") & ~models.Q(proposer=models.F("actor"))),
                name="rejection_event_is_proposed_by_another",
            ),
        ]

    delete = never("An event is never deleted.")

    def __str__(self) -> str:
        return f"{self.submission.reference} {self.get_kind_display()}"
