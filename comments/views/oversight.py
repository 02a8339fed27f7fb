"""How the moderators work, for everybody: what became of all opinions, how fast, and how alike they decide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comments import tally
from comments.disclosure import LEAST
from comments.exports import csv_file, oversight_file
from comments.exports.oversight_file import Month
from comments.models import Plan, RejectionReason
from comments.tally import outcomes
from comments.views.caching import public
from comments.views.current import current_plan
from comments.views.stale import may_be_old

MAX_AGE = 30
# Of fewer pairs kappa says more about chance than about people.
LEAST_FOR_KAPPA = 30


@require_safe
@public(max_age=MAX_AGE)
@may_be_old
def report(request: HttpRequest) -> HttpResponse:
    """Show the moderation report of the current plan, all of one moment."""
    plan = current_plan()
    with csv_file.snapshot():
        found, months = _counted(plan)
        titles = {reason.code: reason.title for reason in RejectionReason.objects.all()}
    context = {
        "plan": plan,
        "report": found,
        "months": months,
        "reasons": [(titles[code], number) for code, number in found.reasons.items()],
        "tells_kappa": found.agreement.number >= LEAST_FOR_KAPPA,
        "least_for_kappa": LEAST_FOR_KAPPA,
        "least": LEAST,
    }
    return render(request, "results/moderation.html", context)


@require_safe
@public(max_age=MAX_AGE)
@may_be_old
def report_csv(request: HttpRequest) -> HttpResponse:
    """Hand over the same numbers as CSV, in the same words for both languages."""
    plan = current_plan()
    with csv_file.snapshot():
        content = oversight_file.write(*_counted(plan))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="moderation-{plan.fiscal_year}.csv"'
    return response


def _counted(plan: Plan) -> tuple[tally.Oversight, list[Month]]:
    """Return the exact numbers of the whole, and of each month what may be told."""
    found = tally.oversight(plan)
    published = outcomes.by_month({month.first_day: month.totals.published for month in found.months})
    told = outcomes.outcomes(
        [month.totals for month in found.months],
        [published.get(month.first_day, outcomes.FEW) for month in found.months] if published else None,
    )
    return found, [
        Month(
            month.first_day,
            one.received,
            one.published,
            one.unpublished,
            month.waits if _may_tell_times(month, one) else tally.Waits(),
        )
        for month, one in zip(found.months, told, strict=True)
    ]


def _may_tell_times(month: tally.Month, told: outcomes.Outcome) -> bool:
    """Tell whether the times of a month say no more of its numbers than what is told of them."""
    return bool(told.published and told.published.number) and month.waits.number >= LEAST
