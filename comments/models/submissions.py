"""What people say."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.goals import DevelopmentGoal
from comments.models.history import RecordedNow
from comments.models.meetings import Meeting
from comments.models.places import District
from comments.models.plans import Plan
from comments.models.reasons import RejectionReason
from comments.models.sectors import Sector
from comments.models.submission_indexes import INDEXES
from comments.models.submission_rows import EDITABLE_FOR, OUTSIDE, OpinionManager, SubmissionQuerySet
from comments.text.attention import NOTHING

if TYPE_CHECKING:
    from comments.models.appeals import Appeal

# What is empty once a submission is erased.
ERASABLE = ("body", "edited_body", "redacted_body", "display_name", "organisation", "fingerprint")

__all__ = ["EDITABLE_FOR", "ERASABLE", "OUTSIDE", "Submission", "SubmissionQuerySet"]


class Submission(models.Model):
    """One statement as it was received. The words never change; the state does, by events.

    Usually an opinion; with a `parent`, a reply to it, which goes the same way but counts as none. `objects`
    are the opinions alone, `everything` holds both.
    """

    class Status(models.TextChoices):
        """Where the submission stands."""

        PENDING = "pending", _("awaiting review")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("not published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class About(models.TextChoices):
        """What the statement is about."""

        GOALS = "goals", _("the goals for this plan")
        PAST_WORK = "past_work", _("the city's past work")

    class Kind(models.TextChoices):
        """What sort of statement it is."""

        OPINION = "opinion", _("opinion")
        NEED = "need", _("need")
        FACT = "fact", _("fact")
        INFORMATION = "information", _("information")

    class Stance(models.TextChoices):
        """How the author stands to the goal."""

        AGREE = "agree", _("agree")
        AGREE_WITH_CHANGES = "agree_with_changes", _("agree with changes")
        DISAGREE = "disagree", _("disagree")
        NEUTRAL = "neutral", _("neutral")

    class Channel(models.TextChoices):
        """How the statement came in."""

        WEB = "web", _("website")
        PAPER = "paper", _("paper")
        PHONE = "phone", _("telephone")
        FLOOR = "floor", _("meeting floor")
        IMPORT = "import", _("import")
        SAMPLE = "sample", _("sample data")

    reference = models.CharField(_("reference number"), max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64, editable=False)
    idempotency_hash = models.CharField(max_length=64, unique=True, editable=False)
    received_at = models.DateTimeField(_("received"))
    # When the row came into the database, which may be days later for what came on paper. Empty: before
    # former values were kept.
    recorded_at = models.DateTimeField(_("recorded"), null=True, editable=False, db_default=RecordedNow())
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)

    # Without indexes of their own: few values, each of very many rows. SQLite would take one and sort what it finds.
    plan = models.ForeignKey(
        Plan, models.PROTECT, db_index=False, related_name="submissions", verbose_name=_("plan")
    )
    # No way back by name: it would lead through `objects`, where no replies are.
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("in reply to"),
    )
    goal = models.ForeignKey(
        DevelopmentGoal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("development goal"),
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="submissions", verbose_name=_("meeting")
    )
    about = models.CharField(_("about"), max_length=10, choices=About)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    stance = models.CharField(_("stance"), max_length=20, choices=Stance, blank=True)
    sector = models.ForeignKey(
        Sector, models.PROTECT, db_index=False, related_name="submissions", verbose_name=_("sector")
    )
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="submissions",
        verbose_name=_("district"),
    )
    is_outside_bangkok = models.BooleanField(_("lives outside Bangkok"), default=False)

    body = models.TextField(_("opinion"))
    language = models.CharField(_("language"), max_length=5)
    display_name = models.CharField(_("display name"), max_length=120, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    shows_name = models.BooleanField(_("agrees to show the name"), default=False)
    # What the public reads where something is covered; empty where nothing is.
    redacted_body = models.TextField(_("opinion as published"), blank=True, editable=False)
    # The words of the author's last edit; empty while there was none. `edition` counts from 1, as received.
    edited_body = models.TextField(_("opinion as edited"), blank=True, editable=False)
    edition = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    # Drawn from the reference by `references.lot`: below the plan's share, it is among the double-checks.
    lot = models.PositiveSmallIntegerField(editable=False)
    # How soon to look at it, by `comments.text.attention.level`. It orders the queue and does nothing else.
    attention = models.PositiveSmallIntegerField(default=NOTHING, editable=False)
    campaign = models.ForeignKey(
        "Campaign",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="members",
        verbose_name=_("campaign"),
    )

    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.PENDING, editable=False
    )
    reason = models.ForeignKey(
        RejectionReason,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("reason for not publishing"),
    )
    # The event by which somebody asked for another person; empty while nobody waits for one.
    asked = models.ForeignKey(
        "SubmissionEvent", models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    moderated_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    agree_count = models.PositiveIntegerField(_("agree"), default=0, editable=False)
    disagree_count = models.PositiveIntegerField(_("disagree"), default=0, editable=False)
    # Reports of readers that wait. They order the queue, and hide nothing.
    flag_count = models.PositiveIntegerField(_("reported"), default=0, editable=False)
    reply_count = models.PositiveIntegerField(_("replies"), default=0, editable=False)
    # Words, names and contact details are gone from this moment on; the row stays, and counts. See `erasure`.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = OpinionManager()
    everything = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-received_at", "-id"]
        permissions = [
            ("moderate_submission", "Can publish, reject and restore submissions"),
            ("erase_submission", "Can erase a submission for good"),
            ("export_submission", "Can export submissions of every status"),
            ("enter_submission", "Can type in what came on paper, by telephone or on a meeting's floor"),
            ("import_submission", "Can bring in files of submissions"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_outside_bangkok=False) | Q(district__isnull=True),
                name="submission_from_a_district_or_from_outside",
            ),
            models.CheckConstraint(
                condition=Q(status="rejected", reason__isnull=False)
                | (~Q(status="rejected") & Q(reason__isnull=True)),
                name="submission_has_a_reason_when_rejected",
            ),
            models.CheckConstraint(
                condition=Q(status="pending", moderated_at__isnull=True)
                | Q(status="withdrawn")
                | Q(status__in=["published", "rejected"], moderated_at__isnull=False),
                name="submission_decided_has_a_time",
            ),
            models.CheckConstraint(condition=Q(asked=None) | Q(status="pending"), name="asked_while_pending"),
            models.CheckConstraint(
                condition=~Q(body="") | Q(erased_at__isnull=False), name="submission_has_words"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(campaign__isnull=True, **dict.fromkeys(ERASABLE, "")),
                name="submission_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(status__in=["rejected", "withdrawn"]),
                name="submission_erased_is_shown_to_nobody",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(stance="", campaign__isnull=True, reply_count=0),
                name="submission_replying_takes_no_stance_and_no_reply",
            ),
        ]
        indexes = INDEXES

    delete = never("What a citizen wrote is never deleted.")

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return where the public reads it, in the active language; a reply stands below its opinion.

        The page exists only while the opinion is published.
        """
        if self.parent:
            return f"{self.parent.get_absolute_url()}#reply-{self.reference}"
        return reverse("comment", args=[self.reference])

    @property
    def words(self) -> str:
        """Return the words that count: as the author last edited them, else as received."""
        return self.edited_body or self.body

    @property
    def is_shown(self) -> bool:
        """Tell whether the public can read it: published itself and, when it is a reply, below what is published."""
        published = self.Status.PUBLISHED
        is_below_published = self.parent is None or self.parent.status == published
        return self.status == published and is_below_published and self.plan.is_public

    @property
    def public_body(self) -> str:
        """Return the words that the public reads: those that count, but for what is covered."""
        return self.redacted_body or self.words

    @property
    def editable_until(self) -> datetime:
        """Return the moment from which on the author can't change the words any more."""
        return self.received_at + EDITABLE_FOR

    def is_editable(self, at: datetime | None = None) -> bool:
        """Tell whether its author may change the words at `at`; twin of `SubmissionQuerySet.editable`."""
        return self.status == self.Status.PENDING and (at or timezone.now()) < self.editable_until

    @property
    def is_kept(self) -> bool:
        """Tell whether its words are not erased; twin of `SubmissionQuerySet.kept`."""
        return self.erased_at is None

    @cached_property
    def appeal(self) -> Appeal | None:
        """Return its author's last appeal, None where there is none."""
        return max(self.appeals.all(), key=lambda one: one.pk, default=None)

    @property
    def is_appealed(self) -> bool:
        """Tell whether its author waits for a decision on an appeal; twin of `SubmissionQuerySet.appealed`."""
        is_open = self.appeal is not None and not self.appeal.outcome
        return is_open and self.status == self.Status.REJECTED and self.is_kept

    @property
    def public_name(self) -> str:
        """Return the name that the author agreed to show, or the empty string."""
        return self.display_name if self.shows_name else ""

    @property
    def is_sample(self) -> bool:
        """Tell whether this is labelled sample data."""
        return self.channel == self.Channel.SAMPLE
