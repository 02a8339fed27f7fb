"""Agree, disagree and answer the five questions about a goal: without an account, once per browser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from comments import references
from comments.models import Assessment, DevelopmentGoal, Plan, Submission, Vote

Target = DevelopmentGoal | Submission
COUNTERS = {Vote.Value.AGREE: "agree_count", Vote.Value.DISAGREE: "disagree_count"}


class NotOpenError(Exception):
    """The target is not before the public, or its plan takes nothing at this moment."""


def vote(target: Target, *, voter: str, value: str, at: datetime | None = None) -> None:
    """Let the browser with the number `voter` agree or disagree; the empty `value` takes its vote back.

    The row and the counts of `target` change in one transaction, one vote after the other. The same
    vote again changes nothing. Raises NotOpenError, KeyError for any other value.
    """
    at = at or timezone.now()
    steps = {COUNTERS[Vote.Value(value)]: 1} if value in COUNTERS else {}
    if value and not steps:
        raise KeyError(value)
    with transaction.atomic():
        _lock(target, at)
        known = _of(target, voter)
        before = known.values_list("value", flat=True).first() or ""
        if before == value:
            return
        if before:
            steps[COUNTERS[Vote.Value(before)]] = -1
        if not value:
            known.delete()
        elif before:
            known.update(value=value, at=at)
        else:
            Vote.objects.create(**_key(target, voter), value=value, at=at)
        type(target)._default_manager.filter(pk=target.pk).update(
            **{column: F(column) + step for column, step in steps.items()}
        )
    target.refresh_from_db(fields=list(COUNTERS.values()))


def address(target: Target) -> str:
    """Return where a vote on `target` is sent, and where a browser sees its own."""
    if isinstance(target, DevelopmentGoal):
        return reverse("goal_vote", args=[target.code])
    return reverse("comment_vote", args=[target.reference])


def own_vote(target: Target, voter: str) -> str:
    """Return what the browser with this number pressed; empty for nothing, or for no number."""
    return (voter and _of(target, voter).values_list("value", flat=True).first()) or ""


def assess(
    goal: DevelopmentGoal, *, voter: str, answers: Mapping[str, bool | None], at: datetime | None = None
) -> None:
    """Keep a browser's yes or no to the questions in `answers`; None takes an answer back.

    Questions that are not among them stay as they are. Raises NotOpenError.
    """
    at = at or timezone.now()
    with transaction.atomic():
        _lock(goal, at)
        known = Assessment.objects.filter(goal=goal, voter=references.voter_key(voter, _name(goal)))
        before = dict(known.values_list("question", "is_yes"))
        changed = {question: is_yes for question, is_yes in answers.items() if before.get(question) != is_yes}
        known.filter(question__in=changed).delete()
        Assessment.objects.bulk_create(
            Assessment(**_key(goal, voter), question=question, is_yes=is_yes, at=at)
            for question, is_yes in changed.items()
            if is_yes is not None
        )


def own_answers(goal: DevelopmentGoal, voter: str) -> dict[str, bool]:
    """Return what the browser with this number answered, by question."""
    if not voter:
        return {}
    known = Assessment.objects.filter(goal=goal, voter=references.voter_key(voter, _name(goal)))
    return dict(known.values_list("question", "is_yes"))


def _lock(target: Target, at: datetime) -> None:
    """Make votes on one target wait for each other. Raises NotOpenError when it can't be voted on.

    SQLite has no such lock and needs none: there a writing transaction is alone from its beginning.
    """
    rows: QuerySet[Any]
    if isinstance(target, Submission):
        rows = Submission.objects.published()
    else:
        rows = DevelopmentGoal.objects.public()
    # Its key stays as it is: rows that refer to the target needn't wait.
    rows = rows.filter(pk=target.pk, plan__in=Plan.objects.accepting(at))
    if not rows.select_for_update(of=("self",), no_key=True).only("pk").order_by().first():
        raise NotOpenError(_name(target))


def _of(target: Target, voter: str) -> QuerySet[Vote]:
    return Vote.objects.filter(**_key(target, voter))


def _key(target: Target, voter: str) -> dict[str, Any]:
    column = "submission" if isinstance(target, Submission) else "goal"
    return {column: target, "voter": references.voter_key(voter, _name(target))}


def _name(target: Target) -> str:
    return f"submission:{target.reference}" if isinstance(target, Submission) else f"goal:{target.code}"
