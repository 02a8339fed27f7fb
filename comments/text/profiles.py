"""Find the texts that say most nearly what many say: cosines of words weighted by how rare they are (TF-IDF)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from itertools import chain

Weights = Mapping[str, float]


def weights(texts: Collection[Set[str]]) -> dict[str, float]:
    """Return the weight of each word: the logarithm of the share of texts that hold it, turned over.

    >>> {word: round(weight, 2) for word, weight in weights([{"น้ำ", "ท่วม"}, {"น้ำ"}]).items() if weight}
    {'ท่วม': 0.69}
    """
    held = Counter(chain.from_iterable(texts))
    return {word: math.log(len(texts) / number) for word, number in held.items()}


def profile(texts: Iterable[Set[str]], weight: Weights) -> dict[str, float]:
    """Return the direction in which `texts` point together, of length 1: each counts the same, long or short."""
    whole: defaultdict[str, float] = defaultdict(float)
    for text in texts:
        if length := _length(text, weight):
            for word in text:
                whole[word] += weight[word] / length
    length = math.sqrt(math.fsum(value * value for value in whole.values()))
    return {word: value / length for word, value in whole.items()}


def likeness(text: Set[str], direction: Weights, weight: Weights) -> float:
    """Return the cosine of `text` and a profile: 1 for the same words, 0 for none in common.

    >>> weight = {"น้ำ": 1.0, "ท่วม": 2.0, "ฝุ่น": 2.0}
    >>> direction = profile([{"น้ำ", "ท่วม"}], weight)
    >>> [round(likeness(text, direction, weight), 2) for text in ({"น้ำ", "ท่วม"}, {"น้ำ"}, {"ฝุ่น"})]
    [1.0, 0.45, 0.0]
    """
    length = _length(text, weight)
    # Exact, as the other sums over words: sets have no order, and the same texts give the same quotes.
    shared = math.fsum(weight[word] * direction.get(word, 0.0) for word in text)
    return shared / length if length else 0.0


def _length(text: Set[str], weight: Weights) -> float:
    return math.sqrt(math.fsum(weight[word] ** 2 for word in text))
