"""Find personal data in a text before it is published.

It finds; it never decides. A street or a soi alone is no personal data: it is where the matter is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from comments.text.folding import fold
from comments.text.personal_data import accounts, contacts, identity, names, phones, places
from comments.text.personal_data.finding import GRAVEST_FIRST, Finding, Hit, Kind, Severity
from comments.text.personal_data.shield import shield
from comments.text.spans import snap

_DIGIT = re.compile("[0-9]")

__all__ = ["GRAVEST_FIRST", "Finding", "Kind", "Severity", "find"]

# More than the longest text that can be received has.
MOST_READ = 100_000
# These read numbers, in which budgets, years, dates and codes have been covered.
_OF_NUMBERS: tuple[Callable[[str], Iterator[Hit]], ...] = (
    identity.national_ids,
    identity.cards,
    accounts.bank_accounts,
    phones.mobiles,
    phones.landlines,
)
_WITH_NUMBERS: tuple[Callable[[str], Iterator[Hit]], ...] = (
    identity.passports,
    places.house_numbers,
    places.licence_plates,
)
_OF_WORDS: tuple[Callable[[str], Iterator[Hit]], ...] = (
    contacts.emails,
    contacts.line_ids,
    names.titled,
    names.introduced,
)


def find(text: str) -> list[Finding]:
    """Return what looks like personal data in `text`, in order, without overlaps.

    Positions are code points of `text` itself and never cut a visible character in two. Where two
    kinds claim the same place, the graver one stands, then the longer one. Of a text longer than any
    that can be received only the first `MOST_READ` code points are read, so that the time is bounded.

    >>> [(f.kind, f.severity, f.span) for f in find("โทร ๐๘๑-๐๐๐-๐๐๐๐ ครับ")]
    [('mobile_phone', 'mask', Span(start=4, end=16))]
    >>> find("สายด่วน 1555 งบ 12,000,000 บาท แผนปี 2561-2580 รถเมล์สาย 511")
    []
    """
    return list(_find(text[:MOST_READ]))


# Intake asks for the same text a few times in a row.
@lru_cache(maxsize=4)
def _find(text: str) -> list[Finding]:
    folded = fold(text)
    hits = [hit for rule in _OF_WORDS for hit in rule(folded.text)]
    if _DIGIT.search(folded.text):
        numbers = shield(folded.text)
        hits += [hit for rule in _OF_NUMBERS for hit in rule(numbers)]
        hits += [hit for rule in _WITH_NUMBERS for hit in rule(folded.text)]
    spans = snap(text, [folded.original(hit.start, hit.end) for hit in hits])
    found = [Finding(*span, hit.kind, hit.severity) for span, hit in zip(spans, hits, strict=True)]
    return _strongest(found)


def _strongest(found: Iterable[Finding]) -> list[Finding]:
    """Return what is left, in order, when of those that overlap only the strongest stays."""
    chosen: list[tuple[int, int, Finding]] = []
    for one in sorted(found, key=_strength):
        place = bisect_left(chosen, (one.start, one.end))
        follows = place == 0 or chosen[place - 1][1] <= one.start
        if follows and (place == len(chosen) or one.end <= chosen[place][0]):
            insort(chosen, (one.start, one.end, one))
    return [one for _, _, one in chosen]


def _strength(one: Finding) -> tuple[int, int, int]:
    return GRAVEST_FIRST.index(one.severity), one.start - one.end, one.start
