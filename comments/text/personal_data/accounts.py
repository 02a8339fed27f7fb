"""Bank accounts: by their shape, or by the words before them."""

import re
from collections.abc import Iterator

from comments.text.personal_data.finding import Hit
from comments.text.personal_data.groups import before, digits

_SHAPED = re.compile(r"(?<!\d)\d{3} ?[- .] ?\d ?[- .] ?\d{5} ?[- .] ?\d(?!\d)")
_CUE = (
    r"(เลข(?:ที่)?บัญชี|หมายเลขบัญชี|พร้อมเพย์|prompt ?pay|บัญชี|กสิกร|k-?bank|ไทยพาณิชย์|\bscb\b|กรุงไทย|\bktb\b|"
    r"ออมสิน|ธ\.?ก\.?ส\.?|กรุงศรี|ธนชาต|ทหารไทย|\bttb\b|ธอส\.?|ธนาคารกรุงเทพ|\bbbl\b|account ?(?:no|number)?|"
    r"กรุงเทพฯ? ?เลขที่|โอน(?:เงิน)?(?:มา|เข้า|ไป|ให้)?ที่)"
)
_CUED = re.compile(
    rf"{_CUE}([^\d\n]{{0,25}}?)(?<!\d)(\d(?:[ \-.]{{0,2}}\d){{9,14}})(?!\d)(?! ?(?:ล้าน|แสน)?(?:บาท|คน|ราย))",
    re.IGNORECASE,
)
_PHONE_CUE = re.compile(r"โทร|เบอร์|มือถือ|ติดต่อ|tel|phone|call", re.IGNORECASE)
_MOBILE = re.compile(r"0[689]\d{8}")
# These name an account and nothing else; a bank's or a department's name may stand before a telephone number.
_CERTAIN = re.compile(r"เลข|พร้อม|prompt|account|บัญชี", re.IGNORECASE)
_DEPARTMENT = re.compile(r"(?:ฝ่าย|นัก|แผนก|กรม|พนักงาน|สมุห์|ทำ|งาน)$")


def bank_accounts(text: str) -> Iterator[Hit]:
    """Yield numbers of bank accounts: block. Only the digits, not the words before them.

    >>> [tuple(hit[:2]) for hit in bank_accounts("ธนาคาร 000-0-00000-0")]
    [(7, 20)]
    >>> list(bank_accounts("ฝ่ายบัญชี โทร 0810000000"))
    []
    """
    for match in _SHAPED.finditer(text):
        yield Hit(*match.span(), "bank_account", "block")
    for match in _CUED.finditer(text):
        cue, between, number = match.groups()
        if _PHONE_CUE.search(between):
            continue
        is_certain = _CERTAIN.search(cue + between) and not _DEPARTMENT.search(before(text, match.start(), 8))
        if _MOBILE.fullmatch(digits(number)) and not is_certain:
            continue
        yield Hit(*match.span(3), "bank_account", "block")
