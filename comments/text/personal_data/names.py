"""Names of persons after a title, and names that their owners give.

Thai titles also begin ordinary words (คุณภาพ, นายก, นางเลิ้ง) and Thai has no spaces between words, so the
lists below say where a name can't begin and where it can't go on. A moderator decides: officials in their
office are named rightly.
"""

import re
from collections.abc import Iterator

from comments.text.personal_data.finding import Hit, Severity

_RANK = r"(?:พล\.?|[พรสจ]\.|ว่าที่ ?ร\.)(?:[ตจส]\.)?[อทตส]\.(?: ?หญิง)?"
_DOCTOR = r"ดร\.|ผศ\.(?: ?ดร\.)?|รศ\.(?: ?ดร\.)?|(?<!\.)ศ\.(?: ?ดร\.)?|นพ\.(?![ก-ฮ]\.)|พญ\.|ทพ\.|ทพญ\.|นายแพทย์|แพทย์หญิง|ว่าที่ร้อยตรี"
_CHILD = r"ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง"
_PLAIN = r"นางสาว|น\.ส\.|นาย|นาง|คุณ"
# After these letters a title is the tail of another word: ทนาย, เจ้านาย, ขอบคุณ, พระนาง, ตลาดนางเลิ้ง.
_TAIL = (
    r"(?<!ทนาย)(?<!เจ้านาย)(?<!มูลนาย)(?<!ขอบคุณ)(?<!พระคุณ)(?<!บุญคุณ)(?<!พระนาง)(?<!แม่นาง)(?<!บางนาง)(?<!สรรพคุณ)"
    r"(?<!คลองนาง)(?<!ถนนนาง)(?<!ซอยนาง)(?<!ตลาดนาง)(?<!วัดนาง)(?<!สะพานนาง)(?<!แยกนาง)(?<!เขตนาง)(?<!ขุนนาง)(?<!การุณ)"
    r"(?<!ทวีคุณ)(?<!ให้คุณ)(?<!เป็นคุณ)(?<!เนรคุณ)(?<!ทดแทนคุณ)(?<!พ.ศ.)(?<!ค.ศ.)"
)
_RUN = r"[ก-ฮเ-ไ][ก-ฺเ-ๅ็-๎]{1,60}"
_TITLED = re.compile(
    rf"(?P<child>{_CHILD})|(?P<rank>(?<![ก-ฮ]\.)(?:{_RANK}|{_DOCTOR})(?: ?(?:{_DOCTOR}|{_PLAIN}))?)|(?P<plain>{_PLAIN})"
)
_AFTER = re.compile(rf"(?P<gap> {{0,2}})(?P<given>{_RUN})(?: {{1,3}}(?P<family>(?:ณ {{0,2}})?{_RUN}))?")
_TAIL_CHECK = re.compile(rf"{_TAIL}$")
_LATIN = re.compile(
    r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr)(?:\. ?| )[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20})?(?![A-Za-z])"
)
_INTRODUCED = re.compile(
    rf"(?:ผม|ฉัน|ข้าพเจ้า|หนู|เรา|ดิฉัน)ชื่อ(?:ว่า)? ?(?P<given>{_RUN})(?: {{1,3}}(?:นามสกุล ?)?(?P<family>{_RUN}))?"
)

_NO_GIVEN = {
    "นาย": (
        r"ก(?:รัฐ|เทศ|สมาคม|องค์|สภา|เมือง|อบ|พัทยา|ท่าน|คน|ใหม่|เก่า|เล็ก|ตู่|ที่|ได้|มา|ฯ|$)|จ้าง|ทุน|แบบ|พล$|พราน|หน้า|ท่า|อำเภอ|"
        r"ทะเบียน|ตรวจ|ช่าง|ทหาร|ตำรวจ|เรือ|ประตู|สถานี|ด่าน|หมู่|อากร|ร้อย|สิบ|เวร|หัว|ประกัน|ธนาคาร|ใหญ่|เอง|คน|สั่ง|ว่า|ท้าย|ระดับ|"
        r"บ้าน|อื่น|นั้น|นี้|ดาบ|สัญญาบัตร|ฮ้อย|โรง|หนัง|เจ้า"
    ),
    "นาง": (
        r"แบบ|เอก|ร้อง|ฟ้า|งาม|พยาบาล|สงกรานต์|เลิ้ง|ลิ้นจี่|รำ|สนม|กำนัล|เงือก|ไม้|นวล|นพมาศ|กวัก|ใน|บำเรอ|อิจฉา|ละคร|ตะเคียน|พญา|"
        r"โลม|ยักษ์|มาร|ระบำ|เจ้า|คน|นั้น|นี้|ว่า|สิบสอง|นอน|ห้าม|โรง|ตัว|ร้าย|วันทอง|สีดา|ห้อง|พระยา|เสือง|หงส์|นาก|เอย|ปลื้ม"
    ),
    "คุณ": (
        r"ภาพ|ค่า|สมบัติ|ธรรม|วุฒิ|ลักษณ|ประโยชน์|ูป|โทษ|ครู|หมอ|พ่อ|แม่|ตา|ยาย|ปู่|ย่า|ลุง|ป้า|น้า|อา|พี่|น้อง|ลูก|ผู้|ท่าน|เอง|ก็|จะ|ต้อง|ควร|เห็น|คิด|ว่า|"
        r"มี|ไม่|ได้|อยาก|เคย|รู้|ทำ|ให้|ไป|มา(?![นลร])|อยู่|เป็น|กำลัง|ชอบ|สามารถ|ขา|นาย|หนู|ชาย|หญิง|แล้ว|หรือ|กับ|และ|ที่|พยาบาล|ตำรวจ|กรณ์|ากร|"
        r"คือ|ใช้|เลือก|กิน|ซื้อ|สนใจ|ต่อ|เพื่อน|แฟน|ผัว|เมีย|เขา|มั่นใจ|พร้อม|ลง|เข้า|ออก|ดี|รับ|ถาม|บอก|เจอ|ใจ|รัก|เพียง|แค่|นั่น|ขอ|คะ|ครับ|ค่ะ|"
        r"แอดมิน|สาว|หนุ่ม|ยัง|ทั้ง|ใน|ของ|อีก|จาก|ดู|ยิ่ง|อัน|วาน|เท่า|สวย|มัก|น่า|จ๋า|จ้า|นะ|สบาย|ด้วย|ตัว|ทุก|จึง|โดย|ชีวิต|ประเภท|ซึ่ง|เพราะ|ถึง"
    ),
    "": r"และ|หรือ|ที่|ใน|ไทย|วัย|อายุ|ควร|ต้อง|ใช้|มี|ไม่|ได้|ให้|กับ|จะ|เล่น|ทุก|ของ|คน|จาก|ตั้งแต่|กลุ่ม|กว่า|เป็น|เพศ|แห่ง|โรง|ผู้|หลาย|ถูก|ก็|ไป|มา(?![กลนร])|ว่า|นี้|นั้น|ขอ(?!ง)|อยาก|เจอ|อยู่",
}
_NO_GIVEN_AT = {title: re.compile(rf"(?:{words})") for title, words in _NO_GIVEN.items()}
# A family name doesn't begin with these: the sentence goes on, or the person's office follows.
_NO_FAMILY = re.compile(
    r"อยาก|ขอ(?!ง)|ได้|ไม่|ที่|และ|เป็น|ซึ่ง|บอก|กล่าว|ว่า|มา(?![กลน])|ไป|จะ|คือ|กับ|ให้|ก็|ต้อง|ควร|เคย|อยู่|มี(?=[ก-๎]{7})|ผม|ฉัน|เรา|"
    r"ตำแหน่ง|อายุ|บ้าน|โทร|เบอร์|ประธาน|ผู้|รอง|ปลัด|อธิบดี|รัฐมนตรี|ผอ|นาย|นาง|เขต|สำนัก|กรุงเทพมหานคร|ครับ|ค่ะ|คะ|นะ|จาก|ใน|"
    r"เพราะ|แต่|หรือ|ช่วย|เห็น|คิด|ทำ|พูด|ชี้|เผย|เปิด|ร่วม|ลง|ใช้|โดย|เพื่อ|พร้อม|จึง|ยัง|เลขานุการ|โฆษก|คณะ|ส\.|กรรมการ|หัวหน้า|แจ้ง|ร้อง"
)
# A name that is written into the sentence ends before these.
_STOP = re.compile(
    r"ที่|ซึ่ง|ได้|และ|เป็น|กล่าว|บอก|ไม่|ต้อง|แจ้ง|ร้องเรียน|อยู่|อาศัย|เห็น|ควร|อยาก|ครับ|ค่ะ|จาก|เพื่อ|ประธาน|ผู้|ให้|มาก|เคย|ขอให้|ว่า|"
    r"ตำแหน่ง|รองนายก|อธิบดี|รัฐมนตรี|จะ|ไป|คือ|กับ|หรือ|แต่|ด้วย|ช่วย|บุกรุก|โทร|เบอร์|เรื่อง|ตลอด|ทุก"
)
_SHORTEST, _LONGEST_GIVEN, _LONGEST_FAMILY = 2, 18, 25


def titled(text: str) -> Iterator[Hit]:
    """Yield names with their title: review; names of children: mask.

    >>> [tuple(hit[:2]) for hit in titled("แจ้งนายทดสอบ ระบบดี เรื่องคุณภาพน้ำของนายกรัฐมนตรี")]
    [(4, 19)]
    >>> [hit.severity for hit in titled("ด.ช.ทดสอบ ใจดี")]
    ['mask']
    """
    free_from = 0
    for match in _TITLED.finditer(text):
        if match.start() < free_from:
            continue
        end = _end_of_name(text, match)
        if end is not None:
            severity: Severity = "mask" if match["child"] else "review"
            yield Hit(match.start(), end, "person_name", severity)
            free_from = end
    for match in _LATIN.finditer(text):
        yield Hit(*match.span(), "person_name", "review")


def introduced(text: str) -> Iterator[Hit]:
    """Yield names that authors give as their own: review.

    >>> [tuple(hit[:2]) for hit in introduced("ผมชื่อทดสอบ ระบบดี อยู่ลาดพร้าว")]
    [(6, 18)]
    """
    for match in _INTRODUCED.finditer(text):
        end = _end(match, with_family=True)
        if end is not None and not _NO_GIVEN_AT[""].match(match["given"]):
            yield Hit(match.start("given"), end, "person_name", "review")


def _end_of_name(text: str, title: re.Match[str]) -> int | None:
    """Return where the name after a title ends, None when no name follows."""
    name = _AFTER.match(text, title.end())
    if name is None or not _TAIL_CHECK.search(text[max(0, title.start() - 8) : title.end()]):
        return None
    if any(_NO_GIVEN_AT[key].match(name["given"]) for key in {title[0], ""} & _NO_GIVEN_AT.keys()):
        return None
    # "คุณ" and "นาง" stand apart from a word that is no name more often than from a name.
    if title[0] in {"คุณ", "นาย", "นาง"} and name["gap"] and not name["family"]:
        return None
    return _end(name, with_family=title[0] in {"คุณ", "นาง"})


def _end(name: re.Match[str], *, with_family: bool) -> int | None:
    """Return where a name ends; `with_family`: a given name alone is none."""
    given = _until_stop(name["given"])
    if not _SHORTEST <= len(given) <= _LONGEST_GIVEN:
        return None
    family = name["family"] or ""
    alone = len(given) < len(name["given"]) or not family or _NO_FAMILY.match(family) is not None
    if not alone:
        family = _until_stop(family)
        if _SHORTEST <= len(family) <= _LONGEST_FAMILY:
            return name.start("family") + len(family)
    return None if with_family else name.start("given") + len(given)


def _until_stop(run: str) -> str:
    stop = _STOP.search(run, _SHORTEST)
    return run[: stop.start()] if stop else run
