"""Agree, disagree and answer five questions, without an account; see what this browser pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comments import reactions, references, tally
from comments.forms import QuestionsForm
from comments.limits import TooManyTriesError
from comments.models import Assessment, DevelopmentGoal, Submission, Vote
from comments.views import floods, voters
from comments.views.caching import remembers
from comments.views.receipts import SeeOther
from comments.views.same_origin import from_our_pages

# Parts of a page that a script puts in place of those that everybody gets.
_PARTS = {"votes", "small", "questions"}


@dataclass(frozen=True)
class Question:
    """One of the five questions about a goal: what was answered, and what this browser answered."""

    name: str
    label: Any
    answers: tally.Pressed
    own: bool | None = None


def questions(goal: DevelopmentGoal, own: dict[str, bool] | None = None) -> list[Question]:
    """Return the five questions in their order, with the answers to each."""
    counted, own = tally.assessments(goal), own or {}
    return [
        Question(name, label, counted[name], own.get(name)) for name, label in Assessment.Question.choices
    ]


@never_cache
@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
def vote_on_goal(request: HttpRequest, code: str) -> HttpResponse:
    """Take a vote on a goal, or show what this browser pressed."""
    return _vote(request, DevelopmentGoal(code=code), lambda: _goal(code))


@never_cache
@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
def vote_on_comment(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a vote on a published opinion, or show what this browser pressed."""
    try:
        canonical = references.parse(reference)
    except ValueError:
        raise Http404("not a reference") from None
    return _vote(request, Submission(reference=canonical), lambda: _opinion(canonical))


@never_cache
@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
def answer_questions(request: HttpRequest, code: str) -> HttpResponse:
    """Take answers to the questions about a goal; they are shown beside the vote on it."""
    goal = _goal(code)
    if request.method != "POST":
        return redirect("goal_vote", code)
    form = QuestionsForm(request.POST)
    if not form.is_valid():
        return _show(request, goal, notice="unknown", status=400)
    if not (voter := voters.number_of(request)):
        return voters.give_number(request) or _show(request, goal, notice="no_cookie", status=400)
    try:
        floods.voting(request)
        reactions.assess(goal, voter=voter, answers=form.answers())
    except TooManyTriesError as error:
        return floods.later(_show(request, goal, notice="too_many", status=429), error)
    except reactions.NotOpenError:
        return _show(request, goal, notice="closed", status=409)
    return _shown_next(request, goal, "questions")


def _goal(code: str) -> DevelopmentGoal:
    return get_object_or_404(DevelopmentGoal.objects.public().select_related("plan"), code=code)


def _opinion(reference: str) -> Submission:
    return get_object_or_404(Submission.objects.published().select_related("plan"), reference=reference)


def _vote(
    request: HttpRequest, target: reactions.Target, fetch: Callable[[], reactions.Target]
) -> HttpResponse:
    """Count a vote on what is known by its name alone; whatever shows something fetches it."""
    if request.method != "POST":
        return _show(request, fetch())
    value = request.POST.get("value")
    # Without the field a vote would be taken back that nobody meant to.
    if value not in reactions.VALUES:
        return _show(request, fetch(), notice="unknown", status=400)
    if not (voter := voters.number_of(request)):
        return voters.give_number(request) or _show(request, fetch(), notice="no_cookie", status=400)
    try:
        floods.voting(request)
        reactions.vote(target, voter=voter, value=value)
    except TooManyTriesError as error:
        return floods.later(_show(request, fetch(), notice="too_many", status=429), error)
    except reactions.NotOpenError:
        return _show(request, fetch(), notice="closed", status=409)
    return _shown_next(request, target, "votes")


def _shown_next(request: HttpRequest, target: reactions.Target, place: str) -> HttpResponse:
    """Lead to what this browser has pressed now; a script gets the part that it asked for."""
    part = request.POST.get("part", "")
    return SeeOther(reactions.address(target) + (f"?part={part}" if part in _PARTS else f"#{place}"))


@remembers
def _show(
    request: HttpRequest, target: reactions.Target, *, notice: str = "", status: int = 200
) -> HttpResponse:
    """Show a browser's own vote and answers, and how to change them or take them back."""
    voter, part = voters.number_of(request), request.GET.get("part", "")
    own = reactions.own_vote(target, voter)
    context: dict[str, Any] = {
        "target": target,
        "own": own,
        "own_label": _own_label(own),
        "is_own": True,
        "is_open": target.plan.is_accepting(),
        "notice": notice,
        "hides_language": request.method == "POST",
    }
    if isinstance(target, DevelopmentGoal):
        answers = reactions.own_answers(target, voter)
        context |= {"goal": target, "has_answered": bool(answers), "questions": questions(target, answers)}
    elif part == "questions":
        raise Http404("there are no questions about an opinion")
    if part in _PARTS and not notice:
        return render(request, f"reactions/{part}_drawn.html", context)
    return render(request, "reactions/own.html", context, status=status)


def _own_label(own: str) -> str:
    if not own:
        return _("You have pressed nothing here.")
    return _("You agree.") if own == Vote.Value.AGREE else _("You disagree.")
