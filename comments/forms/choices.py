"""What the citizen's forms offer: the words of the model, and the rows of the database by code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from itertools import groupby
from typing import Any, ParamSpec

from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from comments import remembering
from comments.forms.lists import draw
from comments.models import DevelopmentGoal, District, Meeting, Plan, Sector, Strategy, Theme
from comments.models.submissions import OUTSIDE
from comments.text import buddhist_era, graphemes

Offered = ParamSpec("Offered")

KINDS = [
    ("opinion", _("An opinion or a suggestion")),
    ("need", _("A need")),
    ("fact", _("A fact")),
    ("information", _("Information")),
]
ABOUT = [
    ("goals", _("The development goals")),
    ("past_work", _("The city's work so far")),
]
STANCES = [
    ("agree", _("I agree")),
    ("agree_with_changes", _("I agree, with changes")),
    ("disagree", _("I disagree")),
    ("neutral", _("I am neutral")),
]
SORTS = [
    ("newest", _("Newest first")),
    ("oldest", _("Oldest first")),
    ("best", _("Most relevant first")),
    ("agreed", _("Most agreed")),
    ("discussed", _("Most discussed")),
]
OFFERED_SORTS = {"newest", "oldest", "agreed", "discussed"}
# Something to look for must be there before anything can be relevant.
SORTS_OF_A_SEARCH = {"best"}
# These follow a counter's own index; the index of words gives its hits by time.
SORTS_BY_COUNTER = {"agreed", "discussed"}


@dataclass(frozen=True)
class Offer:
    """Rows by the value that stands for them in a form, how the choices are drawn, and by what else they are found."""

    rows: Mapping[str, Any]
    choices: Iterable[tuple[Any, Any]]
    more: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def drawn(self) -> str:
        """The options as HTML, none of them chosen, in the language they were first drawn in."""
        return draw(self.choices)

    @cached_property
    def drawn_to_be_found(self) -> str:
        """The same with what else each is found by."""
        return draw(self.choices, self.more)


def _remembered(make: Callable[Offered, Offer]) -> Callable[Offered, Offer]:
    """Have an offer made once for as long as the reference rows stay as they are."""

    @wraps(make)
    def offer(*args: Offered.args, **kwargs: Offered.kwargs) -> Offer:
        # A plan is known by its primary key.
        key = (make.__name__, *args, *kwargs.items())
        return remembering.of_frame(lambda: make(*args, **kwargs), *key)

    return offer


def sorts(*, is_search: bool) -> list[tuple[str, Any]]:
    """Offer the orders that make sense with a search or without one."""
    offered = OFFERED_SORTS | SORTS_OF_A_SEARCH if is_search else OFFERED_SORTS
    return [(value, label) for value, label in SORTS if value in offered]


@_remembered
def sectors(*, defined: bool = False) -> Offer:
    """Offer the sectors in use, each with its definition where there is room for one."""
    rows = {row.key: row for row in Sector.objects.filter(is_active=True)}
    draw = _defined if defined else str
    return Offer(rows, [(key, draw(row)) for key, row in rows.items()])


@_remembered
def districts() -> Offer:
    """Offer the districts in the alphabetical order of the active language, then "outside"."""
    rows = list(District.objects.all())
    if _is_english():
        rows.sort(key=lambda row: row.title_en)
    outside = (OUTSIDE, _("Outside Bangkok"))
    by_code: dict[str, District | str] = {row.code: row for row in rows}
    return Offer(by_code | {OUTSIDE: OUTSIDE}, [*((row.code, row.title) for row in rows), outside])


@_remembered
def meetings(plan: Plan) -> Offer:
    """Offer the public meetings of `plan`, with their day."""
    rows = {str(row.pk): row for row in Meeting.objects.public().filter(plan=plan)}
    return Offer(rows, [(key, _dated(row)) for key, row in rows.items()])


@_remembered
def strategies(plan: Plan) -> Offer:
    """Offer the strategies of the plan's framework and, under each, its sub-strategies."""
    rows = list(Strategy.objects.filter(framework=plan.framework_id))
    drawn = [
        (f"{top.code}. {top.short_title}", [(row.code, _coded(row)) for row in (top, *_below(top, rows))])
        for top in rows
        if top.parent_id is None
    ]
    return Offer({row.code: row for row in rows}, drawn)


@_remembered
def goals(plan: Plan) -> Offer:
    """Offer the goals of `plan`, grouped by strategy, to be found by their titles in either language."""
    rows = list(DevelopmentGoal.objects.public().filter(plan=plan).with_places())
    return Offer(
        {row.code: row for row in rows},
        [
            (f"{top.code}. {top.short_title}", [(row.code, _coded(row)) for row in group])
            for top, group in groupby(rows, key=lambda row: row.strategy.parent or row.strategy)
        ],
        {row.code: f"{row.title_th} {row.title_en}" for row in rows},
    )


@_remembered
def themes(plan: Plan) -> Offer:
    """Offer the themes of `plan` that stand for themselves; the code of a merged one leads to what it went into."""
    rows = {row.pk: row for row in Theme.objects.filter(plan=plan)}
    stands = {row.code: rows[row.merged_into_id or row.pk] for row in rows.values()}
    return Offer(stands, [(row.code, row.title) for row in rows.values() if not row.merged_into_id])


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _defined(row: Sector) -> str:
    return format_html('{} <span class="choice-hint">{}</span>', row.title, row.definition)


def _below(top: Strategy, rows: Iterable[Strategy]) -> Iterable[Strategy]:
    return (row for row in rows if row.parent_id == top.pk)


def _coded(row: DevelopmentGoal | Strategy) -> str:
    return f"{row.title} ({row.code})"


def _dated(row: Meeting) -> str:
    day = buddhist_era.long_en(row.held_on) if _is_english() else buddhist_era.long_th(row.held_on)
    return f"{day} · {graphemes.truncate(row.title, 60)}"
