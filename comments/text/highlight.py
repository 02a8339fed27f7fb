"""Show where a query stands in a text as it was written, whatever its spelling.

The search compares normalised text, in which characters are dropped, joined and replaced; so every normalised
character remembers the stretch of the original that it came from. Positions are code points of the original, and
never fall inside a grapheme.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from comments.text import words
from comments.text.graphemes import CLUSTER
from comments.text.normalise import (
    _DIGITS,
    _MARK_AFTER_AM,
    _PILE_OF_MARKS,
    _REPEATED_MARK,
    _SARA_AM,
    _SPACE,
    _ZERO_WIDTH,
)
from comments.text.query import Query, Term
from comments.text.spans import Span, clean, edges

_DOUBLED_E = re.compile("\u0e40\u0e40")
_EDGES = re.compile(r"^\s+|\s+$")
# Before the first hit an excerpt shows this share of its length.
_LEAD = 4


@dataclass(frozen=True)
class Mapped:
    """A normalised text, and for each of its characters the stretch of the original it came from."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Excerpt:
    """A part of a text with its hits, and whether something was left out before it and after it."""

    text: str
    spans: tuple[Span, ...]
    is_cut_before: bool = False
    is_cut_after: bool = False


class _Cell(NamedTuple):
    char: str
    start: int
    end: int


def normalise_with_map(text: str) -> Mapped:
    """Return `normalise(text)` and where each of its characters came from.

    >>> mapped = normalise_with_map("เเม่นํ้า")
    >>> mapped.text, mapped.spans[0], mapped.spans[-1]
    ('แม่น้ำ', Span(start=0, end=2), Span(start=5, end=8))
    """
    cells = [_Cell(char, at, at + 1) for at, char in enumerate(text)]
    previous = None
    while (now := _joined(cells)) != previous:
        previous, cells = now, _pass(cells)
    return Mapped(now, tuple(Span(cell.start, cell.end) for cell in cells))


def find(text: str, query: Query) -> list[Span]:
    """Return where the wanted terms of `query` stand in `text`: sorted, apart from each other, whole graphemes.

    Where a term stands at the edges of words, only those places count (ตา in ตาดี, not in ตาม); else all do.

    >>> from comments.text.query import parse
    >>> find("นํ้าท่วม ถนนเเม่นํ้า", parse("แม่น้ำ"))
    [Span(start=12, end=20)]
    """
    if not query.wanted:
        return []
    mapped = normalise_with_map(text)
    torn = _inside_leaves(mapped.text)
    found = [
        Span(mapped.spans[hit.start].start, mapped.spans[hit.end - 1].end)
        for term in query.wanted
        for hit in _places(mapped.text, term, torn)
    ]
    return clean(text, found)


def excerpt(text: str, spans: Sequence[Span], most: int) -> Excerpt:
    """Return at most `most` graphemes of `text` around the first of `spans`, with the spans moved along.

    Raises ValueError when `most` is below 1.

    >>> excerpt("ฝนตกแล้วน้ำท่วมทุกครั้ง", [Span(8, 15)], 8)
    Excerpt(text='ล้วน้ำท่วมทุก', spans=(Span(start=3, end=10),), is_cut_before=True, is_cut_after=True)
    """
    if most < 1:
        raise ValueError("most must be at least 1")
    at = edges(text)
    size = len(at) - 1
    hit = bisect_right(at, spans[0].start) - 1 if spans else 0
    first = max(0, min(hit - most // _LEAD, size - most))
    start, end = at[first], at[min(first + most, size)]
    moved = (Span(max(span.start, start) - start, min(span.end, end) - start) for span in spans)
    return Excerpt(
        text[start:end],
        tuple(span for span in moved if span.start < span.end),
        is_cut_before=start > 0,
        is_cut_after=end < len(text),
    )


def pieces(text: str, spans: Iterable[Span]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of `text` in order, each with whether it is a hit.

    >>> list(pieces("น้ำท่วม", [Span(0, 3)]))
    [('น้ำ', True), ('ท่วม', False)]
    """
    at = 0
    for start, end in spans:
        if at < start:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def _pass(cells: list[_Cell]) -> list[_Cell]:
    """Do to the cells what one pass of `normalise` does to the text, step by step."""
    cells = [cell for cell in cells if ord(cell.char) not in _ZERO_WIDTH]
    cells = _replaced(cells, _PILE_OF_MARKS, lambda match: str(match[1]))
    if not unicodedata.is_normalized("NFC", _joined(cells)):
        cells = _replaced(cells, CLUSTER, lambda match: unicodedata.normalize("NFC", match[0]))
    cells = [
        _Cell(char.translate(_DIGITS), cell.start, cell.end)
        for cell in cells
        for char in cell.char.casefold()
    ]
    cells = _replaced(cells, _DOUBLED_E, lambda _match: "\u0e41")
    cells = _replaced(cells, _SARA_AM, lambda match: f"{match[1]}\u0e33")
    cells = _replaced(cells, _MARK_AFTER_AM, lambda match: f"{match[1]}\u0e33")
    cells = _replaced(cells, _REPEATED_MARK, lambda match: str(match[1]))
    cells = _replaced(cells, _SPACE, lambda _match: " ")
    return _replaced(cells, _EDGES, lambda _match: "")


def _joined(cells: Iterable[_Cell]) -> str:
    return "".join(cell.char for cell in cells)


def _replaced(
    cells: list[_Cell],
    pattern: re.Pattern[str] | regex.Pattern[str],
    replace: Callable[[re.Match[str] | regex.Match[str]], str],
) -> list[_Cell]:
    """Substitute as `pattern.sub` does; what stands for a match comes from all that was matched."""
    result: list[_Cell] = []
    at = 0
    for match in pattern.finditer(_joined(cells)):
        start, end = match.span()
        new = replace(match)
        result += cells[at:start]
        if new == match[0]:
            result += cells[start:end]
        else:
            source = cells[start:end]
            result += [_Cell(char, source[0].start, source[-1].end) for char in new]
        at = end
    return result + cells[at:]


def _inside_leaves(normal: str) -> set[int]:
    """Return the positions at which a cut would go through a leaf."""
    return {at for start, end, _known in words.leaf_spans(normal) for at in range(start + 1, end)}


def _places(normal: str, term: Term, torn: set[int]) -> list[Span]:
    size = len(term.text)
    everywhere = []
    at = normal.find(term.text)
    while at >= 0:
        everywhere.append(Span(at, at + size))
        at = normal.find(term.text, at + size)
    whole = [span for span in everywhere if span.start not in torn and span.end not in torn]
    return whole or everywhere
