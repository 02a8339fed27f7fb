"""Count and cut text by graphemes, the characters that a person sees.

A Thai vowel or tone mark belongs to the consonant that carries it, so slicing by code points
turns ไม่ได้ into ไม่ได. Clusters follow Unicode Standard Annex 29, as the `regex` package has it.
"""

from itertools import islice

import regex

# \X, but for flags: before each of its letters \X counts all that stand before it, seconds for 8,000 flags.
CLUSTER = regex.compile(r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*|\X")
_INK = regex.compile(r"[^\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}]")


def is_visible(cluster: str) -> bool:
    r"""Tell whether a cluster shows ink: not a space, a control or a zero-width character.

    >>> [is_visible(c) for c in ("ก", " ", "\u200b", "น้ำ")]
    [True, False, False, True]
    """
    return _INK.search(cluster) is not None


def count(text: str) -> int:
    r"""Return the number of graphemes, spaces included, as a person would count them.

    >>> count("ไม่ได้"), count("👨‍👩‍👧"), count("a\r\nb")
    (4, 1, 3)
    """
    return sum(1 for _ in CLUSTER.finditer(text))


def count_visible(text: str, *, most: int | None = None) -> int:
    r"""Return the number of graphemes that show ink; the counting ends at `most`.

    >>> count_visible("  น้ำ \u200b ท่วม"), count_visible("  น้ำ \u200b ท่วม", most=3)
    (4, 3)
    """
    visible = (match for match in CLUSTER.finditer(text) if is_visible(match[0]))
    return sum(1 for _ in islice(visible, most))


def truncate(text: str, most: int) -> str:
    """Return `text` when it has at most `most` graphemes, else its first `most - 1` and "…".

    Raises ValueError when `most` is below 1.

    >>> truncate("ไม่ได้ยิน", 4)
    'ไม่ไ…'
    >>> truncate("ไม่ได้", 4)
    'ไม่ได้'
    """
    if most < 1:
        raise ValueError("most must be at least 1")
    if len(text) <= most:
        return text
    ends = []
    for match in CLUSTER.finditer(text):
        ends.append(match.end())
        if len(ends) > most:
            return text[: ends[most - 2]] + "…" if most > 1 else "…"
    return text
