"""Draw the ledger: received = published + awaiting review + not published + withdrawn."""

from dataclasses import dataclass

from django import template

from comments.tally import Totals

register = template.Library()

WIDTH = 1000
_ORDER = ("published", "pending", "rejected", "withdrawn")


@dataclass(frozen=True)
class Part:
    """One stretch of the bar, in thousandths of its width."""

    name: str
    start: int
    width: int


@register.filter
def bar(totals: Totals) -> list[Part]:
    """Return the stretches of the bar in order; they join without gaps and fill it."""
    parts, before = [], 0
    for name in _ORDER:
        after = before + getattr(totals, name)
        start, end = (round(edge * WIDTH / totals.received) for edge in (before, after))
        parts.append(Part(name, start, end - start))
        before = after
    return parts
