"""Show how one wording became another, word by word."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

import regex

from comments.text import words

_CLUSTER = regex.compile(r"\X")


class Piece(NamedTuple):
    """A stretch of text, and what became of it: "same", "removed" or "added"."""

    text: str
    fate: str


def differences(before: str, after: str) -> list[Piece]:
    """Return the pieces of both texts in reading order; what went stands before what came in its place.

    The same and removed pieces together are `before`, the same and added ones `after`.

    >>> [tuple(piece) for piece in differences("ลดฝุ่นลงร้อยละ 10 ต่อปี", "ลดฝุ่นลงร้อยละ 15 ต่อปี")]
    [('ลดฝุ่นลงร้อยละ ', 'same'), ('10', 'removed'), ('15', 'added'), (' ต่อปี', 'same')]
    """
    old, new = _words(before), _words(after)
    pieces: list[Piece] = []
    gone = came = ""
    for tag, *edges in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[edges[0] : edges[1]]), "".join(new[edges[2] : edges[3]])
        # A space between two changes would only break them up.
        if tag != "equal" or ((gone or came) and was.isspace()):
            gone, came = gone + was, came + now
            continue
        pieces += [Piece(gone, "removed"), Piece(came, "added"), Piece(was, "same")]
        gone = came = ""
    pieces += [Piece(gone, "removed"), Piece(came, "added")]
    return [piece for piece in pieces if piece.text]


def _words(text: str) -> list[str]:
    """Return the words of `text` and what stands between them; none cuts a visible character in two."""
    whole = {0, *(match.end() for match in _CLUSTER.finditer(text))}
    found = {edge for span in words.word_spans(text) for edge in (span.start, span.end)}
    return [text[start:end] for start, end in pairwise(sorted((found & whole) | {0, len(text)}))]
