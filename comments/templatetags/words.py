"""Show citizens' words without breaking Thai."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django import template

from comments.models import Redaction
from comments.text import graphemes, similarity, spans

register = template.Library()


class Piece(NamedTuple):
    """A stretch of a text, and whether it is one of those that are marked."""

    text: str
    is_marked: bool


@register.filter
def opening(text: str, most: int) -> str:
    """Return the first `most` graphemes, with "…" when there is more."""
    return graphemes.truncate(text, most)


@register.filter
def beside(text: str, common: str) -> list[Piece]:
    """Return the pieces of `text`; marked are those that it says beyond the `common` text."""
    return list(_pieces(text, similarity.additions(common, text)))


@register.filter
def with_covered(text: str, covered: Iterable[Redaction]) -> list[Piece]:
    """Return the pieces of `text`; marked are those that the public does not see."""
    return list(_pieces(text, [(one.start, one.end) for one in covered]))


@register.filter
def part(text: str, redaction: Redaction) -> str:
    """Return the part of `text` that is covered."""
    (span,) = spans.clean(text, [(redaction.start, redaction.end)])
    return text[span.start : span.end]


def _pieces(text: str, marked: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    position = 0
    for start, end in spans.clean(text, marked):
        if start > position:
            yield Piece(text[position:start], False)
        yield Piece(text[start:end], True)
        position = end
    if position < len(text):
        yield Piece(text[position:], False)
