"""E-mail addresses and LINE IDs."""

import re
from collections.abc import Iterator

from comments.text.personal_data.finding import Hit

_LOCAL = r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,200}"
_AT = r"(?:@| @ | ?[(\[{] ?(?:at|แอท) ?[)\]}] ?)"
_DOT = r"(?:\.| ?[(\[{] ?(?:dot|จุด|ดอท) ?[)\]}] ?)"
_EMAIL = re.compile(
    rf"{_LOCAL}{_AT}(?:(?:[A-Za-z0-9-]{{1,63}}{_DOT}){{1,6}}[A-Za-z]{{2,24}}|"
    r"(?:[A-Za-z0-9ก-๎-]{1,63}\.){1,6}ไทย)",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?:info|contact|admin|saraban|webmaster|complain\w*|center|pr)@\S+go\.th", re.IGNORECASE
)

_LINE = r"(?:(?<!ออน)ไลน์?|(?<![a-z])line)"
_STRONG = rf"(?:(?:ไอดี|(?<![a-z])id|แอด|ทัก|(?<![a-z])add) ?{_LINE}|{_LINE} ?(?:ไอดี|id))"
_JOIN = r"[ :=]{0,3}(?:(?:ผม|ฉัน|ของผม|ของฉัน)?(?:คือ|ชื่อ)|is)?[ :=]{0,3}"
_HANDLE = r"(@?[a-z0-9][a-z0-9._-]{3,29})"
_MENTIONS_LINE = re.compile(r"ไลน|line", re.IGNORECASE)
_LINE_ID = re.compile(
    rf"{_STRONG}{_JOIN}{_HANDLE}|{_LINE} ?(?:[:=] ?(?=@?)|(?=@)){_HANDLE}|(?<!ออน)ไลน์? {{0,2}}{_HANDLE}",
    re.IGNORECASE,
)
# What follows the word LINE without being anybody's ID; the city's own accounts.
_NO_ID = re.compile(
    r"@?(?:official|shop|group|pay|today|man|notify|open|chat|app|application|account|traffy|bangkok|bma|"
    r"fondue|oa|line|sticker|http|https|and|or|facebook|email|fb)(?:[^a-z]|fondue|bma|$)",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Hit]:
    """Yield e-mail addresses: mask; a mailbox of a public office: review.

    >>> [tuple(hit[:2]) for hit in emails("ส่งมาที่ somchai.test@example.co.thนะครับ")]
    [(9, 35)]
    """
    for match in _EMAIL.finditer(text):
        office = _OFFICE.fullmatch(match[0]) is not None
        yield Hit(*match.span(), "email", "review" if office else "mask")


def line_ids(text: str) -> Iterator[Hit]:
    """Yield LINE IDs after a word for LINE: mask. Only the ID, not the words before it.

    >>> [tuple(hit[:2]) for hit in line_ids("Line ID: @abc.test ขายออนไลน์ shopee")]
    [(9, 18)]
    """
    if not _MENTIONS_LINE.search(text):
        return
    for match in _LINE_ID.finditer(text):
        group = match.lastindex or 0
        handle = match[group].rstrip("._-")
        if len(handle) > 3 and not _NO_ID.match(handle):
            start = match.start(group)
            yield Hit(start, start + len(handle), "line_id", "mask")
