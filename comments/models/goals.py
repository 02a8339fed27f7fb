"""Development goals and the numbered revisions of their wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments.fields import Bilingual, never
from comments.models.plans import Agency, Plan, Strategy

if TYPE_CHECKING:
    from typing import Any, Self

    from comments.models.submissions import Submission


class GoalWording(models.Model):
    """What a goal says and aims at: the columns that each revision records."""

    title_th = models.CharField(_("development goal (Thai)"), max_length=300)
    title_en = models.CharField(_("development goal (English)"), max_length=300)
    indicator_th = models.CharField(_("indicator (Thai)"), max_length=500)
    indicator_en = models.CharField(_("indicator (English)"), max_length=500)
    target_th = models.CharField(_("target value (Thai)"), max_length=200)
    target_en = models.CharField(_("target value (English)"), max_length=200)
    target_value = models.DecimalField(
        _("target as a number"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    unit_th = models.CharField(_("unit (Thai)"), max_length=60, blank=True)
    unit_en = models.CharField(_("unit (English)"), max_length=60, blank=True)

    title = Bilingual("title")
    indicator = Bilingual("indicator")
    target = Bilingual("target")
    unit = Bilingual("unit")

    class Meta:
        abstract = True

    def wording(self) -> dict[str, object]:
        """Return the columns that a revision records, by name."""
        return {field.name: getattr(self, field.name) for field in GoalWording._meta.local_fields}


class DevelopmentGoalQuerySet(models.QuerySet["DevelopmentGoal"]):
    """Development goals by who may see them."""

    def public(self) -> Self:
        """Return goals of plans that are shown to the public."""
        return self.filter(plan__is_public=True)

    def with_places(self) -> Self:
        """Fetch with each goal what its one-line description needs."""
        return self.select_related("plan", "strategy__parent", "lead_office")


class DevelopmentGoal(GoalWording):
    """A goal of one plan as it stands now; its wordings so far are its revisions."""

    class Evidence(models.TextChoices):
        """Where the wording and the target come from."""

        OFFICIAL = "official", _("official goal of this plan")
        CITED_2567 = "cited_2567", _("from the five-year plan's value for 2567")
        CITED = "cited", _("from a BMA page for another fiscal year")
        ADAPTED = "adapted", _("adapted from a BMA page for another fiscal year")
        ILLUSTRATIVE = "illustrative", _("made up as an example")

    class Direction(models.TextChoices):
        """Which way the indicator should move."""

        INCREASE = "increase", _("increase")
        DECREASE = "decrease", _("decrease")
        MAINTAIN = "maintain", _("maintain")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals", verbose_name=_("plan"))
    strategy = models.ForeignKey(
        Strategy, models.PROTECT, related_name="goals", verbose_name=_("sub-strategy")
    )
    code = models.CharField(_("code"), max_length=20, unique=True)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    lead_office = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="led_goals", verbose_name=_("lead office")
    )
    supporting_offices = models.ManyToManyField(
        Agency, blank=True, related_name="supported_goals", verbose_name=_("supporting offices")
    )
    evidence = models.CharField(_("evidence"), max_length=20, choices=Evidence)
    source_url = models.URLField(_("source"), blank=True)
    source_note_th = models.CharField(_("note on the source (Thai)"), max_length=400, blank=True)
    agree_count = models.PositiveIntegerField(_("agree"), default=0, editable=False)
    disagree_count = models.PositiveIntegerField(_("disagree"), default=0, editable=False)

    objects = DevelopmentGoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("development goal")
        verbose_name_plural = _("development goals")
        ordering = ["plan", "strategy__position", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the goal's public page in the active language."""
        return reverse("goal", args=[self.code])

    @property
    def is_sample(self) -> bool:
        """Tell whether the goal is shown as sample data, not as the city's own."""
        return self.evidence != self.Evidence.OFFICIAL


class GoalRevisionQuerySet(models.QuerySet["GoalRevision"]):
    """Revisions can be read and added, nothing else."""

    def changes(self) -> Self:
        """Return revisions after a goal's first wording, the latest first."""
        return self.filter(number__gt=1).order_by("-at", "-pk")

    update = never("A goal's revision never changes.")
    delete = never("A goal's revision is never deleted.")


class GoalRevision(GoalWording):
    """The wording of a goal from one moment on. Number 1 is the draft that was put up."""

    goal = models.ForeignKey(
        DevelopmentGoal, models.PROTECT, related_name="revisions", verbose_name=_("development goal")
    )
    number = models.PositiveSmallIntegerField(_("revision"))
    reason_th = models.CharField(_("reason (Thai)"), max_length=500)
    reason_en = models.CharField(_("reason (English)"), max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"))
    # Written by `comments.answering.revise_goal` with the revision, and never after.
    opinions: models.ManyToManyField[Submission, Any] = models.ManyToManyField(
        "Submission", blank=True, related_name="revisions", verbose_name=_("opinions that led to it")
    )

    reason = Bilingual("reason")

    objects = GoalRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal revision")
        verbose_name_plural = _("goal revisions")
        ordering = ["goal", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "number"], name="goal_revision_number_is_unique")
        ]

    delete = never("A goal's revision is never deleted.")

    def __str__(self) -> str:
        return f"{self.goal.code} #{self.number}"
