"""Reading thousands of opinions: what they say of a goal, by stated rules, and who is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import tally
from comments.admin import over_time
from comments.admin.matrix import MatrixForm
from comments.admin.planners import for_planners
from comments.exports import csv_file
from comments.models import DevelopmentGoal, Plan, Submission, Theme
from comments.tally import reading, representation
from comments.tally.told import LITTLE, STANCES
from comments.text import key_terms

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin


class ReadingForm(MatrixForm):
    """Which plan, which of its goals if any, and whether to weigh by district."""

    goal = forms.ModelChoiceField(
        DevelopmentGoal.objects.all(),
        label=gettext_lazy("Development goal"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("All opinions on the plan"),
    )
    weigh = forms.BooleanField(label=gettext_lazy("Show stances weighted by district, too"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a goal of another plan."""
        chosen = super().clean() or {}
        goal, plan = chosen.get("goal"), chosen.get("plan") or Plan.objects.current()
        if goal and plan and goal.plan_id != plan.pk:
            raise ValidationError({"goal": _("This goal belongs to another plan.")})
        return chosen


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the address of the page."""
    return [path("reading/", for_planners(model_admin, page), name="comments_submission_reading")]


def page(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponseBase:
    """Show what the published opinions on a plan or a goal say, and who is heard, all of one moment."""
    form = ReadingForm(request.GET)
    plan = form.chosen() if form.is_valid() else None
    found: dict[str, Any] = {}
    if plan:
        with csv_file.snapshot():
            found = _counted(plan, form.cleaned_data["goal"])
    context = model_admin.context(
        request, title=_("Reading and representation"), form=form, plan=plan, **found
    )
    return TemplateResponse(request, "admin/comments/submission/reading.html", context)


def _counted(plan: Plan, goal: DevelopmentGoal | None) -> dict[str, Any]:
    rows = Submission.objects.published().filter(plan=plan)
    rows = rows.filter(goal=goal) if goal else rows
    counted = tally.stances(rows)
    stances = {stance: counted.get(stance, 0) for stance in STANCES}
    return {
        "goal": goal,
        "rows_url": _rows_url(plan, goal),
        "heard": tally.heard(rows),
        "stances": _named(stances),
        "over_time": over_time.tables(rows),
        "campaigns": reading.campaigns(rows),
        "themes": _themes(plan, tally.by_theme(rows)),
        "sectors": representation.sectors_heard(rows, plan),
        "districts": representation.districts_heard(rows),
        "little": LITTLE,
        "heaviest": representation.HEAVIEST,
        **(_read(goal, stances) if goal else {}),
    }


def _read(goal: DevelopmentGoal, stances: dict[str, int]) -> dict[str, Any]:
    sample = reading.sample(goal)
    return {
        "sample": sample,
        "terms": sample.key_terms(),
        "quotes": reading.quotes(sample, stances),
        "most_read": reading.MOST_READ,
        "least": key_terms.LEAST,
        "most_characters": key_terms.MOST_READ,
        "shortest": reading.SHORTEST_QUOTE,
        "longest": reading.LONGEST_QUOTE,
    }


def _rows_url(plan: Plan, goal: DevelopmentGoal | None) -> str:
    """Return the address of the list of what is counted; more filters can follow it."""
    asked = {"plan": plan.fiscal_year, "status": "published", "only": "opinions"}
    if goal:
        asked["goal"] = goal.code
    return f"{reverse('admin:comments_submission_changelist')}?{urlencode(asked)}"


def _named(stances: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(stance, _label(stance), number) for stance, number in stances.items()]


def _label(stance: str) -> str:
    return str(Submission.Stance(stance).label) if stance else _("not stated")


def _themes(plan: Plan, counted: dict[int, tally.Themed]) -> list[tuple[Theme, int]]:
    themes = Theme.objects.standing().filter(plan=plan)
    found = [(theme, counted[theme.pk].opinions) for theme in themes if theme.pk in counted]
    return sorted(found, key=lambda pair: -pair[1])
