"""Measure the bars of a chart; templates draw them, beside the numbers."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import template

register = template.Library()

WIDTH = 1000


class Bar(NamedTuple):
    """A line of a chart: what it counts, the number, and its length in thousandths of the longest."""

    label: Any
    number: int | None
    width: int


@register.filter
def bars(lines: Iterable[tuple[Any, int | None]]) -> list[Bar]:
    """Return the bars of pairs of label and number; None is not known, and has no length."""
    pairs = list(lines)
    longest = max((number or 0 for _, number in pairs), default=0) or 1
    return [Bar(label, number, round((number or 0) * WIDTH / longest)) for label, number in pairs]
