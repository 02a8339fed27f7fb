"""Every number, name and address here is made up."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text import graphemes
from comments.text.personal_data import GRAVEST_FIRST, find

# The text, what is found in it, how grave it is; "[…]" stands around what is found.
PERSONAL = [
    ("บัตรประชาชนผมเลข [1-0010-00000-00-0] ครับ", "national_id", "block"),
    ("เลข [๓๑๐๐๒๐๐๐๐๐๐๐๘]", "national_id", "block"),
    ("[1 0 0 1 0 0 0 0 0 0 0 0 0]", "national_id", "block"),
    ("[1.0010.00000.00.0]", "national_id", "block"),
    ("[1_0010/00000 00—0]", "national_id", "block"),
    ("[1001000\u200b000\u200d000]", "national_id", "block"),
    ("[１００１００００００００0]", "national_id", "block"),
    ("บัตร [1-0010-00000-00-1] พิมพ์ผิด", "national_id", "warn"),
    ("ติดต่อ [081-000-0000] ได้เลย", "mobile_phone", "mask"),
    ("โทร.[0910000000]", "mobile_phone", "mask"),
    ("[+66 81 000 0000]", "mobile_phone", "mask"),
    ("[(+66) 81-000-0000]", "mobile_phone", "mask"),
    ("[+66 (0) 81 000 0000]", "mobile_phone", "mask"),
    ("[0066810000000]", "mobile_phone", "mask"),
    ("โทร ๐[๖๒-๐๐๐-๐๐๐๐]".replace("๐[", "[๐"), "mobile_phone", "mask"),
    ("[0 8 1 0 0 0 0 0 0 0]", "mobile_phone", "mask"),
    ("[0.8.1.0.0.0.0.0.0.0]", "mobile_phone", "mask"),
    ("[0️⃣8️⃣1️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣]", "mobile_phone", "mask"),
    ("เบอร์ [08 10 00 00 00]", "mobile_phone", "mask"),
    ("เบอร์[ศูนย์แปดหนึ่งศูนย์ศูนย์ศูนย์ศูนย์ศูนย์ศูนย์ศูนย์]", "mobile_phone", "mask"),
    ("โทร [02-000-0000 ต่อ 12]", "landline", "warn"),
    ("[0 2000 0000]", "landline", "warn"),
    ("โทร [02-000-0000-9]", "landline", "warn"),
    ("เลขผู้เสียภาษี [0 9940 00000 00 0]", "national_id", "warn"),
    ("บ้าน [053-000-000]", "landline", "warn"),
    ("[+66 2 000 0000 ext. 5]", "landline", "warn"),
    ("สำนักงานเขตทดสอบ โทร [0 2000 0000]", "landline", "review"),
    ("ส่งมาที่ [somchai.test@example.co.th]นะครับ", "email", "mask"),
    ("[somchai@example.com]", "email", "mask"),
    ("[somchai＠example.com]", "email", "mask"),
    ("[somchai (at) example (dot) com]", "email", "mask"),
    ("[ทดสอบ]".replace("ทดสอบ", "info@อีเมลทดสอบ.ไทย"), "email", "mask"),
    ("[saraban@district.bangkok.go.th]", "email", "review"),
    ("ไลน์ [somchai_99]", "line_id", "mask"),
    ("Line ID: [@abc.test]", "line_id", "mask"),
    ("ไอดีไลน์คือ [testtest]", "line_id", "mask"),
    ("แอดไลน์ [somchai2567] มานะ", "line_id", "mask"),
    ("line:[test.user]", "line_id", "mask"),
    ("โอนมา [000-0-00000-0]", "bank_account", "block"),
    ("เลขบัญชีกสิกร [0000000000]", "bank_account", "block"),
    ("ออมสิน [000000000000]", "bank_account", "block"),
    ("พร้อมเพย์ [081-000-0000]", "bank_account", "block"),
    ("บัญชี ๐[๐๐-๐-๐๐๐๐๐-๐]".replace("๐[", "[๐"), "bank_account", "block"),
    ("บัตร [4111 1111 1111 1111] หมดอายุ 12/26", "card", "block"),
    ("[5555555555554444]", "card", "block"),
    ("[3782-822463-10005]", "card", "block"),
    ("passport [AA0000000]", "passport", "mask"),
    ("หนังสือเดินทางเลขที่ [A000000]", "passport", "mask"),
    ("บ้านเลขที่ [99/123] น้ำท่วมทุกปี", "house_number", "warn"),
    ("อยู่ [12/3] ซอยทดสอบ", "house_number", "warn"),
    ("บ้านเลขที่ [๙๙/๑]", "house_number", "warn"),
    ("เลขที่ [99] หมู่ 4", "house_number", "warn"),
    ("สำนักงานใหญ่ เลขที่ [99] ถนนทดสอบ", "house_number", "review"),
    ("รถทะเบียน [1กก 1234] จอดขวาง", "licence_plate", "warn"),
    ("[ฮฮ 9999] กรุงเทพมหานคร", "licence_plate", "warn"),
    ("เห็น [1ฮฮ 9999] ฝ่าไฟแดง", "licence_plate", "warn"),
    ("แท็กซี่ [ทฮ 9999] ไม่รับผู้โดยสาร", "licence_plate", "warn"),
    ("ทะเบียน [๑ฮฮ ๙๙๙๙]", "licence_plate", "warn"),
    ("[นายทดสอบ ระบบดี]", "person_name", "review"),
    ("ร้องเรียน[นายทดสอบ ระบบดี] บุกรุก", "person_name", "review"),
    ("[นางสาวทดสอบ ระบบดี] กล่าวว่า", "person_name", "review"),
    ("[นางทดสอบ ระบบดี]", "person_name", "review"),
    ("[คุณทดสอบ ระบบดี] บอกมา", "person_name", "review"),
    ("[น.ส. ทดสอบ ระบบดี]", "person_name", "review"),
    ("[พ.ต.ท. ทดสอบ ระบบดี]", "person_name", "review"),
    ("[ว่าที่ร้อยตรีทดสอบ ระบบดี]", "person_name", "review"),
    ("[นาง ทดสอบ มีสุข]", "person_name", "review"),
    ("[นายทดสอบ ณ อยุธยา]", "person_name", "review"),
    ("[นายกิตติ ระบบดี]", "person_name", "review"),
    ("ครู[ด.ช.ทดสอบ ใจดี]", "person_name", "mask"),
    ("[เด็กหญิงทดสอบ ใจดี]", "person_name", "mask"),
    ("ผมชื่อ[ทดสอบ ระบบดี] ครับ", "person_name", "review"),
    ("[Mr. Test Person] said", "person_name", "review"),
]

NOT_PERSONAL = [
    "แผนพัฒนากรุงเทพมหานคร ระยะ 20 ปี (พ.ศ. 2561-2580)",
    "ปี 2561 2562 2563 2564 2565 2566",
    "พ.ศ. ๒๕๖๑ – ๒๕๘๐ และ 2566/67",
    "งบประมาณ 1,234,567,890 บาท และ 12,000,000 บาท",
    "งบ 1 234 567 890 123 บาท",
    "รวม 1,234,567,890,123.50 บาท",
    "ตัวชี้วัด 5001-0735 ค่าเป้าหมาย 70",
    "เป้าหมาย G67-1.1-01 และ G67-7.29-10",
    "เลขอ้างอิง 67-1234-5678 และ 67-K3T9-0QXZ",
    "เมื่อวันที่ 23 ก.พ. 2565 เวลา 09.00 น.",
    "วันที่ 08/12/2565 ถึง 2022-02-23 และ 01-09-2567",
    "เปิด 08.00-16.30 น. 09.00-12.00 13.00-16.00",
    "รหัสไปรษณีย์ 10200",
    "โทร 1555 สายด่วน กทม. 1111 191 199 1646 1669 1197",
    "ละติจูด 13.75633 ลองจิจูด 100.50177",
    "13.7563309812, 100.5017651098",
    "ซอยสุขุมวิท 71 ถนนพระราม 4 หมู่ 5",
    "นายกรัฐมนตรี และผู้ว่าราชการกรุงเทพมหานคร",
    "ท่านผู้ว่าราชการ กรุงเทพมหานคร และนายกสมาคม ผู้ประกอบการ",
    "ปี พ.ศ. 2567 ลดลงร้อยละ 20",
    "ฝนตก 100 มม./ชม. ระบายภายใน 90 นาที",
    "PM2.5 เกิน 37.5 มคก./ลบ.ม.",
    "รถเมล์สาย 1-36 และ 2-38 สาย 8 ปอ 511 กรุงเทพ",
    "ลด 20% ทุกวัน",
    "ห้อง 30 คน",
    "คลองลาดพร้าว 45 กม.",
    "line shop ลดราคา",
    "ขายออนไลน์ facebook และไลน์ official",
    "นายจ้าง และลูกจ้าง ต้องร่วมมือ",
    "นายทะเบียน ท้องถิ่น นายช่าง โยธา นายอำเภอ เมือง",
    "ขอทางเท้ากว้าง 1.5 เมตร ยาว 2,500 เมตร",
    "คุณภาพ ชีวิต คุณค่า ทางจิตใจ คุณสมบัติ ของครู คุณธรรม จริยธรรม",
    "ขอบคุณ ทีมงาน ขอบพระคุณ ท่านผู้ว่า",
    "คุณครู ประจำชั้น คุณหมอ อนามัย คุณแม่ เลี้ยงเดี่ยว",
    "ตลาดนางเลิ้ง และถนนนางลิ้นจี่ สวยงาม",
    "นางแบบ นางพยาบาล นางเอก ละคร",
    "ทนายความ อาสา เจ้านาย ใจดี",
    "เด็กชายและเด็กหญิง ทุกคน เด็กหญิงไทย วัยเรียน",
    "หนังสือเลขที่ 12/2567 ถนนพระราม 4",
    "ระยะ 1/2 ของซอย",
    "ตัวเลข 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
    "คะแนน 0 20 30 40 50 60",
    "ขยะ 5 กก 1200 บาท พ.ศ.2567 มค 2567",
    "555555555555555 ตลกมาก 5555555555555",
    "https://example.org/news/1001000000000",
    "ฝ่ายบัญชี ยื่นงบ 1234567890 บาท",
    "ม. 44 ข้อ 3/1 มาตรา 12",
    "@bangkok #น้ำท่วม",
    "ลงทะเบียน กข 1234 คน",
    "ขยะ 1 กก 200 กทม รับซื้อ",
]


def marked(text):
    """Return the text without brackets, and the stretch that stood between them."""
    start, end = text.index("["), text.rindex("]")
    return text[:start] + text[start + 1 : end] + text[end + 1 :], text[start + 1 : end]


@pytest.mark.parametrize(("bracketed", "kind", "severity"), PERSONAL)
def test_personal_data_is_found_where_it_stands(bracketed, kind, severity):
    text, personal = marked(bracketed)
    found = [(one.kind, one.severity, text[one.start : one.end]) for one in find(text)]
    assert found == [(kind, severity, personal)]


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_what_is_no_personal_data_is_left_alone(text):
    assert find(text) == []


def test_two_numbers_side_by_side_are_two_findings():
    text = "โทร 081 000 0000 089 000 0000, 02-000-0000/02-000-0001"
    assert [text[one.start : one.end] for one in find(text)] == [
        "081 000 0000",
        "089 000 0000",
        "02-000-0000",
        "02-000-0001",
    ]


def test_the_graver_kind_wins_one_place():
    assert [one.kind for one in find("พร้อมเพย์ 1-0010-00000-00-0")] in (["national_id"], ["bank_account"])
    assert [one.severity for one in find("พร้อมเพย์ 081-000-0000")] == ["block"]


def id_of(digits):
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits))
    return digits + str((11 - total % 11) % 10)


IDS = st.from_regex(r"[1-8][0-9]{11}", fullmatch=True).map(id_of)
PHONES = st.from_regex(r"0[689][0-9]{8}", fullmatch=True)
SEPARATORS = st.sampled_from(["", "-", " ", ".", "\u200b", "–", "\u00a0", "\u2060"])
NUMERALS = st.sampled_from(["0123456789", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９"])
AROUND = st.sampled_from(["", "เลข ", "ผม", "(", "\n"])


def disguised(number, separator, numerals):
    return separator.join(number.translate(str.maketrans("0123456789", numerals)))


@given(IDS, SEPARATORS, NUMERALS, AROUND)
def test_every_national_id_is_found_in_every_disguise(number, separator, numerals, before):
    text = f"{before}{disguised(number, separator, numerals)} ครับ"
    if not number.startswith("123456789"):
        assert "block" in {one.severity for one in find(text)}


@given(PHONES, SEPARATORS, NUMERALS, AROUND)
def test_every_mobile_number_is_found_in_every_disguise(number, separator, numerals, before):
    written = disguised(number, separator, numerals)
    text = f"{before}{written} ครับ"
    (one,) = find(text)
    assert (one.kind, text[one.start : one.end]) == ("mobile_phone", written)


PIECES = st.lists(
    st.sampled_from(
        ["081", "0", "1", "22", "333", "-", " ", ".", "/", "๐", "\u200b", "\u0e49", "👨\u200d👩", "\n"]
    )
    | st.sampled_from(["นาย", "นาง", "คุณ", "ทดสอบ", "ระบบดี", "@", "a.b", ".com", "ไลน์ ", "บ้านเลขที่ "])
    | st.sampled_from(["ทะเบียน", "กข", "บัญชี", "พร้อมเพย์"]),
    max_size=40,
).map("".join)


@given(PIECES | st.text(max_size=200))
def test_findings_are_in_order_apart_and_cut_no_grapheme(text):
    found = find(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.severity in GRAVEST_FIRST
        parts = (text[: one.start], text[one.start : one.end], text[one.end :])
        assert sum(map(graphemes.count, parts)) == graphemes.count(text)


WORST = [
    "ก" * 1_000_000,
    "0" * 1_000_000,
    "a" * 1_000_000,
    "ก" + "\u0e49" * 8_000,
    "1-" * 4_000,
    "0 8 " * 2_000,
    "a@" * 4_000,
    "a." * 4_000,
    "นาย" * 2_600,
    "คุณสม " * 1_300,
    "บัญชี " * 1_300,
    "บ้านเลขที่ 1 " * 600,
    "ทะเบียน" * 1_100,
    "๐\u200b" * 4_000,
    "หนึ่ง" * 1_600,
    "(" * 8_000,
    "1,000," * 1_300,
    ".*+?[](){}|\\^$' OR 1=1; --" * 300,
]


@pytest.mark.parametrize("text", WORST, ids=lambda text: f"{text[:8]}×{len(text)}")
def test_the_time_is_bounded(text):
    began = time.process_time()
    find(text)
    # About 20 ms on an idle machine; what goes wrong here takes minutes.
    assert time.process_time() - began < 2


def test_severities_of_kinds_are_those_that_the_city_was_given():
    assert not any(one.severity == "block" for one in find("นายทดสอบ ระบบดี ผู้ว่าราชการจังหวัดทดสอบ"))
    assert re.fullmatch(r"block mask warn review", " ".join(GRAVEST_FIRST))
