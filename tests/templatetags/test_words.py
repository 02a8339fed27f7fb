from comments.templatetags.words import opening


def test_thai_is_cut_between_characters_as_a_person_sees_them():
    assert opening("ไม่ได้ยิน", 4) == "ไม่ไ…"


def test_short_text_stays_as_it_is():
    assert opening("น้ำ", 400) == "น้ำ"
