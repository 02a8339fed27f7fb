"""Show citizens' words without breaking Thai."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from django import template

from comments.models import Redaction
from comments.text import graphemes, highlight, similarity, spans
from comments.text.query import Query

register = template.Library()

# XML 1.0 has no way to write these.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# As much of a text as a card shows.
MOST_ON_A_CARD = 400


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
    return _pieces(text, similarity.additions(common, text))


@register.filter
def with_covered(text: str, covered: Iterable[Redaction]) -> list[Piece]:
    """Return the pieces of `text`; marked are those that the public does not see."""
    return _pieces(text, [(one.start, one.end) for one in covered])


@register.filter
def looked_for(text: str, query: Query) -> list[Piece]:
    """Return the pieces of the whole `text`; marked are those that `query` looks for."""
    return _pieces(text, highlight.find(text, query))


@register.filter
def hits(text: str, query: Query) -> list[Piece]:
    """Return what a card shows of `text`, in pieces; marked are those that `query` looks for.

    A text that is too long is cut around the first of them.
    """
    shown = highlight.excerpt(text, highlight.find(text, query), MOST_ON_A_CARD)
    found = _pieces(shown.text, shown.spans)
    before = [Piece("…", False)] if shown.is_cut_before else []
    after = [Piece("…", False)] if shown.is_cut_after else []
    return [*before, *found, *after]


@register.filter
def for_xml(text: str) -> str:
    """Return `text` without the characters that no XML can hold."""
    return _NOT_IN_XML.sub("", str(text))


@register.filter
def part(text: str, redaction: Redaction) -> str:
    """Return the part of `text` that is covered."""
    (span,) = spans.clean(text, [(redaction.start, redaction.end)])
    return text[span.start : span.end]


def _pieces(text: str, marked: Iterable[tuple[int, int]]) -> list[Piece]:
    return [Piece(*piece) for piece in highlight.pieces(text, spans.clean(text, marked))]
