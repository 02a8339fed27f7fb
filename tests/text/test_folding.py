import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text.folding import fold

CHARS = st.sampled_from("กน้ำ ๐๙19-–\u2212\u200b\u200d\u00a0１①²\u0336\ufe0f\u20e3a\u0e49👨")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("๐๘๑", "081"),
        ("０８１", "081"),
        ("①②③", "123"),
        ("0️⃣8️⃣1️⃣", "081"),
        ("0\u200b8\u200d1\ufeff", "081"),
        ("0\u03368\u03361", "081"),
        ("0\u0e498\u0e481", "081"),
        ("02–123—4567\u2212", "02-123-4567-"),
        ("02\u00a0123", "02 123"),
        ("ศูนย์แปดหนึ่งสองสามสี่ห้าหกเจ็ดแปด", "0812345678"),
        ("ศูนย์ แปด-หนึ่ง สองสาม สี่ห้าหก เจ็ดแปด", "0812345678"),
    ],
)
def test_disguises_fall_away(text, plain):
    assert fold(text).text == plain


@pytest.mark.parametrize("text", ["สองสามวันที่แล้ว", "น้ำท่วม เห็นได้ว่าที่นี่", "พื้นที่ 5 ตร.ม.² ก็พอ", "กก 1234\nข"])
def test_ordinary_words_stay(text):
    assert fold(text).text == text


@given(st.text(CHARS, max_size=60))
def test_every_character_leads_back_to_a_stretch_of_the_original(text):
    folded = fold(text)
    end = 0
    for place in range(len(folded.text)):
        start, stop = folded.original(place, place + 1)
        assert end <= start < stop <= len(text)
        assert fold(text[start:stop]).text in {folded.text[place], ""}
        end = stop
