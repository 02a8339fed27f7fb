"""Find the words that some texts use more than others: log-odds ratios with an informative Dirichlet prior."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Set
from itertools import chain
from typing import NamedTuple

from comments.text import words
from comments.text.language import detect

# A word that fewer texts hold says more about their authors than about the subject.
LEAST = 3
# Enough to know what a text is about; more of a very long one would only take time.
MOST_READ = 2_000


class Term(NamedTuple):
    """A word: how many of the texts and of the rest hold it, and how many standard errors it stands out."""

    word: str
    own: int
    rest: int
    score: float

    @property
    def language(self) -> str:
        """Return which language the word is in."""
        return detect(self.word)


def telling(text: str) -> frozenset[str]:
    """Return the words of `text`, each once: no numbers, signs and single letters, of its first characters only.

    >>> sorted(telling("ทางเท้าแคบ ทางเท้าพัง 2567 ▇▇▇"))
    ['ทางเท้า', 'พัง', 'แคบ']
    """
    found = words.words(text[:MOST_READ])
    return frozenset(word for word in found if len(word) > 1 and any(map(str.isalpha, word)))


def key_terms(own: Collection[Set[str]], rest: Collection[Set[str]], *, most: int = 20) -> list[Term]:
    """Return the words that stand out in `own` beside `rest`, the most distinct first.

    Each text is a set of words, so a long one weighs no more than a short one. The prior of a word is how many of all
    texts hold it; the score is the difference of the log-odds by its standard error.

    >>> own = [{"ทางเท้า", "แคบ"}, {"ทางเท้า", "กว้าง"}, {"ทางเท้า", "เมือง"}]
    >>> rest = [{"น้ำ", "เมือง"}, {"ฝุ่น", "เมือง"}, {"น้ำ", "ท่วม"}, {"น้ำ", "เมือง"}]
    >>> [(term.word, term.own, term.rest, round(term.score, 2)) for term in key_terms(own, rest)]
    [('ทางเท้า', 3, 0, 1.41)]
    """
    here, there = Counter(chain.from_iterable(own)), Counter(chain.from_iterable(rest))
    all_here, all_there = here.total(), there.total()
    terms = [
        Term(word, number, there[word], _score(number, all_here, there[word], all_there))
        for word, number in here.items()
        if number >= LEAST
    ]
    standing_out = sorted(
        (term for term in terms if term.score > 0), key=lambda term: (-term.score, term.word)
    )
    return standing_out[:most]


def _score(here: int, all_here: int, there: int, all_there: int) -> float:
    prior, whole = here + there, all_here + all_there
    one, other = here + prior, there + prior
    # A single word that every text consists of has nothing to stand out from.
    if one == all_here + whole or other == all_there + whole:
        return 0.0
    difference = math.log(one / (all_here + whole - one)) - math.log(other / (all_there + whole - other))
    return difference / math.sqrt(1 / one + 1 / other)
