"""Notice what a moderator should look at sooner, and say which words gave cause. It refuses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from comments.text.folding import Folded, fold
from comments.text.personal_data import MOST_READ
from comments.text.spans import Span, clean

# link: an address on the web. shouting: Latin words in capitals. repetition: one character again and
# again. profanity: a word of abuse. street_level: one defect at one place, which also belongs to
# Traffy Fondue or the hotline 1555.
Code = Literal["link", "shouting", "repetition", "profanity", "street_level"]

_LINK = re.compile(
    r"https?://[!-~]{1,2000}|(?<![A-Za-z0-9@.])www\.[!-~]{3,2000}|"
    r"(?<![A-Za-z0-9@.-])(?:[a-z0-9-]{2,63}\.){1,3}(?:com|net|org|info|co\.th|in\.th|me|ly|io|shop|xyz|bet|link)"
    r"(?![A-Za-z0-9])(?:/[!-~]{0,2000})?",
    re.IGNORECASE,
)
# Shorter words in capitals are names: BTS, CCTV, PM.
_CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z]{4,}(?![A-Za-z])")
_LATIN = re.compile(r"[A-Za-z]")
_FEWEST_CAPITALS, _SHOUTED_SHARE = 12, 0.7
# Four letters or exclamation marks; laughter (555), dots, lines and spaces are ordinary.
_REPEATED = re.compile(r"([^\s\d.…\-_=*~#/\\|▇ๆ+<>—–])\1{3,}")

_ABUSE = (
    r"ควย|เหี้ย|เฮี้ย|สัส(?!ดี)|ไอ้สัตว์|อีสัตว์|เย็ด|แม่ง|(?<![ถท])มึง|ส้นตีน|ชิบหาย|ฉิบหาย|อีดอก|ดอกทอง|"
    r"ระยำ|จัญไร|เสือก(?![ไส])|แดก(?!ดัน)|ตอแหล|ไอ้เวร|อีเวร|ไอ้ควาย|อีควาย|พ่อง|หน้าหี|สันดาน|ถ่อย|เชี่ย(?!ว)"
)
_ABUSE_LATIN = r"(?<![a-z])(?:fuck\w{0,6}|motherfuck\w{0,4}|shit(?:ty|s)?|bullshit|bitch(?:es)?|assholes?|bastards?|cunts?|wtf)(?![a-z])"
_PROFANITY = re.compile(f"{_ABUSE}|{_ABUSE_LATIN}", re.IGNORECASE)

_DEFECT = re.compile(
    r"(?:ถนน|ทาง|ผิวจราจร|พื้น)(?:เป็น|มี)?หลุม|หลุมบ่อ|หลุมลึก|หลุมใหญ่|ฟุตบาท(?:พัง|แตก|ทรุด|ชำรุด)|ทางเท้า(?:พัง|แตก|ทรุด|ชำรุด)|"
    r"ถนน(?:พัง|ทรุด|ชำรุด|แตก|ยุบ)|ไฟ(?:ฟ้า|ถนน|ทาง|ส่องสว่าง|กิ่ง)*(?:ริมทาง|ในซอย|หน้าซอย)?(?:ดับ|เสีย|ไม่ติด|ชำรุด|กะพริบ)|"
    r"เสาไฟ(?:ล้ม|เอียง|หัก|ดับ|เสีย)|หลอดไฟ(?:ขาด|เสีย)|ขยะ(?:ไม่เก็บ|ไม่มีคนเก็บ|ตกค้าง|กอง|ล้น|เต็มถัง|ส่งกลิ่น)|ไม่(?:มา|มีใคร|มีคน)เก็บขยะ|"
    r"รถขยะไม่(?:มา|เข้า)|ท่อ(?:ประปา|น้ำ|ระบายน้ำ)*(?:แตก|รั่ว|ตัน|อุดตัน|อุด|ซึม)|ฝาท่อ(?:ระบายน้ำ)?(?:แตก|หาย|เปิด|หลุด|พัง|ทรุด|ชำรุด)|"
    r"สาย(?:ไฟ|สื่อสาร)*(?:ขาด|ห้อย|หย่อน|รุงรัง|ตก)|ต้นไม้(?:ล้ม|โค่น|หัก|ขวาง)|กิ่งไม้(?:หัก|บัง|พาด|ยื่น|ร่วง)|ป้าย(?:ล้ม|หัก|หลุด|เอียง)|"
    r"รถ(?:ยนต์)?จอด(?:ขวาง|กีดขวาง|บน(?:ทางเท้า|ฟุตบาท))|ก๊อกน้ำ(?:เสีย|รั่ว)|น้ำ(?:ไม่ไหล|ประปาไม่ไหล)|ราวสะพาน(?:หัก|ชำรุด)"
)
_PLACE = re.compile(
    r"(?:ซอย|ซ\.) ?[ก-๎0-9]{1,25}|(?:ปาก|หน้า|ท้าย|ใน|กลาง)ซอย|หน้าบ้าน|บ้านเลขที่ ?\d|เสา(?:ไฟ)?ต้นที่|เลขเสา|"
    r"(?:หน้า|ข้าง|ใกล้|ตรงข้าม|หลัง|ตรง)(?:เซเว่น|7-|วัด|โรงเรียน|ตลาด|ปั๊ม|ห้าง|สถานี|ร้าน|โรงพยาบาล|หมู่บ้าน|คอนโด|แยก|ป้ายรถ)|"
    r"(?:ใต้|เชิง|บน)สะพาน|ปากทาง|ตรงแยก|หมู่บ้าน ?[ก-๎]{2,}"
)
# Words of somebody who speaks of the whole city or of the plan.
_WIDER = re.compile(
    r"แผน|เป้าหมาย|นโยบาย|ยุทธศาสตร์|ตัวชี้วัด|งบประมาณ|มาตรการ|ทุก(?:เขต|ซอย|พื้นที่|ถนน|แห่ง|สาย|ชุมชน|จุด|ปี)|ทั่ว(?:กรุง|กทม|ทั้ง|เมือง)|"
    r"ทั้ง(?:เมือง|กรุง|กทม|เขต|ระบบ)|หลายเขต|ในระยะยาว|ปี ?25\d\d|ควรกำหนด|ควรมีระบบ|โครงการ|ส่งเสริม|พัฒนา|ร้อยละ|ระดับเมือง|คณะกรรมการ"
)
_LONGEST_COMPLAINT = 400


@dataclass(frozen=True)
class Nudge:
    """A reason to look sooner, and where the words stand that gave it, in code points of the text."""

    code: Code
    spans: tuple[Span, ...]


def nudges(text: str) -> list[Nudge]:
    """Return what in `text` a moderator should know of, at most one of each code.

    >>> [(n.code, n.spans) for n in nudges("ดู www.example.com ด่วนนนนน")]
    [('link', (Span(start=3, end=18),)), ('repetition', (Span(start=22, end=27),))]
    >>> [n.code for n in nudges("ไฟทางดับในซอยทดสอบ 5 มาสามวันแล้วครับ")]
    ['street_level']
    >>> nudges("ควรกำหนดเป้าหมายซ่อมไฟทางดับในซอยทุกเขตให้เสร็จใน 24 ชั่วโมง")
    []
    """
    text = text[:MOST_READ]
    folded = fold(text)
    plain = folded.text
    found: list[tuple[Code, Iterable[re.Match[str]]]] = [
        ("link", _LINK.finditer(plain)),
        ("shouting", _shouted(plain)),
        ("repetition", _REPEATED.finditer(plain)),
        ("profanity", _PROFANITY.finditer(plain)),
        ("street_level", _street_level(plain)),
    ]
    raised = [(code, _spans(text, folded, matches)) for code, matches in found]
    return [Nudge(code, spans) for code, spans in raised if spans]


def _spans(text: str, folded: Folded, matches: Iterable[re.Match[str]]) -> tuple[Span, ...]:
    return tuple(clean(text, [folded.original(*match.span()) for match in matches]))


def _shouted(text: str) -> list[re.Match[str]]:
    """Return the words in capitals when they are most of the Latin letters."""
    words = list(_CAPITALS.finditer(text))
    capitals = sum(len(word[0]) for word in words)
    letters = len(_LATIN.findall(text))
    is_shouted = len(words) > 1 and capitals >= _FEWEST_CAPITALS and capitals >= _SHOUTED_SHARE * letters
    return words if is_shouted else []


def _street_level(text: str) -> Iterator[re.Match[str]]:
    """Yield the defect and the place when a short text names both and speaks of nothing wider."""
    if len(text) > _LONGEST_COMPLAINT or _WIDER.search(text):
        return
    defect, place = _DEFECT.search(text), _PLACE.search(text)
    if defect and place:
        yield from (defect, place)
