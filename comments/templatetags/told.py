"""Write protected numbers, and draw them as bars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comments.disclosure import LEAST, Cell

register = template.Library()

WIDTH = 1000
_BAR = f'<svg class="bar" viewBox="0 0 {WIDTH} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
_HEARD = {
    "little": lambda: _("under-heard"),
    "usual": lambda: _("about as many as the city"),
    "much": lambda: _("many"),
    "unknown": lambda: _("too few to say"),
}


@dataclass(frozen=True)
class Stretch:
    """One stretch of a bar, in thousandths of its width; `number` tells its colour."""

    number: int
    start: int
    width: int


@register.filter
def told(value: Cell | int | None) -> str:
    """Return a number as the public reads it; a dash for one that can't be told."""
    number = value.number if isinstance(value, Cell) else value
    if number is not None:
        return f"{number:,}"
    if not isinstance(value, Cell):
        return "–"
    if value.is_small:
        return _("under %(number)s") % {"number": LEAST}
    return _("%(number)s or more") % {"number": LEAST}


@register.filter
def hours(time: timedelta) -> str:
    """Return a time in hours, with one decimal."""
    return f"{time / timedelta(hours=1):,.1f}"


@register.filter
def days(time: timedelta) -> str:
    """Return a time in days, with one decimal."""
    return f"{time / timedelta(days=1):,.1f}"


@register.filter
def per_cent(share: float) -> str:
    """Return a share in whole per cent."""
    return f"{share:.0%}"


@register.filter
def tenths(share: float) -> str:
    """Return a share in per cent, with one decimal."""
    return f"{share:.1%}"


@register.filter
def of(number: int, whole: int) -> str:
    """Return a number as a share of `whole` in per cent, with one decimal; a dash where there is nothing."""
    return f"{number / whole:.1%}" if whole else "–"


@register.filter
def longest(rows: Iterable[tuple[Cell, ...]]) -> int:
    """Return the largest sum of the numbers told in one row: what fills the bar."""
    return max((sum(cell.number or 0 for cell in row) for row in rows), default=0)


@register.filter
def alone(cell: Cell) -> tuple[Cell]:
    """Return a row of one number."""
    return (cell,)


@register.filter
def heard(level: str) -> str:
    """Return in words how well a district is heard."""
    return _HEARD[level]()


@register.simple_tag
def bar(row: Iterable[Cell], whole: int) -> SafeString:
    """Draw a row's bar; by hand, since a page may have a hundred."""
    drawn = "".join(
        f'<rect class="part-{part.number}" x="{part.start}" y="0" width="{part.width}" height="10"/>'
        for part in stretches(row, whole)
        if part.width
    )
    return SafeString(f"{_BAR}{drawn}</svg>")


def stretches(row: Iterable[Cell], whole: int) -> list[Stretch]:
    """Return the stretches of a row's bar, one for each number told, where `whole` fills the bar."""
    parts, before = [], 0
    for number, cell in enumerate(row, start=1):
        after = before + (cell.number or 0)
        start, end = (round(edge * WIDTH / whole) if whole else 0 for edge in (before, after))
        parts.append(Stretch(number, start, end - start))
        before = after
    return parts
