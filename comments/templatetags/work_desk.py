"""What the staff's pages say at a glance: what waits, since when, and where things are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template import RequestContext
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comments import roles, tally
from comments.models import Submission

register = template.Library()

# The models on the front page, by what they are about; what is not named comes last.
SHELVES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Opinions"), ("Submission", "SubmissionEvent", "DoubleCheck", "ErasureRequest", "ExportRecord")),
    (_("Plan and goals"), ("DevelopmentGoal", "Plan", "Strategy", "StrategyFramework", "Agency")),
    (_("Answers"), ("Theme", "AnswerDraft", "Answer")),
    (_("Meetings"), ("Meeting",)),
    (_("Lists"), ("Sector", "District", "DistrictGroup", "RejectionReason")),
    (_("Staff"), ("User", "Group", "SignIn")),
)


@dataclass(frozen=True)
class Desk:
    """The totals of opinions, which add up; how many wait, replies too, and since when the oldest does."""

    totals: tally.Totals
    replies_waiting: int
    waiting_since: datetime | None

    @property
    def waiting(self) -> int:
        """Return how many opinions and replies wait."""
        return self.totals.pending + self.replies_waiting

    @property
    def lines(self) -> list[tuple[str, Any, int]]:
        """Return each status, its label and its count."""
        return [
            (status.value, status.label, getattr(self.totals, status.value)) for status in Submission.Status
        ]


@register.simple_tag(takes_context=True)
def work_desk(context: RequestContext) -> Desk | None:
    """Return what waits, for those who may see every status."""
    user = context["request"].user
    if not roles.sees_every_status(user):
        return None
    rows = roles.visible_submissions(user)
    oldest = rows.pending().order_by("received_at").values_list("received_at", flat=True).first()
    return Desk(tally.totals(rows.opinions()), tally.count(rows.replies().pending()), oldest)


@register.simple_tag
def shelves(app_list: Iterable[Mapping[str, Any]]) -> list[tuple[Any, list[Mapping[str, Any]]]]:
    """Return the models that the user may see, by what they are about."""
    models = {model["object_name"]: model for app in app_list for model in app["models"]}
    laid_out = [(title, [models.pop(name) for name in names if name in models]) for title, names in SHELVES]
    return [(title, found) for title, found in (*laid_out, (_("Other"), [*models.values()])) if found]


@register.filter
def waited(since: datetime | None) -> str:
    """Say how long something has waited: in days, or in hours on the first day."""
    if since is None:
        return ""
    age = timezone.now() - since
    if age >= timedelta(days=1):
        return ngettext("has waited %d day", "has waited %d days", age.days) % age.days
    hours = int(age / timedelta(hours=1))
    if hours < 1:
        return gettext("has waited less than an hour")
    return ngettext("has waited %d hour", "has waited %d hours", hours) % hours
