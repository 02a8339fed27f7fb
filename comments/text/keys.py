"""What the search index holds of a text, and what it is asked for.

Leaves alone don't find much where all of a term's leaves are common: กิน and รี stand in thousands of texts, กินรี in
a few. So the index also holds a key for every two leaves that are neighbours, with what stands between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from zlib import crc32

from comments.text import words

# Begins the key of a pair; of all leaves only the sign itself begins so.
PAIR = "|"
# A text of 8,000 characters that people read has fewer, but for one of emoji families or the like.
MOST_LEAVES = 10_000
# What both databases' indexes keep as it is: SQLite's takes A for a.
_ALPHABET = "0123456789abcdefghijklmnopqrstuv"
_TWO = [second + first for first in _ALPHABET for second in _ALPHABET]


def keys(normal: str) -> list[str]:
    """Return the leaves of a text that is normalised already, and the keys of its pairs.

    >>> keys("ทางเท้า")
    ['ทาง', 'เท้า', '|1mumn']
    """
    spans = list(islice(words.leaf_spans(normal), MOST_LEAVES))
    return [*_leaves(normal, spans), *_pairs(normal, spans)]


def asked(normal: str) -> list[str]:
    """Return the fewest keys that say as much: pairs, or the leaf that stands alone.

    >>> asked("ทางเท้า"), asked("เท้า")
    (['|1mumn'], ['เท้า'])
    """
    spans = list(islice(words.leaf_spans(normal), MOST_LEAVES))
    return list(_pairs(normal, spans)) or list(_leaves(normal, spans))


@lru_cache(maxsize=65536)
def pair(stretch: str) -> str:
    """Return the key of two leaves, given the stretch of text from the first one's start to the second one's end.

    25 bits of a checksum: a tenth of the space of the words. Now and then two pairs share a key, so the text is read
    as well.
    """
    number = crc32(stretch.encode("utf-8", "surrogatepass"))
    return f"{PAIR}{_TWO[number & 1023]}{_TWO[number >> 10 & 1023]}{_ALPHABET[number >> 20 & 31]}"


def _leaves(normal: str, spans: Sequence[words.Span]) -> Iterator[str]:
    return (words.leaf(normal, span) for span in spans)


def _pairs(normal: str, spans: Sequence[words.Span]) -> Iterator[str]:
    return (pair(normal[one.start : other.end]) for one, other in pairwise(spans))
