"""Draw the cards of a list from a pattern: twenty times the whole template would take most of the time of a page."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template import RequestContext
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from comments.models import DevelopmentGoal, District, Sector, Submission
from comments.templatetags.buddhist_dates import day
from comments.templatetags.words import MOST_ON_A_CARD, opening

register = template.Library()

_MOST_PATTERNS = 2_000
# What stands in a pattern where a card has its own: words that no text of ours holds, and a day.
_MARKS = (
    "day",
    "reference",
    "words",
    "name",
    "goal-code",
    "goal-title",
    "sector",
    "district",
    "agree",
    "disagree",
)
_LOOKS = ("about", "kind", "stance", "channel", "language", "is_outside_bangkok")
_DAY = date(1111, 1, 11)
_MARK = re.compile(rf"zz-({'|'.join(_MARKS)})-zz")

# By everything else that a card looks different for: literal text and the names of marks, by turns.
_patterns: dict[Hashable, list[str]] = {}


@register.simple_tag(takes_context=True)
def cards(context: RequestContext, opinions: Iterable[Submission]) -> SafeString:
    """Draw opinions as entries of a list; one with hits to mark, replies or others alike by the template itself."""
    is_special = bool(context.get("query") or context.get("common"))
    place = (get_language(), bool(context.get("is_open")), bool(context.get("goal")))
    drawn: list[str] = []
    for row in opinions:
        drawn.append("<li>")
        if is_special or row.alike or row.reply_count:  # type: ignore[attr-defined]
            drawn.append(_by_template(context, row))
        else:
            own = _own(row)
            drawn += [own[part] if n % 2 else part for n, part in enumerate(_pattern(context, place, row))]
        drawn.append("</li>\n")
    return SafeString("".join(drawn))


def _by_template(context: RequestContext, submission: Submission) -> SafeString:
    with context.push(submission=submission):
        return get_template("submissions/card.html").template.render(context)  # type: ignore[attr-defined,no-any-return]


# Of titles, which stand on thousands of cards.
_title = lru_cache(maxsize=1_000)(escape)


def _own(submission: Submission) -> dict[str, str]:
    goal, district = submission.goal, submission.district
    return {
        "reference": submission.reference,
        "words": escape(opening(submission.public_body, MOST_ON_A_CARD)),
        "name": escape(submission.public_name),
        "goal-code": escape(goal.code) if goal else "",
        "goal-title": _title(goal.title) if goal else "",
        "sector": _title(submission.sector.title),
        "district": _title(district.title) if district else "",
        "agree": str(submission.agree_count),
        "disagree": str(submission.disagree_count),
        "day": day(submission.received_at),
    }


def _pattern(context: RequestContext, place: tuple[Hashable, ...], row: Submission) -> list[str]:
    looks = {name: getattr(row, name) for name in _LOOKS}
    has = (
        bool(row.public_name),
        bool(row.goal_id),
        bool(row.district_id),
        bool(row.agree_count or row.disagree_count),
    )
    key = (*place, *looks.values(), *has)
    if key not in _patterns:
        if len(_patterns) >= _MOST_PATTERNS:
            _patterns.clear()
        drawn = _by_template(context, _stand_in(looks, *has))
        _patterns[key] = _MARK.split(drawn.replace(day(_DAY), "zz-day-zz"))
    return _patterns[key]


def _stand_in(
    looks: dict[str, Any], has_name: bool, has_goal: bool, has_district: bool, has_votes: bool
) -> Submission:
    """Return an opinion that looks so and has marks for everything that is its own."""
    row = Submission(reference="zz-reference-zz", body="zz-words-zz", received_at=_DAY, **looks)
    row.display_name, row.shows_name = ("zz-name-zz", True) if has_name else ("", False)
    row.sector = Sector(title_th="zz-sector-zz")
    if has_goal:
        row.goal = DevelopmentGoal(pk=1, code="zz-goal-code-zz", title_th="zz-goal-title-zz")
    if has_district:
        row.district = District(title_th="zz-district-zz")
    counts: Any = ("zz-agree-zz", "zz-disagree-zz") if has_votes else (0, 0)
    row.agree_count, row.disagree_count = counts
    row.alike = None  # type: ignore[attr-defined]
    return row
