"""The development goals, by strategy and one by one."""

from collections import defaultdict

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from comments import answering, tally
from comments.forms import GoalOpinionsForm
from comments.forms.choices import STANCES
from comments.models import DevelopmentGoal, GoalRevision, Plan, Strategy, Submission, Theme
from comments.views.caching import public
from comments.views.current import current_plan
from comments.views.listing import listed, once_each
from comments.views.paging import ordered
from comments.views.reactions import questions
from comments.views.stale import may_be_old

MOST = 10
MOST_ANSWERS = 5


@require_safe
@public(max_age=30, heeds_arrivals=False)
@may_be_old
def goals(request: HttpRequest) -> HttpResponse:
    """List the goals of the current plan under their strategies."""
    plan = current_plan()
    return render(request, "goals/list.html", {"plan": plan, "strategies": _tree(plan)})


@require_safe
@public(max_age=30, heeds_arrivals=False)
@may_be_old
def goal(request: HttpRequest, code: str) -> HttpResponse:
    """Show one goal, how its wording came about, who agrees, and what people say about it."""
    row = get_object_or_404(DevelopmentGoal.objects.public().with_places(), code=code)
    form = GoalOpinionsForm(request.GET)
    context = {
        "goal": row,
        "is_open": row.plan.is_accepting(),
        "offices": row.supporting_offices.all(),
        "history": _history(row),
        "answers": answering.answers_on(row)[:MOST_ANSWERS],
        "themes": _themes(row),
        "questions": questions(row),
        "form": form,
    }
    if not form.is_valid():
        return render(request, "goals/detail.html", context, status=400)
    opinions = form.narrow(Submission.objects.published().filter(goal=row))
    found = ordered(once_each(opinions), form.cleaned_data["sort"] or "newest")
    context |= {
        "opinions": listed(list(found[:MOST]), lambda: opinions),
        "heard": tally.heard(opinions),
        "stance": dict(STANCES).get(form.cleaned_data["stance"], ""),
    }
    return render(request, "goals/detail.html", context)


def _history(goal: DevelopmentGoal) -> list[tuple[GoalRevision, GoalRevision | None]]:
    """Return the revisions, newest first, each with the one before it and the opinions that led to it.

    Only opinions that the public may read are among these.
    """
    opinions = Submission.objects.published().order_by("received_at", "id")
    rows = list(goal.revisions.prefetch_related(Prefetch("opinions", opinions, to_attr="led_by")))
    return list(zip(rows, [*rows[1:], None], strict=True))


def _themes(goal: DevelopmentGoal) -> list[tuple[Theme, int]]:
    """Return what the published opinions on a goal are about, the most frequent first, and how many are."""
    counts = tally.published_by_theme(goal)
    rows = Theme.objects.filter(pk__in=counts) if counts else []
    return sorted(((row, counts[row.pk]) for row in rows), key=lambda found: -found[1])


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
