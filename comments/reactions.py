"""Agree, disagree and answer the five questions about a goal: without an account, once per browser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from comments import references
from comments.models import Assessment, DevelopmentGoal, Plan, Submission, Vote
from comments.models.reactions import MOMENT, NAME, Open
from comments.models.reactions import install as install_votes

Target = DevelopmentGoal | Submission
COUNTERS = {Vote.Value.AGREE: "agree_count", Vote.Value.DISAGREE: "disagree_count"}
# The empty one takes a vote back.
VALUES = {"", *Vote.Value.values}


class NotOpenError(Exception):
    """The target is not before the public, or its plan takes nothing at this moment."""


def vote(target: Target, *, voter: str, value: str, at: datetime | None = None) -> None:
    """Let the browser with the number `voter` agree or disagree; the empty `value` takes its vote back.

    Of `target` only the reference or the code has to be known. The row and the counts of the target change together,
    one vote after the other. The same vote again changes nothing. Raises NotOpenError, KeyError for any other value.
    """
    at = at or timezone.now()
    if not value:
        _take_back(target, voter, at)
    elif value not in COUNTERS:
        raise KeyError(value)
    elif not _press(target, voter, value, at) and not _open(target, at).exists():
        raise NotOpenError(_name(target))


def _press(target: Target, voter: str, value: str, at: datetime) -> bool:
    model, key = type(target), references.voter_key(voter, _name(target))
    open_one = _spelt(model, connection.vendor)
    return Vote.objects.press(model, open_one, _natural_key(target), voter=key, value=value, at=at)


@lru_cache
def _spelt(model: type[Target], _vendor: str) -> Open:
    """Return the SQL that selects a target while it is open: to spell it for each vote would take most of the time."""
    some = Submission(reference=NAME) if model is Submission else DevelopmentGoal(code=NAME)
    sql, params = _open(some, MOMENT).order_by().values("id").query.sql_with_params()
    return sql, tuple(params)


def install(using: str = "default", **_: object) -> None:
    """Tell the database `using` how to count a vote, where it can be told; harmless when it knows."""
    for model in (Submission, DevelopmentGoal):
        install_votes(model, _spelt(model, connections[using].vendor), using)


def _take_back(target: Target, voter: str, at: datetime) -> None:
    with transaction.atomic():
        locked = _lock(target, at)
        known = Vote.objects.filter(**_key(locked, voter))
        before = known.values_list("value", flat=True).first()
        if before:
            known.delete()
            column = COUNTERS[Vote.Value(before)]
            type(target)._default_manager.filter(pk=locked.pk).update(**{column: F(column) - 1})


def address(target: Target) -> str:
    """Return where a vote on `target` is sent, and where a browser sees its own."""
    if isinstance(target, DevelopmentGoal):
        return reverse("goal_vote", args=[target.code])
    return reverse("comment_vote", args=[target.reference])


def own_vote(target: Target, voter: str) -> str:
    """Return what the browser with this number pressed; empty for nothing, or for no number."""
    return (
        voter and Vote.objects.filter(**_key(target, voter)).values_list("value", flat=True).first()
    ) or ""


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


def _lock(target: Target, at: datetime) -> Target:
    """Make votes on one target wait for each other. Raises NotOpenError when it can't be voted on.

    SQLite has no such lock and needs none: there a writing transaction is alone from its beginning.
    """
    # Its key stays as it is: rows that refer to the target needn't wait.
    rows = _open(target, at).select_for_update(of=("self",), no_key=True)
    locked: Target | None = rows.only("pk").order_by().first()
    if locked is None:
        raise NotOpenError(_name(target))
    return locked


def _open(target: Target, at: datetime) -> QuerySet[Any]:
    """Return the target while it is before the public and its plan takes votes, else nothing."""
    rows: QuerySet[Any]
    if isinstance(target, Submission):
        rows = Submission.objects.published().filter(reference=target.reference)
    else:
        rows = DevelopmentGoal.objects.public().filter(code=target.code)
    return rows.filter(plan__in=Plan.objects.accepting(at))


def _key(target: Target, voter: str) -> dict[str, Any]:
    column = "submission" if isinstance(target, Submission) else "goal"
    return {column: target, "voter": references.voter_key(voter, _name(target))}


def _natural_key(target: Target) -> str:
    return target.reference if isinstance(target, Submission) else target.code


def _name(target: Target) -> str:
    return f"submission:{target.reference}" if isinstance(target, Submission) else f"goal:{target.code}"
