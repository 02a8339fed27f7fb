"""Read what people type into a search box: words, "exact phrases" and -exclusions.

Every word and phrase must be there, every exclusion must not. A query of exclusions only finds everything else;
an empty query finds everything. Nothing that is typed is an error, and nothing is left out without saying so:
`ignored` has what no search can look for (punctuation alone), `is_truncated` tells that it was too long.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import regex

from comments.text import keys, words
from comments.text.normalise import normalise

MOST_CHARACTERS = 2_000
MOST_TERMS = 32
# More keys than these narrow nothing further down; the whole term is compared with the text in any case.
MOST_KEYS = 16

# No database keeps these, so no text has them.
_NEVER_STORED = regex.compile("[\x00\ud800-\udfff]")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂〝〞", '"'))
# A minus counts only where a word may begin: covid-19 is one word. A phrase without an end goes on to the end.
_PART = regex.compile(r'(?:(?<![^\s"])(?P<minus>[-‐‑–−]))?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
_EDGE = regex.compile(r"^[^\p{L}\p{M}\p{N}\p{S}]+|[^\p{L}\p{M}\p{N}\p{S}]+$")


@dataclass(frozen=True)
class Term:
    """A word or phrase, normalised, with its different leaves, and the keys that the index is asked for."""

    text: str
    leaves: tuple[str, ...]
    keys: tuple[str, ...]
    is_excluded: bool = False

    @property
    def is_leaf(self) -> bool:
        """Tell whether the index alone decides: a text that has the leaf has the word."""
        return self.leaves == (self.text,)


@dataclass(frozen=True)
class Query:
    """What to look for; false when that is nothing."""

    terms: tuple[Term, ...] = ()
    ignored: tuple[str, ...] = ()
    is_truncated: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def wanted(self) -> tuple[Term, ...]:
        """Return the terms that must be there."""
        return tuple(term for term in self.terms if not term.is_excluded)

    @property
    def excluded(self) -> tuple[Term, ...]:
        """Return the terms that must not be there."""
        return tuple(term for term in self.terms if term.is_excluded)


def parse(text: str) -> Query:
    """Return what `text` asks for; any text is a query, none raises.

    Only the first 2,000 characters and the first 32 different terms count.

    >>> [term.text for term in parse('นํ้าท่วม "ถนน พระราม ๒" PM2.5').wanted]
    ['น้ำท่วม', 'ถนน พระราม 2', 'pm2.5']
    >>> [term.text for term in parse("ขยะ -คลอง -“ขยะ อาหาร").excluded]
    ['คลอง', 'ขยะ อาหาร']
    >>> parse("?!"), parse("")
    (Query(terms=(), ignored=('?!',), is_truncated=False), Query(terms=(), ignored=(), is_truncated=False))
    """
    kept = text[:MOST_CHARACTERS]
    normal = normalise(_NEVER_STORED.sub(" ", kept.translate(_QUOTES)))
    terms: dict[Term, None] = {}
    ignored: dict[str, None] = {}
    is_truncated = bool(text[MOST_CHARACTERS:].strip())
    for part in _PART.finditer(normal):
        term = _term(part["phrase"], part["word"], is_excluded=part["minus"] is not None)
        if not term.leaves:
            ignored[part.group().strip()] = None
        elif term not in terms and len(terms) == MOST_TERMS:
            is_truncated = True
            break
        else:
            terms[term] = None
    ignored.pop('""', None)
    return Query(tuple(terms), tuple(ignored), is_truncated)


def _term(phrase: str | None, word: str | None, *, is_excluded: bool) -> Term:
    text = normalise(_EDGE.sub("", word or "") if phrase is None else phrase)
    leaves, asked = dict.fromkeys(words.leaves(text)), dict.fromkeys(keys.asked(text))
    return Term(text, tuple(leaves), tuple(islice(asked, MOST_KEYS)), is_excluded)
