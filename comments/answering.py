"""Answer what people said; so far: revise a goal because of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from comments.models import DevelopmentGoal, GoalRevision, Submission

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def revise_goal(
    goal: DevelopmentGoal,
    wording: Mapping[str, object],
    *,
    reason_th: str,
    reason_en: str = "",
    opinions: Iterable[Submission] = (),
    actor: User | None,
    at: datetime | None = None,
) -> GoalRevision | None:
    """Give `goal` the new `wording` (columns by name), number the revision, and say which opinions led to it.

    The first wording of a goal is revision 1. Returns None, and writes nothing, when the goal says
    just that already. Raises KeyError for a column that is no part of a wording.
    """
    with transaction.atomic():
        stored = DevelopmentGoal.objects.select_for_update().get(pk=goal.pk)
        number = stored.revisions.count() + 1
        before = stored.wording()
        after = before | {name: wording[name] for name in wording if before[name] != wording[name]}
        if number > 1 and after == before:
            return None
        for name, value in after.items():
            setattr(stored, name, value)
            setattr(goal, name, value)
        stored.save(update_fields=list(after))
        revision = GoalRevision.objects.create(
            goal=stored,
            number=number,
            reason_th=reason_th,
            reason_en=reason_en,
            actor=actor,
            at=at or timezone.now(),
            **after,
        )
        revision.opinions.set(opinions)
        return revision
