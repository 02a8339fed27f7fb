from comments.text.language import detect


def test_thai_with_latin_names_is_thai():
    assert detect("อยากให้ BTS และ MRT ใช้ตั๋วใบเดียวกัน") == "th"


def test_other_scripts_are_undetermined():
    assert detect("ສະບາຍດີ") == "und"
