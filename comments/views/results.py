"""The results: how many took part, from where, what they say, and what changed because of it."""

from __future__ import annotations

from typing import Any

from django.db import router
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments import disclosure, remembering, tally
from comments.exports import csv_file
from comments.models import GoalRevision, Plan, Submission, public_version
from comments.views.caching import public
from comments.views.current import current_plan
from comments.views.stale import may_be_old

MAX_AGE = 30


@require_safe
@public(max_age=MAX_AGE)
@may_be_old
def results(request: HttpRequest) -> HttpResponse:
    """Show the current plan's results, all of one moment."""
    plan = current_plan()
    with csv_file.snapshot(), remembering.of_one_moment(_version):
        stand = tally.standing(plan)
        context = {
            "plan": plan,
            "is_open": plan.is_accepting(),
            "totals": stand.totals,
            "reasons": [(reason.title, number) for reason, number in tally.by_reason(stand)],
            "sectors": tally.told_sectors(stand),
            "least": disclosure.LEAST,
            # What only comes in alters none of this.
            **remembering.of_shown(lambda: _published(plan), "results", plan.pk, get_language()),
        }
    return render(request, "results/results.html", context)


def _version() -> tuple[int, int]:
    version = public_version.read(router.db_for_read(Submission))
    return version.frame, version.shown


def _published(plan: Plan) -> dict[str, Any]:
    """Return what is told of the published opinions, in the active language."""
    counted = remembering.of_shown(lambda: tally.published(plan), "published", plan.pk)
    return {
        "texts": counted.texts,
        "places": tally.told_places(counted),
        "goals": tally.told_goals(plan, counted),
        "stances": [*Submission.Stance.labels, _("not stated")],
        "lists": [tally.told_kinds(counted), tally.told_months(counted), tally.told_meetings(plan, counted)],
        "changes": list(GoalRevision.objects.changes().filter(goal__plan=plan).select_related("goal")),
    }
