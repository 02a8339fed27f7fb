"""House numbers and licence plates. A street on its own is no personal data."""

import re
from collections.abc import Iterator

from comments.text.personal_data.finding import Hit
from comments.text.personal_data.groups import before, is_of_agency

_NUMBER = r"(\d{1,5}(?: ?/ ?\d{1,5}){0,2})(?![\d/])"
_STREET = r"(?:หมู่|ม\.|ซ\.|ซอย|ถ\.|ถนน|ตรอก|แขวง|ต\.|ตำบล|อาคาร|คอนโด)"
_HOUSE = re.compile(
    rf"(?:บ้านเลขที่|เลขที่บ้าน|ห้องเลขที่|บ้านเลข|บ้านที่เลขที่)[ :.]{{0,3}}{_NUMBER}|"
    rf"(?<!บ้าน)เลขที่[ :.]{{0,3}}{_NUMBER} {{0,3}}(?={_STREET})|"
    rf"(?<![\d/])(\d{{1,4}} ?/ ?\d{{1,5}}) {{0,3}}(?={_STREET})"
)
_DOCUMENT = re.compile(
    r"(?:หนังสือ|คำสั่ง|ประกาศ|สัญญา|โฉนด|คดี|มาตรา|ระเบียบ|ฉบับ|ที่ดิน|ข้อ|ครั้งที่|ร้อยละ|อัตรา)[^\d\n]{0,12}$"
)
_DOCUMENT_REACH = 30

_PROVINCES = (
    "กรุงเทพ|กทม|กระบี่|กาญจนบุรี|กาฬสินธุ์|กำแพงเพชร|ขอนแก่น|จันทบุรี|ฉะเชิงเทรา|ชลบุรี|ชัยนาท|ชัยภูมิ|ชุมพร|เชียงราย|เชียงใหม่|ตรัง|"
    "ตราด|ตาก|นครนายก|นครปฐม|นครพนม|นครราชสีมา|นครศรีธรรมราช|นครสวรรค์|นนทบุรี|นราธิวาส|น่าน|บึงกาฬ|บุรีรัมย์|ปทุมธานี|"
    "ประจวบคีรีขันธ์|ปราจีนบุรี|ปัตตานี|พระนครศรีอยุธยา|อยุธยา|พะเยา|พังงา|พัทลุง|พิจิตร|พิษณุโลก|เพชรบุรี|เพชรบูรณ์|แพร่|ภูเก็ต|"
    "มหาสารคาม|มุกดาหาร|แม่ฮ่องสอน|ยโสธร|ยะลา|ร้อยเอ็ด|ระนอง|ระยอง|ราชบุรี|ลพบุรี|ลำปาง|ลำพูน|เลย|ศรีสะเกษ|สกลนคร|สงขลา|"
    "สตูล|สมุทรปราการ|สมุทรสงคราม|สมุทรสาคร|สระแก้ว|สระบุรี|สิงห์บุรี|สุโขทัย|สุพรรณบุรี|สุราษฎร์ธานี|สุรินทร์|หนองคาย|หนองบัวลำภู|"
    "อ่างทอง|อำนาจเจริญ|อุดรธานี|อุตรดิตถ์|อุทัยธานี|อุบลราชธานี"
)
# Units, eras, months and other abbreviations that look like the letters of a plate.
_NO_LETTERS = (
    r"(?!พศ|คศ|รศ|จศ|มค|กพ|มีค|เมย|พค|มิย|กค|สค|กย|ตค|พย|ธค|กม|ชม|ซม|มม|มก|ตร|ลบ|วน|นน|ปอ|ขส|มท|สน|สภ|รร|รพ|มอก|"
    r"อบต|อบจ|สส|สก|สว|ปชช|รฟ|จว|ทล|คน|วัน|รถ|จน|ลด|ขอ|อก|ชน|บน|ปน|ผล|พบ|ยก|รอ|รบ|ลง|กก|สาย|คร)"
)
_UNIT = r"(?! ?(?:บาท|คน|เมตร|กม|%|,\d|\.\d|ล้าน|ราย|ชิ้น|กรัม|ลิตร|ครั้ง|หน่วย))"
_LETTERS = rf"(?:[1-9]{_NO_LETTERS}[ก-ฮ]{{2}}|{_NO_LETTERS}[ก-ฮ]{{2,3}})"
_PLATE = re.compile(
    # After the word; a truck's plate has digits only.
    r"(?<!ลง)ทะเบียน(?:รถ)?(?:หมายเลข|เลขที่|เลข)?[ :]{0,3}([1-9]? ?[ก-ฮ]{2,3}[ -]?\d{1,4}|\d\d-\d{4})(?!\d)|"
    # Before the name of a province.
    rf"(?<![ก-๎\d])({_LETTERS}[ -]?\d{{1,4}})(?!\d)(?= {{0,2}}(?:{_PROVINCES}))|"
    # By its shape alone: 1กก 1234.
    rf"(?<![ก-๎\d.,])([1-9][ก-ฮ]{{2}}[ -]?\d{{3,4}})(?!\d){_UNIT}|"
    # After a vehicle: แท็กซี่ ทข 1234.
    rf"(?:รถ|แท็กซี่|มอเตอร์ไซค์|เก๋ง|กระบะ|ป้าย)[ก-๎]{{0,12}} {{1,2}}({_LETTERS}[ -]?\d{{2,4}})(?!\d){_UNIT}"
)


def house_numbers(text: str) -> Iterator[Hit]:
    """Yield numbers of houses and rooms: warn, or review where an office is named before it.

    >>> [tuple(hit[:2]) for hit in house_numbers("บ้านเลขที่ 99/123 น้ำท่วม 12/3 ซอยทดสอบ")]
    [(11, 17), (26, 30)]
    >>> list(house_numbers("หนังสือเลขที่ 12/2567 ถนนพระราม 4 ซอยสุขุมวิท 71"))
    []
    """
    for match in _HOUSE.finditer(text):
        group = match.lastindex or 0
        if group > 1 and _DOCUMENT.search(before(text, match.start(), _DOCUMENT_REACH)):
            continue
        office = group > 1 and is_of_agency(text, match.start())
        yield Hit(*match.span(group), "house_number", "review" if office else "warn")


def licence_plates(text: str) -> Iterator[Hit]:
    """Yield licence plates where the words around or the shape make sure of it: warn.

    >>> [tuple(hit[:2]) for hit in licence_plates("รถทะเบียน 1กก 1234 จอดขวาง ฮฮ 9999 กรุงเทพมหานคร")]
    [(10, 18), (27, 34)]
    >>> list(licence_plates("พ.ศ. 2567 ระยะ 5 กม 200 เมตร รถเมล์ ปอ 511 กรุงเทพ"))
    []
    """
    for match in _PLATE.finditer(text):
        yield Hit(*match.span(match.lastindex or 0), "licence_plate", "warn")
