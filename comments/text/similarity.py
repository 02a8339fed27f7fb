"""Tell copies of one text from texts of their own: equal, nearly equal, and what a copy adds.

Everything is compared in squeezed form: normalised, without spaces, punctuation and polite particles.
The hashes are stored, so their recipe is fixed: whoever changes it raises `VERSION` and rebuilds them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

import regex

from comments.text.normalise import normalise
from comments.text.own_words import additions

__all__ = ["Sketch", "additions", "bands", "containment", "fingerprint", "is_near", "shingles", "squeeze"]

VERSION = 1
# Texts shorter than this, squeezed, are alike only when they are equal: short agreement is no campaign.
SHORTEST = 40
# A copy holds at least this share of the shingles of what it is a copy of.
NEAR = 0.6
# A copy may add this much, squeezed, or as much again as it copies; with more it is a text of its own.
LONGEST_ADDITION = 160
_SHINGLE = 5
# 8,000 graphemes of any language have fewer; piles of marks have not.
_MOST_READ = 16_000
BANDS, _ROWS = 21, 3
_BINS = BANDS * _ROWS

_IGNORED = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
# "คะ" begins คะแนน and ends แคะ, "จ้า" is in เจ้า and จ้าง, "คับ" in บังคับ, "นะ" in ชนะ (not in พืชนะคะ) and ฐานะ.
_PARTICLES = re.compile(
    r"(?=[คจน])(?:(?<!ฒ)(?<!ฐา)(?<!รัต)(?<!\Aช)(?<!จะช)(?<!ผู้ช)(?<!ชัยช)(?<!เอาช)(?<!ได้ช)(?<!ให้ช)(?<!ไม่ช)(?<!ขอช)นะ)?(?:"
    r"ครับ(?:ผม|ท่าน)?|คร้าบ|ค้าบ|ค่ะ|(?<![เแโไใ])คะ(?!แนน|เน|นึง|นอง|น้า|ยั้น|ยอ|มำ|แมร์|ตะ)|"
    r"(?<!บัง)คับ(?!แคบ|คั่ง|ขัน|แค้น|ข้อง|ใจ)|จ้ะ|จ๊ะ|(?<![เแโ])จ้า(?![กงนวย]))"
)
_WORD = (1 << 64) - 1


# Intake asks for the same text a few times in a row.
@lru_cache(maxsize=4)
def squeeze(text: str) -> str:
    """Return what is left of `text` when spelling variants, spaces, punctuation and politeness go.

    >>> squeeze("อยาก ให้มี… ต้นไม้ มากขึ้นนะคะ!"), squeeze("คะแนนของเจ้าหน้าที่ครับ")
    ('อยากให้มีต้นไม้มากขึ้น', 'คะแนนของเจ้าหน้าที่')
    """
    return _PARTICLES.sub("", _IGNORED.sub("", normalise(text)))


def fingerprint(text: str) -> str:
    """Return 64 hexadecimal digits that texts share when they are equal in squeezed form.

    A text that squeezes to nothing is compared as it is.

    >>> fingerprint("น้ำท่วม ทุกปีครับ") == fingerprint("นํ้าท่วมทุกปี!")
    True
    """
    said = squeeze(text) or f"\0{normalise(text)}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def shingles(text: str) -> frozenset[str]:
    """Return every run of five characters of `text` in squeezed form.

    >>> sorted(shingles("น้ำท่วม"))
    ['น้ำท่', 'ำท่วม', '้ำท่ว']
    """
    return _shingles(squeeze(text))


def _shingles(squeezed: str) -> frozenset[str]:
    return frozenset(
        squeezed[start : start + _SHINGLE] for start in range(max(0, len(squeezed) - _SHINGLE + 1))
    )


def bands(text: str, *, scope: str = "") -> list[int]:
    """Return the numbers under which `text` is filed; near copies share at least one, most likely.

    One-permutation MinHash over the shingles, in bands of three: 21 numbers that fit a signed 64-bit
    column. None for a text too short to be like another. Texts of different scopes never meet.

    >>> len(bands("อยากให้กรุงเทพมหานครปลูกต้นไม้ใหญ่ริมทางเท้าทุกสาย")), bands("เห็นด้วยครับ")
    (21, [])
    """
    return Sketch(text).bands(scope=scope)


def _minima(found: Iterable[str]) -> list[int]:
    """Return the least hash in each bin, -1 where there is none."""
    minima = [-1] * _BINS
    for checksum in {crc32(one.encode("utf-8", "surrogatepass")) for one in found}:
        # crc32 alone is linear; multiplying and folding spreads it over all 64 bits.
        mixed = checksum * 0x9E3779B97F4A7C15 & _WORD
        mixed = (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9 & _WORD
        where, value = (mixed >> 40) % _BINS, mixed & 0xFFFFFFFFFF
        if minima[where] < 0 or value < minima[where]:
            minima[where] = value
    return minima


def _filled(minima: list[int]) -> list[int]:
    """Return `minima` with each empty bin taken from the next full one in an order of its own."""
    return [
        value if value >= 0 else next(minima[to] for to in _DETOURS[place] if minima[to] >= 0)
        for place, value in enumerate(minima)
    ]


def _detours(place: int) -> list[int]:
    return sorted(range(_BINS), key=lambda other: crc32(b"%d:%d:%d" % (VERSION, place, other)))


_DETOURS = [_detours(place) for place in range(_BINS)]


def _band(scope: str, number: int, rows: list[int]) -> int:
    recipe = f"{VERSION}:{scope}:{number}:{rows}".encode()
    return int.from_bytes(hashlib.blake2b(recipe, digest_size=8).digest(), "big", signed=True)


def containment(template: str, copy: str) -> float:
    """Return the share of the shingles of `template` that `copy` holds, 0 to 1.

    >>> template = "อยากให้กรุงเทพมหานครปลูกต้นไม้ใหญ่ริมทางเท้าทุกสาย"
    >>> containment(template, "บ้านอยู่บางนาค่ะ " + template)
    1.0
    """
    wanted = shingles(template)
    return len(wanted & shingles(copy)) / len(wanted) if wanted else 0.0


class Sketch:
    """A text prepared for comparing with many others."""

    def __init__(self, text: str) -> None:
        """Squeeze `text` once; of what is left, the first 16,000 characters are compared."""
        self.squeezed = squeeze(text)[:_MOST_READ]
        self.shingles = _shingles(self.squeezed)

    def bands(self, *, scope: str = "") -> list[int]:
        """Return what `bands` does for the text."""
        if len(self.squeezed) < SHORTEST:
            return []
        minima = _filled(_minima(self.shingles))
        return [
            _band(scope, number, minima[number * _ROWS : (number + 1) * _ROWS]) for number in range(BANDS)
        ]

    def nearness(self, other: Sketch) -> float:
        """Return how much of the shorter text stands in the longer one, 0 to 1; 0 when not comparable.

        Only equal texts are comparable when one is short.
        """
        if self.squeezed == other.squeezed:
            return 1.0 if self.squeezed else 0.0
        shorter, longer = sorted((len(self.squeezed), len(other.squeezed)))
        if shorter < SHORTEST or longer - shorter > max(LONGEST_ADDITION, shorter):
            return 0.0
        shared = len(self.shingles & other.shingles)
        return shared / min(len(self.shingles), len(other.shingles))


def is_near(one: str, other: str) -> bool:
    """Tell whether two texts are equal or nearly so: one is the other with some words of its own.

    >>> template = "อยากให้กรุงเทพมหานครปลูกต้นไม้ใหญ่ริมทางเท้าทุกสาย"
    >>> is_near(template, template.replace("ใหญ่", "เล็ก") + " ลูกจะได้เดินไปโรงเรียน")
    True
    >>> is_near("เห็นด้วยครับ", "เห็นด้วยมาก")
    False
    """
    return Sketch(one).nearness(Sketch(other)) >= NEAR
