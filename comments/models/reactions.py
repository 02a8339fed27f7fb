"""What people press without an account: agree or disagree, and the five questions about a goal."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.goals import DevelopmentGoal
from comments.models.submissions import Submission


class Vote(models.Model):
    """One browser's agreement or disagreement with a goal or with a published opinion."""

    class Value(models.TextChoices):
        """What was pressed."""

        AGREE = "agree", _("agree")
        DISAGREE = "disagree", _("disagree")

    # The keyed hash of a random number and of the target; see `comments.references.voter_key`.
    voter = models.CharField(max_length=64, editable=False)
    goal = models.ForeignKey(
        DevelopmentGoal,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="votes",
        verbose_name=_("development goal"),
    )
    submission = models.ForeignKey(
        Submission,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="votes",
        verbose_name=_("submission"),
    )
    value = models.CharField(_("vote"), max_length=8, choices=Value)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(goal__isnull=False, submission__isnull=True)
                | Q(goal__isnull=True, submission__isnull=False),
                name="vote_is_on_a_goal_or_on_an_opinion",
            ),
            models.CheckConstraint(
                condition=Q(value__in=["agree", "disagree"]), name="vote_agrees_or_disagrees"
            ),
            models.UniqueConstraint(
                fields=["goal", "voter"], condition=Q(goal__isnull=False), name="vote_once_on_a_goal"
            ),
            models.UniqueConstraint(
                fields=["submission", "voter"],
                condition=Q(submission__isnull=False),
                name="vote_once_on_an_opinion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal or self.submission}: {self.value}"


class Assessment(models.Model):
    """One browser's yes or no to one of the five questions about a goal."""

    class Question(models.TextChoices):
        """What the hearing asked of every goal."""

        SUITABLE = "suitable", _("Is it suitable?")
        COMPLETE = "complete", _("Is it complete?")
        FITTING = "fitting", _("Does it fit the present situation?")
        NEEDED = "needed", _("Does it meet what people need?")
        DOABLE = "doable", _("Can it really be done?")

    # As for a vote.
    voter = models.CharField(max_length=64, editable=False)
    goal = models.ForeignKey(
        DevelopmentGoal,
        models.PROTECT,
        db_index=False,
        related_name="assessments",
        verbose_name=_("development goal"),
    )
    question = models.CharField(_("question"), max_length=10, choices=Question)
    is_yes = models.BooleanField(_("yes"))
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("answer to a question about a goal")
        verbose_name_plural = _("answers to questions about goals")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "voter", "question"], name="assessment_once_for_each_question"
            )
        ]
        indexes = [models.Index(fields=["goal", "question", "is_yes"], name="assessment_counted")]

    def __str__(self) -> str:
        return f"{self.goal.code} {self.question}: {self.is_yes}"
