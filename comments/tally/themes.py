"""How many opinions are about what, by the staff's list of themes; an opinion may have several."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from comments.models import DevelopmentGoal, Submission
from comments.models.answers import is_answered


@dataclass(frozen=True)
class Themed:
    """How many opinions have one theme; of those the public can read, how many were answered."""

    opinions: int = 0
    published: int = 0
    answered: int = 0

    @property
    def blank(self) -> int:
        """Return how many published ones have no answer."""
        return self.published - self.answered


def by_theme(rows: QuerySet[Submission]) -> dict[int, Themed]:
    """Return how many of `rows` have each theme, by its key; themes that none has are not in it."""
    published = Q(status=Submission.Status.PUBLISHED)
    tagged = rows.filter(tags__isnull=False).order_by().values_list("tags__theme")
    counted = tagged.annotate(
        opinions=Count("pk"),
        published=Count("pk", filter=published),
        answered=Count("pk", filter=published & is_answered()),
    )
    return {theme: Themed(*counts) for theme, *counts in counted}


def published_by_theme(goal: DevelopmentGoal) -> dict[int, int]:
    """Return the number of published opinions on `goal` by theme, by the theme's key."""
    rows = Submission.objects.published().filter(goal=goal, tags__isnull=False).order_by()
    return dict(rows.values_list("tags__theme").annotate(n=Count("pk")))
