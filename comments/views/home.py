"""The first page: what is asked, until when, and how many have spoken."""

from collections import Counter
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comments import remembering, tally
from comments.models import DevelopmentGoal, Meeting, Plan, Strategy
from comments.text import buddhist_era
from comments.views.caching import public
from comments.views.stale import may_be_old


@require_safe
@public(max_age=30)
@may_be_old
def home(request: HttpRequest) -> HttpResponse:
    """Show the consultation at a glance."""
    plan = remembering.of_frame(Plan.objects.current, "current plan")
    if plan is None:
        return render(request, "home_without_plan.html")
    public = Meeting.objects.public().filter(plan=plan)
    meetings = remembering.of_frame(lambda: list(public), "public meetings", plan.pk)
    first, last = _fiscal_year(plan)
    context = {
        "plan": plan,
        "first_day": first,
        "last_day": last,
        "is_open": plan.is_accepting(),
        "totals": tally.plan_totals(plan),
        "texts": remembering.of_shown(lambda: tally.heard_on(plan), "heard", plan.pk).texts,
        "strategies": remembering.of_shown(lambda: _strategies(plan), "strategies", plan.pk),
        "meeting": _nearest(meetings),
        "last_meeting": _last(meetings),
        "today": timezone.localdate(),
    }
    return render(request, "home.html", context)


def _strategies(plan: Plan) -> list[dict[str, object]]:
    rows = Strategy.objects.filter(framework=plan.framework_id, parent=None)
    goals = list(DevelopmentGoal.objects.filter(plan=plan).select_related("strategy"))
    above = Counter(goal.strategy.parent_id or goal.strategy_id for goal in goals)
    opinions = tally.published_by_strategy(plan, goals)
    return [{"row": row, "goals": above[row.pk], "opinions": opinions[row.pk]} for row in rows]


def _fiscal_year(plan: Plan) -> tuple[date, date]:
    """Return the first and the last day of the plan's fiscal year, which is named by the latter."""
    year = plan.fiscal_year - buddhist_era.OFFSET
    return date(year - 1, 10, 1), date(year, 9, 30)


def _nearest(meetings: list[Meeting]) -> Meeting | None:
    """Return the next meeting, or else the last one."""
    today = timezone.localdate()
    coming = [meeting for meeting in meetings if meeting.held_on >= today]
    return min(coming, key=lambda meeting: meeting.held_on, default=_last(meetings))


def _last(meetings: list[Meeting]) -> Meeting | None:
    """Return the last meeting that is over."""
    today = timezone.localdate()
    over = [meeting for meeting in meetings if meeting.held_on < today]
    return max(over, key=lambda meeting: meeting.held_on, default=None)
