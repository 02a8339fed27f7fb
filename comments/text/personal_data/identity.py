"""Numbers on cards and papers: national ID, bank card, passport."""

import re
from collections.abc import Iterator
from itertools import accumulate
from operator import mul

from comments.text.personal_data.finding import Hit
from comments.text.personal_data.groups import before, digits, lengths, years

_GAP = r"[ \t\-._/·•()~*|,:]{0,3}"
_RUN = re.compile(rf"\d(?:{_GAP}\d){{12,}}")
_GROUP = re.compile(r"\d+")
_ID_CUE = re.compile(r"บัตร|ประชาชน|ประจำตัว|เลข ?(?:13|สิบสาม) ?หลัก|\bid\b|citizen|พร้อมเพย์", re.IGNORECASE)
_ID_CUE_REACH = 30
_CANONICAL = [1, 4, 5, 2, 1]
_CARD = re.compile(r"(?<!\d)[2-6](?:[ \-._]{0,2}\d){12,18}(?!\d)")
_CARD_CUE = re.compile(r"บัตร(?:เครดิต|เดบิต)|credit|debit|visa|master", re.IGNORECASE)
_CARD_SHAPES = ([4, 4, 4, 4], [4, 6, 5], [4, 4, 4, 4, 3], [4, 3, 3, 3])
_PASSPORT = re.compile(
    r"(?:พาส?ปอร์ต|หนังสือเดินทาง|passport)[^\d\n]{0,15}?(?<![a-z])([a-z]{1,2} ?\d{6,7})(?!\d)", re.IGNORECASE
)


def has_id_checksum(number: str) -> bool:
    """Tell whether 13 digits end with the check digit of a Thai national ID.

    >>> has_id_checksum("1001000000000"), has_id_checksum("1001000000001")
    (True, False)
    """
    weighed: int = sum(map(mul, map(int, number), range(13, 1, -1)))
    return (11 - weighed % 11) % 10 == int(number[12])


def has_luhn_checksum(number: str) -> bool:
    """Tell whether the digits end with the check digit of a bank card.

    >>> has_luhn_checksum("4111111111111111"), has_luhn_checksum("4111111111111112")
    (True, False)
    """
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (doubled + sum(map(int, number[-1::-2]))) % 10 == 0


def national_ids(text: str) -> Iterator[Hit]:
    """Yield Thai national IDs: block; a wrong check digit is likely a slip of the pen: warn.

    >>> [hit.severity for hit in national_ids("1-0010-00000-00-0 1-0010-00000-00-1")]
    ['block', 'warn']
    """
    for run in _RUN.finditer(text):
        groups = list(_GROUP.finditer(text, *run.span()))
        free_from = 0
        for first, last, number in _thirteen_digits([group[0] for group in groups]):
            if first < free_from:
                continue
            start, end = groups[first].start(), groups[last].end()
            sizes = [len(group[0]) for group in groups[first : last + 1]] if last - first < 6 else []
            if has_id_checksum(number):
                alone = first == 0 and last == len(groups) - 1
                if _is_id_shaped(before(text, start, _ID_CUE_REACH), text[start:end], alone=alone):
                    yield Hit(start, end, "national_id", "block")
                    free_from = last + 1
            elif sizes in (_CANONICAL, [13]) and number != number[0] * 13:
                yield Hit(start, end, "national_id", "warn")


def _thirteen_digits(groups: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield every stretch of whole groups that has 13 digits together: first, last, digits."""
    number = "".join(groups)
    ends = list(accumulate(map(len, groups)))
    first_from = {0: 0} | {end: index for index, end in enumerate(ends, start=1)}
    for last, end in enumerate(ends):
        first = first_from.get(end - 13)
        if first is not None:
            yield first, last, number[end - 13 : end]


def _is_id_shaped(words_before: str, written: str, *, alone: bool) -> bool:
    """Tell 13 digits of one number from several numbers that stand side by side."""
    sizes = lengths(written)
    if sizes in ([13], _CANONICAL) or _ID_CUE.search(words_before):
        return True
    if len(sizes) == 13:
        return not digits(written).startswith(("123456789", "012345678"))
    is_of_several = written[0] == "0" or years(written) > 1 or set(sizes[1:]) == {3}
    return alone and len(sizes) <= 6 and not is_of_several


def cards(text: str) -> Iterator[Hit]:
    """Yield numbers of bank cards of 13 to 19 digits: block.

    >>> [tuple(hit[:2]) for hit in cards("บัตร 4111 1111 1111 1111 12/26")]
    [(5, 24)]
    """
    for match in _CARD.finditer(text):
        cued = _CARD_CUE.search(before(text, match.start(), _ID_CUE_REACH)) is not None
        for group in reversed(list(_GROUP.finditer(match[0]))):
            written = match[0][: group.end()]
            if _is_card(written, cued=cued):
                yield Hit(match.start(), match.start() + group.end(), "card", "block")
                break


def _is_card(written: str, *, cued: bool) -> bool:
    number, sizes = digits(written), lengths(written)
    if not 13 <= len(number) <= 19 or years(written) > 2:
        return False
    shaped = cued or sizes in _CARD_SHAPES or len(sizes) == 1 or set(sizes) == {1}
    # Thirteen digits are a national ID far more often than a card.
    return shaped and (len(number) > 13 or cued or number[0] == "4") and has_luhn_checksum(number)


def passports(text: str) -> Iterator[Hit]:
    """Yield numbers of passports after the word: mask.

    >>> [tuple(hit[:2]) for hit in passports("passport AA0000000")]
    [(9, 18)]
    """
    for match in _PASSPORT.finditer(text):
        yield Hit(*match.span(1), "passport", "mask")
