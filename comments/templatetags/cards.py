"""Draw the cards of a list from a pattern: twenty times the whole template would take most of the time of a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django import template
from django.template import RequestContext
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from comments import remembering
from comments.models import DevelopmentGoal, District, Sector, Submission
from comments.templatetags.buddhist_dates import day, days
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
_looks = attrgetter(*_LOOKS)
_DAY = date(1111, 1, 11)
_MARK = re.compile(rf"zz-({'|'.join(_MARKS)})-zz")

# By everything else that a card looks different for: literal text and the names of marks, by turns.
_patterns: dict[Hashable, list[str]] = {}


@register.simple_tag(takes_context=True)
def cards(context: RequestContext, opinions: Iterable[Submission]) -> SafeString:
    """Draw opinions as entries of a list; one with hits to mark, replies or others alike by the template itself."""
    is_special = bool(context.get("query") or context.get("common"))
    place = (get_language(), bool(context.get("is_open")), bool(context.get("goal")))
    titles: dict[tuple[str, int], str] = remembering.of_frame(dict, "titles on cards")
    dated, drawn = days(), []
    for row in opinions:
        drawn.append("<li>")
        if is_special or row.alike or row.reply_count:  # type: ignore[attr-defined]
            drawn.append(_by_template(context, row))
        else:
            own = _own(row, titles, dated)
            drawn += [own[part] if n % 2 else part for n, part in enumerate(_pattern(context, place, row))]
        drawn.append("</li>\n")
    return SafeString("".join(drawn))


def _by_template(context: RequestContext, submission: Submission) -> SafeString:
    with context.push(submission=submission):
        return get_template("submissions/card.html").template.render(context)  # type: ignore[attr-defined,no-any-return]


def _own(
    submission: Submission, titles: dict[tuple[str, int], str], dated: Callable[[datetime], str]
) -> dict[str, str]:
    """Return what is the card's own. `titles` are remembered, of each row that a card names."""

    def title(name: str) -> str:
        key = (name, getattr(submission, f"{name}_id") or 0)
        if key not in titles:
            row = getattr(submission, name)
            titles[key] = escape(row.title) if row else ""
        return titles[key]

    return {
        "reference": submission.reference,
        "words": escape(opening(submission.public_body, MOST_ON_A_CARD)),
        "name": escape(submission.public_name),
        "goal-code": escape(submission.goal.code) if submission.goal else "",
        "goal-title": title("goal"),
        "sector": title("sector"),
        "district": title("district"),
        "agree": str(submission.agree_count),
        "disagree": str(submission.disagree_count),
        "day": dated(submission.received_at),
    }


def _pattern(context: RequestContext, place: tuple[Hashable, ...], row: Submission) -> list[str]:
    looks = _looks(row)
    has = (
        bool(row.public_name),
        bool(row.goal_id),
        bool(row.district_id),
        bool(row.agree_count or row.disagree_count),
    )
    key = (*place, *looks, *has)
    if key not in _patterns:
        if len(_patterns) >= _MOST_PATTERNS:
            _patterns.clear()
        drawn = _by_template(context, _stand_in(dict(zip(_LOOKS, looks, strict=True)), *has))
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
