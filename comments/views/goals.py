"""The development goals, by strategy and one by one."""

from collections import defaultdict

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from comments import answering, remembering, statements, tally
from comments.forms import GoalOpinionsForm
from comments.forms.choices import STANCES
from comments.models import DevelopmentGoal, GoalRevision, Plan, Strategy, Submission, Theme
from comments.models.submissions import SubmissionQuerySet
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
    tree = remembering.of_shown(lambda: _tree(plan), "tree of goals", plan.pk)
    return render(request, "goals/list.html", {"plan": plan, "strategies": tree})


@require_safe
@public(max_age=30, heeds_arrivals=False)
@may_be_old
def goal(request: HttpRequest, code: str) -> HttpResponse:
    """Show one goal, how its wording came about, who agrees, and what people say about it."""
    row = _public_goal(code)
    form = GoalOpinionsForm.of(request.GET)
    beside = remembering.of_shown(lambda: _beside(row), "beside a goal", row.pk)
    context = {"goal": row, "is_open": row.plan.is_accepting(), "form": form, **beside}
    if not form.is_valid():
        return render(request, "goals/detail.html", context, status=400)
    sort, stance = form.cleaned_data["sort"] or "newest", form.cleaned_data["stance"]

    def opinions(goal: int = row.pk) -> SubmissionQuerySet:
        return form.narrow(Submission.objects.published().filter(goal=goal))

    def first(goal: int) -> SubmissionQuerySet:
        return ordered(once_each(opinions(goal)), sort)[:MOST]

    context |= {
        "opinions": listed(
            statements.fetch(Submission, first, ("on a goal", sort, stance), row.pk), opinions
        ),
        "heard": remembering.of_shown(lambda: tally.heard(opinions()), "heard on a goal", row.pk, stance),
        "stance": dict(STANCES).get(stance, ""),
    }
    return render(request, "goals/detail.html", context)


def _public_goal(code: str) -> DevelopmentGoal:
    """Return a goal as it stands now. Raises Http404."""
    rows = DevelopmentGoal.objects.public()
    keys = remembering.of_frame(lambda: dict(rows.values_list("code", "pk")), "public goals by code")
    if code not in keys:
        raise Http404("no such goal")
    # Votes on it are shown, too.
    pk = keys[code]
    return remembering.of_shown(lambda: get_object_or_404(rows.with_places(), pk=pk), "goal", pk)


def _beside(goal: DevelopmentGoal) -> dict[str, object]:
    """Return what a goal's page tells beside the goal and the opinions; in no language."""
    return {
        "offices": list(goal.supporting_offices.all()),
        "history": _history(goal),
        "answers": list(answering.answers_on(goal)[:MOST_ANSWERS]),
        "themes": _themes(goal),
        "questions": questions(goal),
    }


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
