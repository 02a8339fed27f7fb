"""Put a submission where it belongs: the goal that it is about, the language that it is in; and note what colleagues should know."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from comments.models import DevelopmentGoal, Submission, SubmissionEvent
from comments.moderation import StaleDecisionError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Kind = SubmissionEvent.Kind
# What words can be in, as `comments.text.language.detect` says it.
LANGUAGES = ("th", "en", "und")


def move(
    submission: Submission,
    goal: DevelopmentGoal | None,
    *,
    actor: User,
    note: str = "",
    at: datetime | None = None,
) -> SubmissionEvent:
    """Count an opinion with `goal`, or with the plan as a whole, instead of the goal with which the caller saw it.

    Its replies come along. Raises ValueError for a reply, a goal of another plan or the same goal, and
    StaleDecisionError.
    """
    if submission.parent_id or (goal and goal.plan_id != submission.plan_id) or goal == submission.goal:
        raise ValueError("it can't be moved there")
    before, after = (one.code if one else "" for one in (submission.goal, goal))
    with transaction.atomic():
        rows = Submission.objects.kept().filter(pk=submission.pk, goal=submission.goal)
        if not rows.update(goal=goal):
            raise StaleDecisionError(submission.reference)
        Submission.everything.filter(parent=submission.pk).update(goal=goal)
        event = SubmissionEvent.objects.tell(
            submission, Kind.MOVED, actor=actor, at=at, before=before, after=after, note=note
        )
    submission.goal = goal
    return event


def mark_language(
    submission: Submission, language: str, *, actor: User, at: datetime | None = None
) -> SubmissionEvent:
    """Say which language the words are in that the caller saw, where the machine was wrong.

    Raises ValueError for no language of ours or the same one, StaleDecisionError.
    """
    if language not in LANGUAGES or language == submission.language:
        raise ValueError("no other language of ours")
    with transaction.atomic():
        rows = Submission.everything.kept().filter(
            pk=submission.pk, edition=submission.edition, language=submission.language
        )
        if not rows.update(language=language):
            raise StaleDecisionError(submission.reference)
        event = SubmissionEvent.objects.tell(
            submission, Kind.LANGUAGE_MARKED, actor=actor, at=at, before=submission.language, after=language
        )
    submission.language = language
    return event


def note(submission: Submission, words: str, *, actor: User, at: datetime | None = None) -> SubmissionEvent:
    """Leave a note for colleagues; sent twice in a row it stands once. Raises ValueError, StaleDecisionError."""
    if not words.strip():
        raise ValueError("a note has words")
    with transaction.atomic():
        # Of two at once the second waits, and finds the note of the first.
        rows = Submission.everything.kept().select_for_update(of=("self",), no_key=True)
        if not rows.filter(pk=submission.pk).exists():
            raise StaleDecisionError(submission.reference)
        last = submission.events.order_by("-pk").first()
        if last and (last.kind, last.actor_id, last.note) == (Kind.NOTED, actor.pk, words):
            return last
        return SubmissionEvent.objects.tell(submission, Kind.NOTED, actor=actor, at=at, note=words)
