import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text.tone import nudges

STREET_LEVEL = [
    "ไฟทางดับในซอยลาดพร้าว 71 มาสามวันแล้วครับ",
    "ถนนเป็นหลุมหน้าบ้าน ช่วยมาซ่อมหน่อย",
    "ท่อประปาแตกปากซอยอ่อนนุช 46 น้ำไหลทั้งวัน",
    "ขยะไม่มีคนเก็บหน้าหมู่บ้านทดสอบมาเป็นอาทิตย์",
    "ฝาท่อหายตรงข้ามวัดทดสอบ อันตรายมาก",
    "รถจอดขวางหน้าบ้านทุกวันเลยค่ะ",
    "สายไฟห้อยลงมาใกล้โรงเรียนทดสอบ",
    "กิ่งไม้หักพาดสายไฟ ซ.ทดสอบ 5",
]
PLAN_LEVEL = [
    "ควรกำหนดเป้าหมายซ่อมไฟทางดับในซอยทุกเขตให้เสร็จใน 24 ชั่วโมง",
    "อยากให้ทางเท้าหน้าโรงเรียนเดินได้สะดวกและปลอดภัย",
    "เพิ่มงบประมาณลอกท่ออุดตันก่อนหน้าฝน โดยเฉพาะในซอยลึก",
    "ขยะตกค้างในชุมชนเป็นเรื่องที่แผนปี 2567 ต้องตอบ เช่น ซอยทดสอบ 5",
    "รถไฟฟ้าควรลงใต้สะพานและเชื่อมท่าเรือ",
    "น้ำท่วมถนนทุกปี ขอให้มีอุโมงค์ระบายน้ำ",
]


@pytest.mark.parametrize("text", STREET_LEVEL)
def test_one_defect_at_one_place_is_street_level(text):
    assert [nudge.code for nudge in nudges(text)] == ["street_level"]


@pytest.mark.parametrize("text", PLAN_LEVEL)
def test_a_word_on_the_city_is_not(text):
    assert nudges(text) == []


def test_a_long_text_is_not_a_single_complaint():
    assert nudges(STREET_LEVEL[0] + " เพราะเหตุนี้คนในย่านจึงเดินกลับบ้านลำบาก" * 10) == []


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("ดู https://example.com/a?b=1 นะ", "link", ["https://example.com/a?b=1"]),
        ("ดูที่ www.example.co.th", "link", ["www.example.co.th"]),
        ("สมัคร example.bet/vip", "link", ["example.bet/vip"]),
        ("PLEASE LISTEN PEOPLE", "shouting", ["PLEASE", "LISTEN", "PEOPLE"]),
        ("ดีมากกกกก", "repetition", ["กกกกก"]),
        ("ทำไม!!!!!", "repetition", ["!!!!!"]),
        ("แม่งห่วย", "profanity", ["แม่ง"]),
        ("แ\u200bม่ง", "profanity", ["แ\u200bม่ง"]),
        ("What the FUCK", "profanity", ["FUCK"]),
    ],
)
def test_a_nudge_shows_the_words_that_gave_cause(text, code, words):
    (nudge,) = nudges(text)
    assert (nudge.code, [text[start:end] for start, end in nudge.spans]) == (code, words)


@pytest.mark.parametrize(
    "text",
    [
        "รถไฟฟ้า BTS MRT ARL และ CCTV ของ BMA",
        "Smart City ควรเปิด API ให้ทุกคน",
        "555555 ตลกดี ....... ---- ปี 2222",
        "ผู้เชี่ยวชาญ สัสดีเขต แดกดัน ถมึงทึง",
        "เสือกไส สัดส่วน กู้ภัย กูเกิล หีบเสียง",
        "Scunthorpe, Essex and Shiitake",
        "งบ 3.5 ล้าน พ.ศ.2567 ม.1 ก.ท.ม.",
        "เด็กๆ บ่อยๆ มากๆๆๆๆ",
    ],
)
def test_ordinary_words_give_no_cause(text):
    assert nudges(text) == []


@given(st.text(max_size=120))
def test_spans_lie_in_the_text_and_codes_come_once(text):
    found = nudges(text)
    assert len({nudge.code for nudge in found}) == len(found)
    assert all(0 <= start < end <= len(text) for nudge in found for start, end in nudge.spans)


@pytest.mark.parametrize(
    "text", ["ก" * 1_000_000, "www." * 2_000, "a." * 4_000, "ABCD " * 1_600, "มึง" * 2_600]
)
def test_the_time_is_bounded(text):
    began = time.process_time()
    nudges(text)
    assert time.process_time() - began < 2
