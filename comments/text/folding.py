"""A plain copy of a text for finding patterns in it, with the way back to the original.

Disguises fall away: ๐–๙, full-width, circled and spelled-out digits become 0–9, dashes one dash, spaces
one space; zero-width characters and marks that sit on no Thai letter vanish.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache

import regex

from comments.text.spans import Span

_WORDS = ("ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_DIGIT_OF = {word: str(digit) for digit, word in enumerate(_WORDS)}
_WORD = regex.compile("|".join(_WORDS))
# Fewer digits in words than this are ordinary language: "สองสามวัน".
_SPELLED = rf"(?>(?:{'|'.join(_WORDS)})[ -]{{0,2}}){{9,40}}"
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
# What does not stand for itself: spelled numbers, orphaned Thai marks, everything exotic.
_SPECIAL = regex.compile(rf"{_SPELLED}|(?<![ก-๎])[{_MARKS}]+|[^ -~\n\u0e01-\u0e4f\u0e5a\u0e5b]")
_SUPERSCRIPT = ("<super>", "<sub>")


class Folded:
    """The plain copy (`text`) of a text, whose positions can be led back."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.text = ""
        self._at: list[int] = []
        self._from: list[int] = []
        self._until: list[int] = []

    def original(self, start: int, end: int) -> Span:
        """Return where the stretch `start` to `end` of the copy stands in the original."""
        first = bisect_right(self._at, start) - 1
        last = bisect_right(self._at, end - 1) - 1
        after = self._at[last + 1] if last + 1 < len(self._at) else len(self.text)
        # A number word is longer than its digit.
        stop = self._until[last] if end == after else self._from[last] + end - self._at[last]
        return Span(self._from[first] + start - self._at[first], stop)

    def _extend(self, pieces: list[tuple[str, int, int]]) -> None:
        length = 0
        for plain, start, end in pieces:
            self._at.append(length)
            self._from.append(start)
            self._until.append(end)
            length += len(plain)
        self.text = "".join(plain for plain, _, _ in pieces)


def fold(text: str) -> Folded:
    r"""Return the plain copy of `text`.

    >>> fold("โทร ๐๘๑\u200b–２３４").text
    'โทร 081-234'
    >>> folded = fold("a\u200b๑๒b")
    >>> folded.text, folded.original(1, 3)
    ('a12b', Span(start=2, end=4))
    """
    pieces: list[tuple[str, int, int]] = []
    done = 0
    for match in _SPECIAL.finditer(text):
        start, end = match.span()
        if start > done:
            pieces.append((text[done:start], done, start))
        if end - start == 1:
            if image := _image(match[0]):
                pieces.append((image, start, end))
        else:
            pieces += _spelled(match[0], start)
        done = end
    if done < len(text):
        pieces.append((text[done:], done, len(text)))
    folded = Folded()
    folded._extend(pieces)  # noqa: SLF001 - its other half
    return folded


def _spelled(run: str, offset: int) -> list[tuple[str, int, int]]:
    """Return the digits that number words stand for; nothing for a run of orphaned marks."""
    return [(_DIGIT_OF[word[0]], offset + word.start(), offset + word.end()) for word in _WORD.finditer(run)]


@lru_cache(maxsize=4096)
def _image(char: str) -> str:
    """Return what one exotic character stands for: at most one character."""
    category = unicodedata.category(char)
    if char in "\t\r" or category == "Zs":
        return " "
    if category in {"Cf", "Cc", "Mn", "Me"}:
        return ""
    if category == "Pd" or char == "\u2212":
        return "-"
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return char if unicodedata.decomposition(char).startswith(_SUPERSCRIPT) else str(digit)
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char
