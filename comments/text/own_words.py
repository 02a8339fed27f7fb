"""Find what a copy says of its own, beside the text that it was copied from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from comments.text.graphemes import CLUSTER
from comments.text.normalise import normalise
from comments.text.spans import Span, clean

# A stretch this long that occurs once in each text stands for the same place in both.
_ANCHOR = 8
# An addition is longer by this than what it stands in for; less is a changed word.
_LEAST = 10
# What is longer than this is no exchanged word, whatever it stands in for.
_LONGEST_WORD = 25
# How far an edge moves to the space beside it: its first letters may agree with the template by chance.
_REACH = 6
# 8,000 graphemes of any language have fewer code points. What is not read counts as added.
_MOST_READ = 16_000
_SEPARATORS = " \t\r\n,-–"
_CLUSTER = regex.compile(f"\u0e40\u0e40|(?:{CLUSTER.pattern})\u0e32?")
_IGNORED = regex.compile(r"[^\p{L}\p{M}\p{N}]+")


class _Place(NamedTuple):
    """The same place in a copy and in its template."""

    copy: int
    template: int


class _Compared:
    """A text as it is compared, each character with the stretch of the original that it stands for."""

    def __init__(self, text: str) -> None:
        self.origins: list[tuple[int, int]] = []
        characters: list[str] = []
        for match in _CLUSTER.finditer(text):
            plain = _plain(match[0])
            characters.append(plain)
            self.origins += [match.span()] * len(plain)
        self.text = "".join(characters)

    def places(self) -> dict[str, int]:
        """Return where each stretch stands that occurs once."""
        found: dict[str, int] = {}
        for start in range(len(self.text) - _ANCHOR + 1):
            stretch = self.text[start : start + _ANCHOR]
            found[stretch] = -1 if stretch in found else start
        return {stretch: start for stretch, start in found.items() if start >= 0}


@lru_cache(maxsize=8192)
def _plain(cluster: str) -> str:
    return _IGNORED.sub("", normalise(cluster))


def additions(template: str, text: str) -> list[Span]:
    """Return the stretches of `text`, in code points, that it says beyond `template`.

    Words exchanged for others are none; spacing, punctuation and spelling variants don't count.

    >>> template = "อยากให้กรุงเทพมหานครปลูกต้นไม้ใหญ่ริมทางเท้าทุกสาย"
    >>> own = "บ้านอยู่บางนา ร้อนมาก " + template + "ค่ะ"
    >>> [own[start:end] for start, end in additions(template, own)]
    ['บ้านอยู่บางนา ร้อนมาก']
    >>> additions(template, template.replace("ใหญ่", "เล็ก"))
    []
    """
    copy, original = _Compared(text[:_MOST_READ]), _Compared(template[:_MOST_READ])
    spans = []
    for start, end in _gaps(copy, original):
        # Emoji and punctuation are not compared; what follows an addition belongs to it.
        next_start = copy.origins[end][0] if end < len(copy.origins) else len(text)
        spans.append(_to_spaces(text, copy.origins[start][0], max(next_start, copy.origins[end - 1][1])))
    return clean(text, spans)


def _gaps(copy: _Compared, template: _Compared) -> Iterator[tuple[int, int]]:
    """Yield the stretches of the compared copy that are its own by more than a changed word."""
    edges = [_Place(0, 0)]
    for anchor in _chain(copy, template):
        if anchor.copy >= edges[-1].copy and anchor.template >= edges[-1].template:
            edges += _agreement(copy.text, template.text, anchor, edges[-1])
    edges.append(_Place(len(copy.text), len(template.text)))
    for before, after in zip(edges[::2], edges[1::2], strict=True):
        own, missing = after.copy - before.copy, after.template - before.template
        if own - max(0, missing) >= _LEAST or own > _LONGEST_WORD:
            yield before.copy, after.copy


def _chain(copy: _Compared, template: _Compared) -> list[_Place]:
    """Return the longest series of common places that stand in the same order in both texts."""
    there = template.places()
    common = [_Place(at, there[stretch]) for stretch, at in copy.places().items() if stretch in there]
    lowest: list[int] = []
    tails: list[int] = []
    previous: list[int] = []
    for index, place in enumerate(common):
        length = bisect_left(lowest, place.template)
        previous.append(tails[length - 1] if length else -1)
        lowest[length : length + 1] = [place.template]
        tails[length : length + 1] = [index]
    chain: list[_Place] = []
    index = tails[-1] if tails else -1
    while index >= 0:
        chain.append(common[index])
        index = previous[index]
    return chain[::-1]


def _agreement(copy: str, template: str, anchor: _Place, limit: _Place) -> tuple[_Place, _Place]:
    """Return where the agreement that holds `anchor` begins, not before `limit`, and where it ends."""
    at, there = anchor
    while at > limit.copy and there > limit.template and copy[at - 1] == template[there - 1]:
        at, there = at - 1, there - 1
    end, there_end = anchor.copy + _ANCHOR, anchor.template + _ANCHOR
    while end < len(copy) and there_end < len(template) and copy[end] == template[there_end]:
        end, there_end = end + 1, there_end + 1
    return _Place(at, there), _Place(end, there_end)


def _to_spaces(text: str, start: int, end: int) -> Span:
    """Return the stretch with its edges moved to spaces nearby, without spaces at its ends."""
    left = text[max(0, start - _REACH) : start]
    moved = max(left.rfind(" "), left.rfind("\n"))
    if moved >= 0 or start <= _REACH:
        start -= len(left) - moved - 1
    right = regex.search(r"\s|$", text[end : end + _REACH])
    if right and (right.start() < _REACH or end + _REACH >= len(text)):
        end += right.start()
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip(_SEPARATORS)))
