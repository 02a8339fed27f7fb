"""Queries to measure the search by, and which texts they should find, found out without the index.

Truth: the normalised query stands in the normalised text, and begins and ends at the edge of a word or of a
sub-word. Words are the language library's own, by its own dictionary; a sub-word is one of the shorter words of that
dictionary that together make up the word, in the fewest pieces, and again of each piece.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise

from pythainlp.corpus.common import thai_words
from pythainlp.tokenize import word_tokenize
from pythainlp.util import normalize

from comments.text.words import TERMS

THAI = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+")
SEED = 2567
_VARIANTS: list[tuple[str, str]] = [
    ("แ", "เเ"),
    ("ำ", "\u0e4d\u0e32"),
    ("2", "๒"),
    ("า", "า\u200b"),
    ("้", "้้"),
]
_ATTACHED = set("ะัาำิีึืฺุูๅๆ็่้๊๋์ํ๎ฯ")


def plain(text: str) -> str:
    """Bring a text to the library's normal form, in lower case and with digits of one kind."""
    text = normalize(text.replace("\u00ad", "").casefold())
    return " ".join(text.translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")).split())


class Truth:
    """Some texts, and at which of their positions a word or sub-word begins or ends."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = [plain(text) for text in texts]
        self.edges = [_edges(text) for text in self.texts]

    def found_by(self, query: str) -> set[int]:
        """Return the numbers of the texts that `query`, one term, should find."""
        wanted = plain(query.strip('"'))
        return {
            number
            for number, text in enumerate(self.texts)
            if wanted in text
            and any(_is_whole(at, wanted, self.edges[number]) for at in _places(text, wanted))
        }


def _is_whole(at: int, wanted: str, edges: set[int]) -> bool:
    return at in edges and at + len(wanted) in edges


def _places(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _edges(text: str) -> set[int]:
    edges = {0}
    at = 0
    for word in word_tokenize(text, engine="newmm", keep_whitespace=True):
        edges |= {at + cut for cut in _cuts(word)}
        at += len(word)
    return edges


@cache
def _cuts(word: str) -> frozenset[int]:
    """Return where `word` begins, ends, and may be cut: recursively, by trying every way."""
    for pieces in range(2, len(word) // 2 + 1):
        if way := _way(word, pieces):
            cuts = {0, len(word)}
            for start, end in pairwise(way):
                cuts |= {start + cut for cut in _cuts(word[start:end])}
            return frozenset(cuts)
    return frozenset({0, len(word)})


@cache
def _way(word: str, pieces: int) -> tuple[int, ...] | None:
    if pieces == 1:
        return (0, len(word)) if len(word) > 1 and word in _dictionary() else None
    for end in range(len(word) - 2, 1, -1):
        if word[end] in _ATTACHED or word[end - 1] in "เแโใไ" or word[:end] not in _dictionary():
            continue
        if rest := _way(word[end:], pieces - 1):
            return (0, *(end + cut for cut in rest))
    return None


@cache
def _dictionary() -> frozenset[str]:
    return frozenset(word for word in thai_words() if THAI.fullmatch(word))


def quality(texts: list[str], most: int = 60) -> dict[str, list[str]]:
    """Return queries by kind; every one stands in some of `texts`, as a piece or as a word."""
    chance = random.Random(SEED)
    counts, phrases = _words(texts)
    civic = [line for line in TERMS.read_text("utf-8").splitlines() if line and line[0] != "#"]
    joined = "\n".join(map(plain, texts))
    lists = {"civic terms": [term for term in civic if term in joined][:most]}
    for low, high in ((2, 2), (3, 4), (5, 7), (8, 12)):
        fits = sorted(word for word in counts if low <= len(word) <= high and word in _dictionary())
        lists[f"words of {low}–{high}"] = chance.sample(fits, min(most, len(fits)))
    lists["phrases"] = chance.sample(phrases, min(most, len(phrases)))
    spelt = [
        word
        for words in (lists["civic terms"], lists["words of 3–4"], lists["words of 5–7"])
        for word in words
    ]
    lists["spelling variants"] = [variant for word in spelt if (variant := _misspelt(word)) != word][:most]
    return lists


def _words(texts: Iterable[str]) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    phrases: list[str] = []
    for text in texts:
        words = word_tokenize(plain(text), engine="newmm", keep_whitespace=True)
        counts.update(set(words))
        pairs = ("".join(words[at : at + 2]) for at in range(len(words) - 1))
        phrases += [pair for pair in pairs if THAI.fullmatch(pair) and 6 <= len(pair) <= 24][:1]
    return counts, phrases


def _misspelt(word: str) -> str:
    for right, wrong in _VARIANTS:
        if right in word:
            return word.replace(right, wrong, 1)
    return word


def by_frequency(texts: list[str], most: int = 30) -> dict[str, list[str]]:
    """Return queries by how many texts they hit, and by their form."""
    chance = random.Random(SEED)
    counts, phrases = _words(texts)
    share = {word: count / len(texts) for word, count in counts.items() if word in _dictionary()}

    def some(fits: Callable[[str], bool]) -> list[str]:
        words = sorted(filter(fits, share))
        return chance.sample(words, min(most, len(words)))

    together = [
        sorted(set(THAI.findall(" ".join(word_tokenize(plain(text), engine="newmm"))))) for text in texts
    ]
    together = [words for words in together if len(words) > 5]
    rare = some(lambda word: share[word] < 0.002)
    return {
        "rare (< 0.2 %)": rare,
        "medium (0.2–2 %)": some(lambda word: 0.002 <= share[word] <= 0.02),
        "common (> 4 %)": some(lambda word: share[word] > 0.04),
        "2 characters": some(lambda word: len(word) == 2),
        "2 terms": [" ".join(chance.sample(words, 2)) for words in chance.sample(together, most)],
        "3 terms": [" ".join(chance.sample(words, 3)) for words in chance.sample(together, most)],
        "exact phrase": [f'"{phrase}"' for phrase in chance.sample(phrases, most)],
        "no match": [f"{one}ฟหกด {other}" for one, other in zip(rare, reversed(rare), strict=True)],
    }


def mixed(texts: list[str], count: int) -> list[str]:
    """Return `count` different queries of every form that people type, and of some that they don't."""
    chance = random.Random(SEED)
    queries: dict[str, None] = {}
    while len(queries) < count:
        parts = (_part(chance, texts) for _number in range(chance.choice((1, 1, 2, 3))))
        queries[" ".join(parts)] = None
    return list(queries)


def _part(chance: random.Random, texts: list[str]) -> str:
    text = chance.choice(texts)
    words = word_tokenize(text, engine="newmm", keep_whitespace=False) or ["x"]
    at = chance.randrange(len(words))
    match chance.randrange(8):
        case 0:
            part = f'"{"".join(words[at : at + 3])}"'
        case 1:
            part = text[(start := chance.randrange(len(text))) : start + chance.randint(1, 12)]
        case 2:
            part = _misspelt(words[at])
        case 3:
            part = "".join(words[at : at + 2])
        case _:
            part = words[at]
    return chance.choice(("", "", "", "-")) + part
