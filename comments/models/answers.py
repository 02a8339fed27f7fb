"""What the city answers: drafts, approved answers, and who is told of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.fields import Bilingual, never
from comments.models.campaigns import Campaign
from comments.models.goals import DevelopmentGoal
from comments.models.history import RecordedNow
from comments.models.plans import Agency, Plan
from comments.models.submissions import Submission
from comments.models.themes import Theme

if TYPE_CHECKING:
    from typing import Self


class AnswerContent(models.Model):
    """What an answer says: to one opinion, or to every opinion of a campaign or with a theme, on one goal if given."""

    class Outcome(models.TextChoices):
        """What the city does about it."""

        ADOPTED = "adopted", _("taken into the plan")
        PARTLY_ADOPTED = "partly_adopted", _("partly taken into the plan")
        NOT_ADOPTED = "not_adopted", _("not taken into the plan")
        ALREADY_DONE = "already_done", _("already being done")
        OUTSIDE = "outside", _("outside the scope of the plan")

    submission = models.ForeignKey(
        Submission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("submission"),
    )
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("campaign"),
    )
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("theme")
    )
    goal = models.ForeignKey(
        DevelopmentGoal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("only on this goal"),
    )
    office = models.ForeignKey(
        Agency, models.PROTECT, related_name="%(class)ss", verbose_name=_("responsible agency")
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    text_th = models.TextField(_("answer (Thai)"))
    text_en = models.TextField(_("answer (English)"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss", verbose_name=_("written by")
    )

    text = Bilingual("text")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(submission__isnull=False, campaign__isnull=True, theme__isnull=True)
                | Q(submission__isnull=True, campaign__isnull=False, theme__isnull=True)
                | Q(submission__isnull=True, campaign__isnull=True, theme__isnull=False),
                name="%(class)s_has_one_target",
            ),
            models.CheckConstraint(
                condition=Q(goal__isnull=True) | Q(theme__isnull=False),
                name="%(class)s_on_one_goal_is_to_a_theme",
            ),
            models.CheckConstraint(condition=~Q(text_th=""), name="%(class)s_has_words"),
        ]

    def __str__(self) -> str:
        return str(self.target)

    @property
    def target(self) -> Submission | Campaign | Theme | None:
        """Return what is answered; the database keeps answers to nothing out."""
        return self.submission or self.campaign or self.theme

    @property
    def is_in_thai_only(self) -> bool:
        """Tell whether a reader of English reads Thai."""
        return not self.text_en

    def reached(self) -> models.QuerySet[Submission]:
        """Return the published opinions that this is meant for; each of them gets an `AnswerNotice`."""
        rows = Submission.objects.published()
        if self.submission_id:
            return rows.filter(pk=self.submission_id)
        if self.campaign_id:
            return rows.filter(campaign=self.campaign_id)
        rows = rows.filter(tags__theme=self.theme_id)
        return rows.filter(goal=self.goal_id) if self.goal_id else rows


class AnswerDraft(AnswerContent):
    """An answer that nobody outside the staff reads. Approving turns it into an `Answer` and ends it."""

    # What the approver saw must be what is approved.
    edition = models.PositiveIntegerField(_("version"), default=1, editable=False)
    changed_at = models.DateTimeField(_("last changed"))

    class Meta(AnswerContent.Meta):
        verbose_name = _("draft answer")
        verbose_name_plural = _("draft answers")
        ordering = ["changed_at", "pk"]
        default_permissions = ("view",)
        permissions = [
            ("draft_answer", "Can draft answers"),
            ("approve_answer", "Can approve answers"),
        ]


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Approved answers by what they reach; they can be read and added, nothing else."""

    update = never("An approved answer never changes; a newer one takes its place.")
    delete = never("An approved answer is never deleted.")

    def reaching(self, submission: Submission) -> Self:
        """Return the answers that reached `submission`, the newest first."""
        return self.filter(notices__submission=submission.pk).order_by("-pk")

    def to_many(self) -> Self:
        """Return those to a campaign or a theme: more opinions may come to them."""
        return self.filter(submission=None)

    def in_force(self) -> Self:
        """Return the answers whose place no newer one has taken, the newest first."""
        return self.filter(replaced_by__isnull=True).order_by("-pk")


class Answer(AnswerContent):
    """An approved answer, which never changes; of those that reach an opinion the newest counts."""

    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="approved_answers",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"))
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces the answer of"),
    )

    objects = AnswerQuerySet.as_manager()

    class Meta(AnswerContent.Meta):
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["-pk"]
        default_permissions = ("view",)

    delete = never("An approved answer is never deleted.")


class AnswerNotice(models.Model):
    """One opinion was reached by one answer: its event is written, and its author told once if that was asked."""

    class Mail(models.TextChoices):
        """Where the e-mail to the author stands."""

        NOT_WANTED = "not_wanted", _("not asked for")
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        GIVEN_UP = "given_up", _("given up")

    # After each failure so much longer, and then no more.
    PAUSES = (
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=3),
        timedelta(hours=12),
        timedelta(days=1),
    )

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="notices", verbose_name=_("answer"))
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="notices", verbose_name=_("submission")
    )
    mail = models.CharField(_("e-mail"), max_length=10, choices=Mail, default=Mail.NOT_WANTED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("next try"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # As for a submission.
    recorded_at = models.DateTimeField(_("recorded"), null=True, editable=False, db_default=RecordedNow())

    class Meta:
        verbose_name = _("notice of an answer")
        verbose_name_plural = _("notices of answers")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["answer", "submission"], name="answer_reaches_an_opinion_once")
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(mail="waiting"), name="notice_due")]

    def __str__(self) -> str:
        return f"{self.submission.reference} {self.mail}"


def to_the_theme_of(submission: Submission) -> Q:
    """Return the condition for drafts and answers to a theme of `submission`, on any goal or on its own."""
    return Q(theme__tags__submission=submission.pk) & (Q(goal=None) | Q(goal=submission.goal_id))


def is_answered() -> Q:
    """Return the condition for opinions that an approved answer has reached."""
    return Q(models.Exists(AnswerNotice.objects.filter(submission=models.OuterRef("pk"))))


def of_the_answer(column: str, *told: models.Q) -> models.Subquery:
    """Return, beside rows of submissions, a column of the newest answer to each, of those `told` of."""
    notices = AnswerNotice.objects.filter(*told, submission=models.OuterRef("pk")).order_by("-answer_id")
    return models.Subquery(notices.values(f"answer__{column}")[:1])


def is_late(plan: Plan, at: datetime) -> Q:
    """Return the condition for opinions of `plan` whose answer was due before `at`; the due moment is not late."""
    return Q(plan=plan.pk, moderated_at__lt=at - timedelta(days=plan.answer_within_days))
