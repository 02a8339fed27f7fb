"""Read digits that are written in groups, and what stands before them."""

import re

_GROUP = re.compile(r"\d+")
_DIGIT = re.compile(r"\d")
_AGENCY = re.compile(
    r"สำนัก|ศาลาว่าการ|กระทรวง|เทศบาล|กรม(?=[ก-ฮ])|โรงเรียน|โรงพยาบาล|รพ\.|มหาวิทยาลัย|สถานี|ฝ่าย|"
    r"ศูนย์(?:บริการ|ประสาน|รับ|ราชการ|ข้อมูล|เอราวัณ|สาธารณสุข)|สายด่วน|หน่วยงาน|กทม|กรุงเทพมหานคร|กองทุน|"
    r"คณะกรรมการ|การไฟฟ้า|การประปา|อบต|อบจ"
)
# How far before a number its context is read, in characters.
_BEFORE = 60


def digits(text: str) -> str:
    """Return the digits of `text` alone.

    >>> digits("081-000 0000")
    '0810000000'
    """
    return "".join(_DIGIT.findall(text))


def lengths(text: str) -> list[int]:
    """Return how many digits each group of `text` has.

    >>> lengths("081-000 0000")
    [3, 3, 4]
    """
    return [len(group) for group in _GROUP.findall(text)]


def years(text: str) -> int:
    """Return how many groups of `text` read as years of either era.

    >>> years("2561 2566 1234")
    2
    """
    return sum(
        len(group) == 4 and (1900 <= int(group) < 2100 or 2400 <= int(group) < 2700)
        for group in _GROUP.findall(text)
    )


def before(text: str, position: int, most: int = _BEFORE) -> str:
    r"""Return the at most `most` characters of the same line before `position`.

    >>> before("a\nโทร 02", 6)
    'โทร '
    """
    return text[max(0, position - most) : position].rpartition("\n")[2]


def is_of_agency(text: str, position: int) -> bool:
    """Tell whether the words before `position` name a public office.

    >>> is_of_agency("สำนักงานเขต โทร 02", 16), is_of_agency("บ้านผม โทร 02", 11)
    (True, False)
    """
    return _AGENCY.search(before(text, position)) is not None
