"""What a list shows of opinions: their own columns in one statement, what stands beside them from memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from comments import remembering, tally
from comments.models import DevelopmentGoal, District, Sector, Submission
from comments.models.submissions import SubmissionQuerySet


def once_each(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    """Return those of `rows` that a list shows, to be given to `listed`: a campaign once."""
    return rows.one_of_each_campaign().with_card()


def listed(found: list[Submission], rows: Callable[[], SubmissionQuerySet]) -> list[Submission]:
    """Return what is `found` of `rows`, each with its names, and as `alike` how many others of `rows` say the same."""
    names = remembering.of_frame(_names, "names on cards")
    campaigns = {row.campaign_id for row in found if row.campaign_id}
    sizes = tally.campaign_sizes(rows().filter(campaign__in=campaigns)) if campaigns else {}
    for row in found:
        for name, known in names.items():
            if (beside := known.get(getattr(row, f"{name}_id"))) is not None:
                Submission._meta.get_field(name).set_cached_value(row, beside)  # type: ignore[union-attr]
        row.alike = sizes[row.campaign_id] - 1 if row.campaign_id in sizes else None  # type: ignore[attr-defined]
    return found


def _names() -> dict[str, Mapping[int, Any]]:
    return {
        "goal": DevelopmentGoal.objects.only("code", "title_th", "title_en").in_bulk(),
        "sector": Sector.objects.only("title_th", "title_en").in_bulk(),
        "district": District.objects.only("title_th", "title_en").in_bulk(),
    }
