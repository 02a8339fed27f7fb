"""Telephone numbers of people and of offices. Hotlines of three and four digits are nobody's."""

import re
from collections.abc import Iterator

from comments.text.personal_data.finding import Hit, Severity
from comments.text.personal_data.groups import before, is_of_agency, lengths

_GAP = r"[ \t\-._/·•()~*|]{0,3}"
_ABROAD = rf"(?:\(?\+|00{_GAP}){_GAP}6{_GAP}6{_GAP}(?:\(0\){_GAP}|0{_GAP}(?=[2-9]))?"
_MOBILE = re.compile(rf"(?<!\d)(?:{_ABROAD}|66[ -]?|0{_GAP})[689](?:{_GAP}\d){{8}}(?!\d)")
_EXTENSION = r"(?:-\d{1,2}(?![\d-]))?(?: ?(?:ต่?อ|ext\.?|กด|#) ?\d{1,5}(?!\d))?"
_LANDLINE = re.compile(
    rf"(?<!\d)(?:{_ABROAD}|0{_GAP})[2-57](?:{_GAP}\d){{7}}(?!\d){_EXTENSION}", re.IGNORECASE
)
_CUE = re.compile(r"โทร|เบอร์|ติดต่อ|มือถือ|tel|phone|call|ไลน์|line", re.IGNORECASE)
_CUE_REACH = 30
# A tax number has the groups 1-4-5-2-1, of which the first three look like a telephone number.
_REST_OF_ID = re.compile(r"[ -]\d\d[ -]\d(?!\d)")


def mobiles(text: str) -> Iterator[Hit]:
    """Yield mobile numbers: mask.

    >>> [tuple(hit[:2]) for hit in mobiles("+66 81 000 0000, 0 8 1 0 0 0 0 0 0 0")]
    [(0, 15), (17, 36)]
    """
    for match in _MOBILE.finditer(text):
        if _is_one_number(text, match):
            yield Hit(*match.span(), "mobile_phone", "mask")


def landlines(text: str) -> Iterator[Hit]:
    """Yield landlines with their extension: warn, or review where an office is named before it.

    >>> [hit.severity for hit in landlines("02-000-0000 ต่อ 12")]
    ['warn']
    >>> [hit.severity for hit in landlines("สำนักงานเขตพระนคร โทร 02-000-0000")]
    ['review']
    """
    for match in _LANDLINE.finditer(text):
        if _is_one_number(text, match):
            severity: Severity = "review" if is_of_agency(text, match.start()) else "warn"
            yield Hit(*match.span(), "landline", severity)


def _is_one_number(text: str, match: re.Match[str]) -> bool:
    """Tell a number from a series such as "0 20 30 40 50": pairs count only after a word for telephone."""
    sizes = lengths(match[0])
    if sizes == [1, 4, 5] and _REST_OF_ID.match(text, match.end()):
        return False
    in_pairs = len(sizes) > 3 and set(sizes[1:]) == {2}
    return not in_pairs or _CUE.search(before(text, match.start(), _CUE_REACH)) is not None
