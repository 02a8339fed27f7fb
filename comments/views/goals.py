"""The development goals, by strategy and one by one."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from comments import tally
from comments.models import DevelopmentGoal, Plan, Strategy, Submission
from comments.views.comments import once_each
from comments.views.current import current_plan

NEWEST = 10


@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    """List the goals of the current plan under their strategies."""
    plan = current_plan()
    return render(request, "goals/list.html", {"plan": plan, "strategies": _tree(plan)})


@require_safe
def goal(request: HttpRequest, code: str) -> HttpResponse:
    """Show one goal, how its wording came about, and what people say about it."""
    row = get_object_or_404(DevelopmentGoal.objects.public().with_places(), code=code)
    opinions = Submission.objects.published().filter(goal=row)
    context = {
        "goal": row,
        "is_open": row.plan.is_accepting(),
        "offices": row.supporting_offices.all(),
        "revisions": list(row.revisions.all()),
        "opinions": once_each(opinions)[:NEWEST],
        "heard": tally.heard(opinions),
    }
    return render(request, "goals/detail.html", context)


def _tree(plan: Plan) -> list[dict[str, object]]:
    """Return the strategies, each with its sub-strategies, each with its goals and their counts."""
    counts = tally.published_by_goal(plan)
    under: dict[int, list[tuple[DevelopmentGoal, int]]] = defaultdict(list)
    for row in DevelopmentGoal.objects.public().filter(plan=plan):
        under[row.strategy_id].append((row, counts.get(row.pk, 0)))
    rows = list(Strategy.objects.filter(framework=plan.framework_id))
    return [
        {"row": top, "parts": [(row, under[row.pk]) for row in rows if row.parent_id == top.pk]}
        for top in rows
        if top.parent_id is None
    ]
