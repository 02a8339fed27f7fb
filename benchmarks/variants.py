"""Make copies of texts as people make them: words exchanged, spacing and politeness changed, a sentence added.

Templates and sentences are real Thai from CORPORA.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

import regex

from benchmarks.rows import CORPORA
from comments.text import similarity

_CLUSTER = regex.compile(r"\X")
PARTICLES = ("ครับ", "ค่ะ", "นะคะ", "นะครับ", "จ้า")


@dataclass(frozen=True)
class Copy:
    """A copy of the template with this index, and the sentences of its own."""

    template: int
    text: str
    kind: str
    added: list[str] = field(default_factory=list)


def passages(*, odd: bool) -> list[str]:
    """Return passages of 80 to 400 characters of public texts on consultations.

    The thresholds were chosen on the even documents; the figures are measured on the odd ones.
    """
    path = CORPORA / "thaigov_consultation_sample.jsonl"
    if not path.exists():
        raise SystemExit(f"LEFT OUT: quality, {path} is not there (set CORPORA)")
    found: dict[str, None] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        if number % 2 == odd:
            chance = random.Random(number)
            for paragraph in json.loads(line)["text"].splitlines():
                found |= dict.fromkeys(_cut(paragraph.strip(), chance))
    return list(found)


def distinct(texts: list[str]) -> list[str]:
    """Return `texts` without those that repeat an earlier one: news quote themselves."""
    kept: list[similarity.Sketch] = []
    chosen = []
    for text in texts:
        sketch = similarity.Sketch(text)
        if all(
            len(sketch.shingles & other.shingles) < 0.25 * min(len(sketch.shingles), len(other.shingles))
            for other in kept
        ):
            kept.append(sketch)
            chosen.append(text)
    return chosen


def _cut(paragraph: str, chance: random.Random) -> Iterator[str]:
    """Yield pieces of varying length that begin and end at a space."""
    words, piece, wanted = paragraph.split(" "), "", chance.randint(80, 380)
    for word in words:
        piece = f"{piece} {word}".strip()
        if len(piece) >= wanted:
            if len(piece) <= 400:
                yield piece
            piece, wanted = "", chance.randint(80, 380)


def remarks() -> list[str]:
    """Return sentences of 15 to 120 characters that a person might add."""
    found = [
        line.strip()
        for path in sorted(CORPORA.glob("wisesight_*.txt"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return [text for text in found if 15 <= len(text) <= 120 and len(re.findall("[ก-๙]", text)) > 12]


@cache
def _words() -> list[str]:
    return [
        line.split(",")[0] for line in (CORPORA / "thai_synonym_cc0.csv").read_text("utf-8").splitlines()[1:]
    ]


def exchange(text: str, count: int, chance: random.Random) -> str:
    """Return `text` with `count` stretches of 2 to 7 graphemes replaced by other words."""
    for _ in range(count):
        clusters = _CLUSTER.findall(text)
        size = chance.randint(2, 7)
        start = chance.randrange(max(1, len(clusters) - size))
        text = "".join([*clusters[:start], chance.choice(_words()), *clusters[start + size :]])
    return text


def rearrange(text: str, chance: random.Random) -> str:
    """Return `text` with other spaces, punctuation and particles: equal in what it says."""
    pieces = [piece for piece in re.split(r"[ \n]+", text) if piece]
    joined = "".join(piece + chance.choice(["", " ", "  ", "\n", ", ", " … ", " - "]) for piece in pieces)
    ending = chance.choice(["", *PARTICLES])
    return joined.strip(" ,-…\n") + ending + chance.choice(["", " ", "!", "."])


def with_remark(text: str, remark: str, chance: random.Random) -> str:
    """Return `text` with a sentence before or after it."""
    gap = chance.choice([" ", "\n", " ", ""])
    return remark + gap + text if chance.random() < 0.5 else text + gap + remark


def _exact(text: str, chance: random.Random, _remark: str) -> tuple[str, list[str]]:
    return rearrange(text, chance), []


def _worded(count: int) -> Callable[[str, random.Random, str], tuple[str, list[str]]]:
    return lambda text, chance, _remark: (exchange(text, count, chance), [])


def _added(text: str, chance: random.Random, remark: str) -> tuple[str, list[str]]:
    return with_remark(text, remark, chance), [remark]


def _all(text: str, chance: random.Random, remark: str) -> tuple[str, list[str]]:
    changed = rearrange(exchange(text, chance.randint(1, 3), chance), chance)
    return with_remark(changed, remark, chance), [remark]


EXACT = "spacing, punctuation, particles"
KINDS: dict[str, Callable[[str, random.Random, str], tuple[str, list[str]]]] = {
    EXACT: _exact,
    "1 word": _worded(1),
    "2 words": _worded(2),
    "3 words": _worded(3),
    "sentence added": _added,
    "1-3 words, spacing, sentence": _all,
}


def copies(templates: list[str], seed: int) -> Iterator[Copy]:
    """Yield one copy of each kind of each template."""
    chance = random.Random(seed)
    own = remarks()
    for number, template in enumerate(templates):
        for kind, make in KINDS.items():
            text, added = make(template, chance, chance.choice(own))
            yield Copy(number, text, kind, added)
