"""What people say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.goals import DevelopmentGoal
from comments.models.meetings import Meeting
from comments.models.places import District
from comments.models.plans import Plan
from comments.models.reasons import RejectionReason
from comments.models.sectors import Sector
from comments.text.attention import NOTHING, PERSONAL_DATA

if TYPE_CHECKING:
    from typing import Self

OUTSIDE = "outside"
# How long its author may change the words, while nobody has decided.
EDITABLE_FOR = timedelta(hours=24)


def words_column() -> Coalesce:
    """Return the twin of `Submission.words` for a query."""
    return Coalesce(NullIf("edited_body", Value("", output_field=models.TextField())), "body")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Submissions by who may see them and by what they are about."""

    delete = never("What a citizen wrote is never deleted.")

    def published(self) -> Self:
        """Return what the public may see."""
        return self.filter(status=Submission.Status.PUBLISHED, plan__is_public=True)

    def pending(self) -> Self:
        """Return what waits for a moderator."""
        return self.filter(status=Submission.Status.PENDING)

    def with_personal_data(self) -> Self:
        """Return those in whose words something looks like personal data and is not covered."""
        return self.filter(attention__gte=PERSONAL_DATA)

    def editable(self, at: datetime | None = None) -> Self:
        """Return what its author may change at `at`; 24 hours after the receipt is too late."""
        return self.pending().filter(received_at__gt=(at or timezone.now()) - EDITABLE_FOR)

    def in_district(self, code: str) -> Self:
        """Return submissions from a district, or from outside Bangkok."""
        if code == OUTSIDE:
            return self.filter(is_outside_bangkok=True)
        return self.filter(district__code=code)

    def one_of_each_campaign(self) -> Self:
        """Leave out members of campaigns of which an earlier one is among these: one stands for all.

        Narrow the rows before; what comes after doesn't change who stands for whom.
        """
        earlier = self.filter(campaign=models.OuterRef("campaign"), pk__lt=models.OuterRef("pk"))
        return self.exclude(models.Exists(earlier))

    def with_labels(self) -> Self:
        """Fetch with each submission what a list shows of it."""
        return self.select_related(
            "plan", "goal__strategy__parent", "meeting", "sector", "district", "reason"
        )


class Submission(models.Model):
    """One statement as it was received. The words never change; the state does, by events."""

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
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="submissions", verbose_name=_("plan"))
    goal = models.ForeignKey(
        DevelopmentGoal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("development goal"),
    )
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("meeting"),
    )
    about = models.CharField(_("about"), max_length=10, choices=About)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    stance = models.CharField(_("stance"), max_length=20, choices=Stance, blank=True)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="submissions", verbose_name=_("sector"))
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
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
    moderated_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    agree_count = models.PositiveIntegerField(_("agree"), default=0, editable=False)
    disagree_count = models.PositiveIntegerField(_("disagree"), default=0, editable=False)
    reply_count = models.PositiveIntegerField(_("replies"), default=0, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-received_at", "-id"]
        permissions = [
            ("moderate_submission", "Can publish, reject and restore submissions"),
            ("export_submission", "Can export submissions of every status"),
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
            models.CheckConstraint(condition=~Q(body=""), name="submission_has_words"),
        ]
        indexes = [
            models.Index(F("status"), F("received_at").desc(), F("id").desc(), name="submission_newest"),
            models.Index(F("status"), F("agree_count").desc(), F("id").desc(), name="submission_agreed"),
            models.Index(F("status"), F("reply_count").desc(), F("id").desc(), name="submission_discussed"),
            models.Index(
                F("status"), F("attention").desc(), F("received_at"), F("id"), name="submission_attention"
            ),
            models.Index(fields=["goal", "status", "received_at", "id"], name="submission_of_goal"),
            models.Index(fields=["plan", "fingerprint"], name="submission_equal_words"),
            models.Index(
                fields=["campaign", "status", "id"],
                condition=Q(campaign__isnull=False),
                name="submission_of_campaign",
            ),
            models.Index(fields=["plan", "status", "goal"], name="submission_of_plan"),
        ]

    delete = never("What a citizen wrote is never deleted.")

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the public page in the active language; it exists only while published."""
        return reverse("comment", args=[self.reference])

    @property
    def words(self) -> str:
        """Return the words that count: as the author last edited them, else as received."""
        return self.edited_body or self.body

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
    def public_name(self) -> str:
        """Return the name that the author agreed to show, or the empty string."""
        return self.display_name if self.shows_name else ""

    @property
    def is_sample(self) -> bool:
        """Tell whether this is labelled sample data."""
        return self.channel == self.Channel.SAMPLE
