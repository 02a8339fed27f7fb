"""Cut text into words, and into the finest words that a search can ask for.

Thai writes no spaces, and the words that a cutter finds depend on what stands beside them: ทางเท้าหน้าโรงเรียน
comes out as ทาง · เท้าหน้า · โรงเรียน. So a search compares leaves: every compound is cut again, into the
finest words of the dictionary, the same way in the text and in the query.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import regex

from comments.text.normalise import normalise

if TYPE_CHECKING:
    from pythainlp.util import Trie

# Raise it with every change to this module, `normalise` or `keys` that changes keys: the index is then rebuilt.
ALGORITHM = 2
TERMS = Path(__file__).parent / "data" / "terms.txt"
# PostgreSQL refuses a lexeme of 2 kB and FTS5 cuts one of 32 kB, each in its own way.
LONGEST_LEAF = 64
# Marks a piece of a word that the dictionary doesn't know, so that it never meets a word that it does.
UNKNOWN = "~"

_RUN = regex.compile(
    r"""(?P<thai>[\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e]+)
      | (?P<unspaced>[\p{Han}\p{Hiragana}\p{Katakana}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*)
      | (?P<number>\p{N}+(?:[.,]\p{N}+)*)
      | (?P<letters>(?:(?![\p{Thai}\p{Han}\p{Hiragana}\p{Katakana}\p{Lao}\p{Khmer}\p{Myanmar}])\p{L}\p{M}*)+)
      | (?P<symbol>\p{S})""",
    regex.VERBOSE,
)
# What people read as one word though letters, digits and these signs mix in it: pm2.5, g67-1.1-01, covid-19.
_JOINTS = frozenset(".-_'’/,")
_PLAIN_THAI = regex.compile(r"[\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e]+")
_ABBREVIATION = regex.compile(r"([\u0e01-\u0e2e]{3,})\.")
# A cut before one of these tears a vowel or a tone mark off its consonant; so does a cut after a leading vowel.
_FOLLOWERS = frozenset("ะัาำิีึืฺุูๅ็่้๊๋์ํ๎")
_LEADERS = frozenset("เแโใไ")
# A run without a space is cut in windows: each word is decided with at least this much text behind it.
_WINDOW, _LOOKAHEAD = 240, 48


class Span(NamedTuple):
    """A piece of a text, from `start` up to `end`, and whether it is a word or a shred of an unknown one."""

    start: int
    end: int
    is_known: bool = True


@dataclass(frozen=True)
class _Dictionary:
    """The words that text is cut into, and those of them that a compound may be cut into again."""

    trie: Trie
    words: frozenset[str]
    pieces: frozenset[str]
    longest: int


def words(text: str) -> list[str]:
    """Return the words of `text`, normalised, without spaces and punctuation.

    >>> words("ทางเท้าแคบ ฝุ่น PM2.5 ตามเป้าหมาย G67-1.1-01")
    ['ทางเท้า', 'แคบ', 'ฝุ่น', 'pm2.5', 'ตาม', 'เป้าหมาย', 'g67-1.1-01']
    """
    normal = normalise(text)
    found: list[str] = []
    last_end, is_joinable = -1, False
    for match in _RUN.finditer(normal):
        start, end = match.span()
        if match.lastgroup == "thai":
            found += (normal[start + span.start : start + span.end] for span in _segment(match.group()))
        elif is_joinable and match.lastgroup in {"number", "letters"} and _joins(normal[last_end:start]):
            found[-1] += normal[last_end:end]
        else:
            found.append(match.group())
        last_end, is_joinable = end, match.lastgroup in {"number", "letters"}
    return found


def leaves(text: str) -> list[str]:
    """Return the finest words of `text` in their order, as the search index holds them.

    A word that the dictionary doesn't know stands as its character clusters, each after "~".

    >>> leaves("ทางเท้าหน้าโรงเรียน"), leaves("ทางเท้า")
    (['ทาง', 'เท้า', 'หน้า', 'โรง', 'เรียน'], ['ทาง', 'เท้า'])
    >>> leaves("PM2.5"), leaves("ฟหกด")
    (['pm', '2.5'], ['~ฟ', '~ห', '~ก', '~ด'])
    """
    normal = normalise(text)
    return [leaf(normal, span) for span in leaf_spans(normal)]


def leaf(normal: str, span: Span) -> str:
    """Return the leaf that stands at `span`."""
    word = normal[span.start : span.end]
    return word if span.is_known else UNKNOWN + word


def leaf_spans(normal: str) -> Iterator[Span]:
    """Yield where the leaves of a text that is normalised already stand."""
    for match in _RUN.finditer(normal):
        offset = match.start()
        if match.lastgroup == "thai":
            for word in _segment(match.group()):
                for leaf in _finest(match.group()[word.start : word.end]):
                    start = offset + word.start
                    yield Span(start + leaf.start, start + leaf.end, leaf.is_known)
        else:
            end = match.end()
            yield from _chopped(offset, end) if end - offset > LONGEST_LEAF else (Span(offset, end),)


def word_spans(text: str) -> Iterator[Span]:
    """Yield where the words of a text stand, as it is written."""
    for match in _RUN.finditer(text):
        runs = (
            _segment(match.group()) if match.lastgroup == "thai" else [Span(0, match.end() - match.start())]
        )
        for word in runs:
            yield Span(match.start() + word.start, match.start() + word.end)


@cache
def version() -> str:
    """Return a string that changes whenever the same text may have other leaves.

    >>> len(version())
    16
    """
    try:
        library = version_of("pythainlp")
    except PackageNotFoundError:
        library = "none"
    seal = hashlib.sha256(f"{ALGORITHM} {library} {regex.__version__}\n".encode())
    seal.update(TERMS.read_bytes())
    return seal.hexdigest()[:16]


def load() -> None:
    """Read the dictionary now (half a second, 90 MB): before workers are forked, not at the first request."""
    _dictionary()


def _joins(between: str) -> bool:
    return not between or (len(between) == 1 and between in _JOINTS)


def _chopped(start: int, end: int) -> Iterator[Span]:
    for at in range(start, end, LONGEST_LEAF):
        yield Span(at, min(at + LONGEST_LEAF, end))


def _tame_the_library() -> None:
    """Keep PyThaiNLP from making a directory in a home that a service need not have, and from the network.

    It reads both variables when it is imported.
    """
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    os.environ.setdefault("PYTHAINLP_OFFLINE", "1")


@cache
def _dictionary() -> _Dictionary:
    _tame_the_library()
    from pythainlp.corpus.common import thai_words  # noqa: PLC0415 - half a second that few processes need
    from pythainlp.util import Trie  # noqa: PLC0415

    lines = TERMS.read_text("utf-8").splitlines()
    terms = {normalise(line) for line in lines if line and not line.startswith("#")}
    known = {normalise(word) for word in thai_words()}
    plain = frozenset(word for word in known | terms if len(word) > 1 and _PLAIN_THAI.fullmatch(word))
    short = {match[1] for word in known if (match := _ABBREVIATION.fullmatch(word))}
    return _Dictionary(Trie(plain | short), plain | short, plain, max(map(len, plain)))


def _segment(run: str) -> Iterator[Span]:
    """Yield the words of a run of Thai letters, in time that grows with its length only."""
    start = 0
    while start < len(run):
        is_last = start + _WINDOW >= len(run)
        limit = len(run) if is_last else start + _WINDOW - _LOOKAHEAD
        for word in _cut(run[start : start + _WINDOW]):
            yield Span(start, start + len(word))
            start += len(word)
            if start >= limit:
                break


@lru_cache(maxsize=4096)
def _cut(window: str) -> tuple[str, ...]:
    return tuple(_cutter()(window, _dictionary().trie))


@cache
def _cutter() -> Callable[[str, Trie], list[str]]:
    _tame_the_library()
    from pythainlp.tokenize.newmm import segment  # noqa: PLC0415

    return segment


@lru_cache(maxsize=65536)
def _finest(word: str) -> tuple[Span, ...]:
    """Return the leaves of one word: words of the dictionary, else character clusters."""
    if word not in _dictionary().words:
        return tuple(_clusters(word))
    cuts = _fewest_pieces(word)
    if cuts is None:
        return tuple(_chopped(0, len(word)))
    return tuple(
        Span(start + leaf.start, start + leaf.end, leaf.is_known)
        for start, end in pairwise(cuts)
        for leaf in _finest(word[start:end])
    )


def _fewest_pieces(word: str) -> list[int] | None:
    """Return where `word` is cut into the fewest (at least two) shorter words, or None.

    Of several ways the one whose first piece is longest, then the second, and so on.
    """
    size, pieces, longest = len(word), _dictionary().pieces, _dictionary().longest
    # Position → the fewest pieces from there to the end, and where the first of them ends.
    best: dict[int, tuple[int, int]] = {size: (0, size)}
    for start in range(size - 2, -1, -1):
        if not _may_cut(word, start):
            continue
        ways = [
            (best[end][0] + 1, -end)
            for end in range(start + 2, min(size, start + longest) + 1)
            if end in best and end - start < size and word[start:end] in pieces
        ]
        if ways:
            count, minus_end = min(ways)
            best[start] = (count, -minus_end)
    if 0 not in best:
        return None
    cuts = [0]
    while cuts[-1] < size:
        cuts.append(best[cuts[-1]][1])
    return cuts


def _may_cut(word: str, at: int) -> bool:
    return at == 0 or (word[at] not in _FOLLOWERS and word[at - 1] not in _LEADERS)


def _clusters(word: str) -> Iterator[Span]:
    start = 0
    for at in range(1, len(word) + 1):
        if at == len(word) or at - start == LONGEST_LEAF or _may_cut(word, at):
            yield Span(start, at, is_known=False)
            start = at
