import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text import graphemes
from comments.text.file_names import LONGEST, tidy


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("ทางเท้าหน้าตลาด.JPG", "ทางเท้าหน้าตลาด.jpg"),
        ("/etc/passwd", "passwd.jpg"),
        ("..\\..\\boot.ini", "boot.ini.jpg"),
        ("a\x00b\r\nc\t.jpeg", "ab c.jpg"),
        ("\u202egpj.exe", "gpj.exe.jpg"),
        ("a\u2066b\u2069\u200f.png", "ab.jpg"),
        ('a"b<c>|?*:.jpg', "a_b_c_____.jpg"),
        ("....", ""),
        (" . ", ""),
        ("", ""),
        ("\ud800", ""),
        (".htaccess", "htaccess.jpg"),
        ("שלום.jpg", "שלום.jpg"),
    ],
)
def test_a_name_is_safe_to_show_and_to_save(given_name, kept):
    assert tidy(given_name, "jpg") == kept


@pytest.mark.parametrize("name", ["น้ำ" * 5000, "a" * 300, "ก" + "\u0e49" * 5000, "👨‍👩‍👧" * 500])
def test_a_long_name_fits_and_is_cut_between_characters(name):
    kept = tidy(name, "pdf")
    assert len(kept) <= 255
    assert graphemes.count(kept) <= LONGEST + 4


@given(st.text(st.characters(codec=None)))
def test_no_name_does_harm(name):
    kept = tidy(name, "pdf")
    assert not set(kept) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(char).startswith("C") for char in kept)
    assert kept == "" or kept.endswith(".pdf")
    kept.encode()
