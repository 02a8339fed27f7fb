"""The results: how many took part, from where, what they say, and what changed because of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments import disclosure, tally
from comments.exports import csv_file
from comments.models import GoalRevision, Plan, RejectionReason, Submission
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
    with csv_file.snapshot():
        totals = tally.plan_totals(plan)
        context = {
            "plan": plan,
            "is_open": plan.is_accepting(),
            "totals": totals,
            "texts": tally.distinct_texts(Submission.objects.published().filter(plan=plan)),
            "reasons": _reasons(plan),
            "sectors": tally.told_sectors(plan),
            "places": tally.told_places(plan),
            "goals": tally.told_goals(plan),
            "stances": [*Submission.Stance.labels, _("not stated")],
            "lists": [tally.told_kinds(plan), tally.told_months(plan), tally.told_meetings(plan)],
            "changes": list(GoalRevision.objects.changes().filter(goal__plan=plan).select_related("goal")),
            "least": disclosure.LEAST,
        }
    return render(request, "results/results.html", context)


def _reasons(plan: Plan) -> list[tuple[str, int]]:
    """Return every reason for which opinions were not published, with their number."""
    counts = tally.rejected_by_reason(Submission.objects.filter(plan=plan))
    titles = {reason.code: reason.title for reason in RejectionReason.objects.all()}
    return [(titles[code], number) for code, number in counts.items()]
