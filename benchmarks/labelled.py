"""Texts with made-up personal data in known places, and texts that only look like it.

Every number and name is drawn at random.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Draw = Callable[[random.Random], str]
SEED = 2567

GIVEN = [
    "สมมติ",
    "ทดลอง",
    "จำลอง",
    "สมชาย",
    "มาลี",
    "วิไล",
    "กิตติ",
    "ปรีชา",
    "อรุณ",
    "นภา",
    "ธีระ",
    "สุดา",
    "พิมพ์ใจ",
    "อนันต์",
    "ก้อง",
    "มานะ",
    "ชูใจ",
    "ปิติ",
    "วีระ",
]
FAMILY = [
    "ใจงาม",
    "ระบบดี",
    "ทองมี",
    "รักเมือง",
    "ศรีสมมติ",
    "วงศ์ทดสอบ",
    "บุญตัวอย่าง",
    "แสงทอง",
    "พงษ์จำลอง",
    "สุขใจ",
    "เจริญเมือง",
    "ดีเลิศ",
    "มั่นคง",
]
LATIN = [
    "somchai",
    "malee",
    "test.user",
    "sample_99",
    "krungthep.fan",
    "demo-2567",
    "baan.suan",
    "naruemon",
    "kitti88",
]
LETTERS = "กขคฆงจฉชฌญฎฐฒณดตถทธนพภมยรลวศษสหฬอฮ"
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def _grouped(number: str, sizes: tuple[int, ...], separator: str) -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(number[start : start + size])
        start += size
    return separator.join(parts)


def _national_id(chance: random.Random) -> str:
    first = chance.choice("12345678") + _digits(chance, 11)
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(first))
    number = first + str((11 - total % 11) % 10)
    return _grouped(number, chance.choice([(13,), (1, 4, 5, 2, 1)]), chance.choice(["-", " ", "."]))


def _mobile(chance: random.Random) -> str:
    number = "0" + chance.choice("689") + _digits(chance, 8)
    sizes = chance.choice([(10,), (3, 3, 4), (3, 7), (2, 4, 4)])
    written = _grouped(number, sizes, chance.choice(["-", " ", ".", "–"]))
    return "+66 " + written[1:] if chance.random() < 0.2 else written


def _landline(chance: random.Random) -> str:
    number = "02" + _digits(chance, 7)
    written = _grouped(number, chance.choice([(9,), (2, 3, 4), (1, 4, 4)]), chance.choice(["-", " "]))
    return written + chance.choice(["", "", f" ต่อ {chance.randint(1, 999)}"])


def _email(chance: random.Random) -> str:
    domain = chance.choice(["example.com", "example.co.th", "mail.example.org"])
    return f"{chance.choice(LATIN)}{chance.choice(['@', '@', '@', ' (at) '])}{domain}"


def _line_id(chance: random.Random) -> str:
    return chance.choice(LATIN) + chance.choice(["", _digits(chance, 2)])


def _bank(chance: random.Random) -> str:
    return _grouped(_digits(chance, 10), chance.choice([(10,), (3, 1, 5, 1)]), chance.choice(["-", " "]))


def _card(chance: random.Random) -> str:
    first = chance.choice("45") + _digits(chance, 14)
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in first[::2]) + sum(map(int, first[1::2]))
    return _grouped(
        first + str(-doubled % 10), chance.choice([(16,), (4, 4, 4, 4)]), chance.choice(["-", " "])
    )


def _passport(chance: random.Random) -> str:
    return "".join(chance.choices("ABCDE", k=2)) + _digits(chance, 7)


def _house(chance: random.Random) -> str:
    return f"{chance.randint(1, 999)}" + chance.choice(["", f"/{chance.randint(1, 999)}"])


def _plate(chance: random.Random) -> str:
    letters = "".join(chance.choices(LETTERS, k=2))
    return f"{chance.choice(['', chance.choice('123456789')])}{letters} {chance.randint(1, 9999)}"


def _name(chance: random.Random) -> str:
    title = chance.choice(["นาย", "นาง", "นางสาว", "คุณ", "น.ส.", "พ.ต.ท.", "ดร.", "ด.ช.", "ว่าที่ร้อยตรี"])
    return f"{title}{chance.choice(['', '', ' '])}{chance.choice(GIVEN)} {chance.choice(FAMILY)}"


# Kind → how it is drawn, and the sentences that it stands in.
PERSONAL: dict[str, tuple[Draw, list[str]]] = {
    "national_id": (_national_id, ["เลขบัตรประชาชน {}", "ผมถือบัตร {} ครับ", "ยืนยันตัวด้วย{}ได้", "{}"]),
    "mobile_phone": (_mobile, ["โทร {}", "ติดต่อกลับที่{}ค่ะ", "เบอร์ผม {} ครับ", "{} โทรได้ทุกวัน", "โทร.{}"]),
    "landline": (_landline, ["โทรบ้าน {}", "ติดต่อ {} เวลากลางวัน", "เบอร์ {}"]),
    "email": (_email, ["ส่งมาที่ {} ครับ", "อีเมล {}", "เมล:{}"]),
    "line_id": (_line_id, ["ไลน์ไอดี {}", "Line ID: {}", "แอดไลน์ {} ได้เลย", "line: {}", "ไอดีไลน์คือ {}"]),
    "bank_account": (_bank, ["เลขบัญชี {}", "โอนเข้าบัญชีกสิกรไทย {}", "บัญชีออมสินเลขที่ {}", "พร้อมเพย์ {}"]),
    "card": (_card, ["บัตรเครดิต {}", "ตัดบัตร {} ไปแล้ว", "เลขบัตร {} หมดอายุ 12/26"]),
    "passport": (_passport, ["หนังสือเดินทาง {}", "passport no. {}", "พาสปอร์ตเลขที่ {}"]),
    "house_number": (_house, ["บ้านเลขที่ {} น้ำท่วมทุกปี", "ผมอยู่บ้านเลขที่ {} ถนนทดสอบ", "ที่อยู่ เลขที่ {} ซอยสมมติ 5"]),
    "licence_plate": (_plate, ["รถทะเบียน {} จอดขวาง", "ทะเบียน {} ขับเร็วมาก", "เห็นรถ {} กรุงเทพมหานคร ฝ่าไฟแดง"]),
    "person_name": (_name, ["ผมชื่อ {} อยู่บางนา", "ขอร้องเรียน{} ที่บุกรุกทางเท้า", "{} เป็นคนเก็บเงิน", "ตามที่ {} แจ้ง"]),
}
PLAIN = [
    "อยากให้ทางเท้าหน้าโรงเรียนเดินได้สะดวก",
    "ควรวัดผลจากจำนวนวันที่อากาศดีในแต่ละเขต",
    "คุณภาพชีวิตของคนกรุงเทพต้องดีขึ้น",
    "ขอสวนสาธารณะใกล้บ้านที่เดินถึงใน 15 นาที",
    "ท่านผู้ว่าราชการกรุงเทพมหานครควรลงมาดูเอง",
]
ALIKE: list[Draw] = [
    lambda c: f"โทร {c.choice(['1555', '1111', '191', '199', '1646', '1669'])} แล้วไม่มีคนรับ",
    lambda c: f"งบประมาณ {c.randint(1, 999)},{_digits(c, 3)},{_digits(c, 3)}.{_digits(c, 2)} บาท",
    lambda c: (
        f"งบ {c.randint(1, 9)},{_digits(c, 3)},{_digits(c, 3)},{_digits(c, 3)} บาท ปี {c.randint(2561, 2580)}"
    ),
    lambda c: f"แผนปี {c.randint(2561, 2570)}-{c.randint(2571, 2580)} และปี {c.randint(2561, 2580)}",
    lambda c: (
        f"เป้าหมาย G67-{c.randint(1, 7)}.{c.randint(1, 9)}-{c.randint(1, 40):02} ค่าเป้าหมาย {c.randint(1, 100)}"
    ),
    lambda c: f"ตัวชี้วัด {_digits(c, 4)}-{_digits(c, 4)} ร้อยละ {c.randint(1, 99)}.{_digits(c, 2)}",
    lambda c: (
        f"รถเมล์สาย {c.randint(1, 558)} และ {c.randint(1, 4)}-{c.randint(1, 60)} รอนาน {c.randint(20, 90)} นาที"
    ),
    lambda c: f"พิกัด 13.{_digits(c, 6)}, 100.{_digits(c, 6)}",
    lambda c: f"เรื่องเลขที่ 67-{_digits(c, 4)}-{_digits(c, 4)} ยังไม่ตอบ",
    lambda c: (
        f"วันที่ {c.randint(1, 28):02}/{c.randint(1, 12):02}/25{_digits(c, 2)} เวลา 0{c.randint(6, 9)}.30-16.30 น."
    ),
    lambda c: f"ประชากร {c.randint(5, 6)},{_digits(c, 3)},{_digits(c, 3)} คน เด็ก {_digits(c, 5)} คน",
    lambda c: f"หนังสือที่ กท {_digits(c, 4)}/{c.randint(1, 999)} ลงวันที่ 5 ม.ค. 2567",
    lambda c: f"ซอยสุขุมวิท {c.randint(1, 107)} ถนนพระราม {c.randint(1, 9)} หมู่ {c.randint(1, 12)}",
    lambda c: (
        f"นาย{c.choice(['กสมาคม', 'จ้าง', 'ทะเบียน', 'ช่าง', 'อำเภอ', 'กรัฐมนตรี'])} {c.choice(['ต้องรับฟัง', 'ควรชี้แจง'])}"
    ),
    lambda c: (
        f"คุณ{c.choice(['ภาพ', 'ค่า', 'ธรรม', 'ครู', 'หมอ', 'แม่', 'สมบัติ'])} {c.choice(['ที่ดี', 'ทุกคน', 'ของเมือง'])}"
    ),
    lambda c: f"ตลาดนางเลิ้ง ถนนนางลิ้นจี่ เจ้านาย ทนายความ {c.choice(['ขอบคุณ ทุกคน', 'ขอบพระคุณ ครับ'])}",
    lambda c: f"ขายของออนไลน์ facebook ไลน์ official ของ กทม. {c.choice(['line pay', 'LINE OA'])}",
    lambda c: (
        f"น้ำหนัก {c.randint(1, 9)}กก {c.randint(100, 999)} บาท ระยะ {c.randint(1, 9)} กม {c.randint(100, 999)} เมตร"
    ),
    lambda c: f"คะแนน {' '.join(str(c.randint(10, 99)) for _ in range(8))}",
]


@dataclass(frozen=True)
class Labelled:
    """A text, and where personal data of which kind stands in it."""

    text: str
    spans: list[tuple[int, int, str]]


def labelled(count: int) -> Iterator[Labelled]:
    """Yield `count` texts; every second one holds no personal data."""
    chance = random.Random(SEED)
    kinds = list(PERSONAL)
    for number in range(count):
        sentences: list[tuple[str, str, str]] = [
            ("", chance.choice(PLAIN), ""),
            ("", chance.choice(ALIKE)(chance), ""),
        ]
        if number % 2:
            for kind in chance.sample(kinds, chance.randint(1, 2)):
                draw, frames = PERSONAL[kind]
                before, after = chance.choice(frames).split("{}")
                sentences.append((before, _disguised(kind, draw(chance), chance), f"{after}|{kind}"))
        chance.shuffle(sentences)
        yield _assembled(sentences, chance)


def _disguised(kind: str, value: str, chance: random.Random) -> str:
    if kind in {"email", "line_id", "person_name"}:
        return value
    match chance.random():
        case share if share < 0.15:
            return value.translate(THAI_DIGITS)
        case share if share < 0.2:
            return value.translate(FULL_WIDTH)
        case share if share < 0.25 and kind != "house_number":
            return "\u200b".join(value)
    return value


def _assembled(sentences: list[tuple[str, str, str]], chance: random.Random) -> Labelled:
    text, spans = "", []
    for before, value, rest in sentences:
        after, _, kind = rest.partition("|")
        text += before
        if kind:
            spans.append((len(text), len(text) + len(value), kind))
        text += value + after + chance.choice([" ", "\n", " ครับ ", "  "])
    return Labelled(text, spans)
