"""Texts that many people send: campaigns, and the index that finds the like of a new text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.plans import Plan
from comments.models.submissions import Submission

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Campaign(models.Model):
    """One text that more than one person sent on a plan, alike or nearly so.

    Its members are submissions like any other: each keeps its words, stance, state and answer.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="campaigns", verbose_name=_("plan"))
    founded_at = models.DateTimeField(_("first seen"), default=timezone.now, editable=False)
    # How many members are filed under their bands; see `comments.campaigns`.
    filed = models.PositiveSmallIntegerField(default=1, editable=False)

    if TYPE_CHECKING:
        members: RelatedManager[Submission]

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["id"]

    delete = never("A campaign keeps its members together; members are split off instead.")

    def __str__(self) -> str:
        return f"{self.plan.fiscal_year % 100}-{self.pk}"


class Band(models.Model):
    """A number under which a submission is filed; a near copy of it shares one, most likely.

    Of a campaign only a few members are filed, so a lookup costs the same whatever its size.
    """

    pk = models.CompositePrimaryKey("number", "submission_id")
    number = models.BigIntegerField()
    # Found by number only; the rows of a submission are never asked for.
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} {self.submission_id}"
