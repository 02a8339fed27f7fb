"""Bring spelling variants of the same Thai text to one form, for search and comparison.

The text as received is kept as it came; only copies made for comparing pass through here.
`static/js/goal_picker.js` does the same in the browser.
"""

import re
import unicodedata

import regex

_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_ZERO_WIDTHS = re.compile(f"[{''.join(map(chr, _ZERO_WIDTH))}]+")
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
# Nikhahit and sara aa typed apart, with or without a tone mark between them, are sara am.
_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_MARK_AFTER_AM = re.compile("\u0e33([\u0e48-\u0e4b])")
_REPEATED_MARK = re.compile("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\1+")
# The time that NFC takes grows with the square of a pile of marks; nobody reads more than a few.
_PILE_OF_MARKS = regex.compile(r"(?<!\p{M})(\p{M}{30})\p{M}+")
_THAI_DIGIT = re.compile("[๐-๙]")
_SPACE = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Return `text` in the one form that search and comparison use; idempotent.

    NFC (never NFKC: it splits ำ), เเ→แ, นํ้า→น้ำ, no zero-width characters, no repeated marks,
    at most 30 marks in a row, ๐–๙→0–9, lower case, single spaces, none at the ends.

    >>> normalise("เเม่นํ้า ๒๕๖๗  Bangkok")
    'แม่น้ำ 2567 bangkok'
    """
    previous = None
    while previous != text:
        previous, text = text, _pass(text)
    return text


def _pass(text: str) -> str:
    # Both tables are slow to go through for a text that has none of them.
    text = _PILE_OF_MARKS.sub(r"\1", _ZERO_WIDTHS.sub("", text))
    text = unicodedata.normalize("NFC", text).casefold()
    text = text.translate(_DIGITS) if _THAI_DIGIT.search(text) else text
    text = text.replace("\u0e40\u0e40", "\u0e41")
    text = _SARA_AM.sub("\\1\u0e33", text)
    text = _MARK_AFTER_AM.sub("\\1\u0e33", text)
    text = _REPEATED_MARK.sub(r"\1", text)
    return _SPACE.sub(" ", text).strip()
