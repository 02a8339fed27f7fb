"""Draw what was pressed: the address of a vote, the counts and their bar."""

from __future__ import annotations

from dataclasses import dataclass

from django import template

from comments import reactions
from comments.models import DevelopmentGoal, Submission
from comments.tally import Pressed

register = template.Library()

WIDTH = 1000


@dataclass(frozen=True)
class Bar:
    """The two stretches of a bar, in thousandths of its width, and what they are in whole per cent."""

    agree: int
    disagree: int
    agree_percent: int
    disagree_percent: int


@register.filter
def vote_address(target: DevelopmentGoal | Submission) -> str:
    """Return where a vote on `target` is sent, and where a browser sees its own."""
    return reactions.address(target)


@register.filter
def pressed(target: DevelopmentGoal | Submission) -> Pressed:
    """Return how many agree and disagree with `target`."""
    return Pressed(target.agree_count, target.disagree_count)


@register.filter
def result_bar(counted: Pressed) -> Bar | None:
    """Return the bar of two counts, which fill it; None when nobody has pressed.

    >>> result_bar(Pressed(2, 1))
    Bar(agree=667, disagree=333, agree_percent=67, disagree_percent=33)
    >>> result_bar(Pressed())
    """
    if not counted.total:
        return None
    agree = round(counted.agree * WIDTH / counted.total)
    percent = round(counted.agree * 100 / counted.total)
    return Bar(agree, WIDTH - agree, percent, 100 - percent)
