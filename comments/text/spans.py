"""Stretches of a text, in code points, that never cut a visible character in two."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from comments.text.graphemes import CLUSTER


class Span(NamedTuple):
    """Where a stretch of text begins and where it ends; the end itself is outside."""

    start: int
    end: int


def clean(text: str, spans: Iterable[tuple[int, int]]) -> list[Span]:
    """Return `spans` sorted, joined where they meet, and widened to whole graphemes.

    Raises ValueError for a span that is empty or reaches outside of `text`.

    >>> clean("น้ำท่วม", [(4, 5), (0, 1), (3, 4)])
    [Span(start=0, end=5)]
    """
    wanted = sorted(Span(*span) for span in spans)
    for span in wanted:
        if not 0 <= span.start < span.end <= len(text):
            raise ValueError(f"no such span in a text of {len(text)} code points: {tuple(span)}")
    joined: list[Span] = []
    for span in snap(text, wanted):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def snap(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return each span widened to whole graphemes, in the order given.

    >>> snap("น้ำท่วม", [Span(1, 2)])
    [Span(start=0, end=3)]
    """
    wanted = list(spans)
    if not wanted:
        return []
    at = edges(text)
    return [Span(at[bisect_right(at, span.start) - 1], at[bisect_left(at, span.end)]) for span in wanted]


def edges(text: str) -> list[int]:
    """Return where the graphemes of `text` begin, and where the last one ends."""
    return [0, *(match.end() for match in CLUSTER.finditer(text))]
