import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from comments.text import graphemes


@given(st.text(max_size=80), st.integers(1, 40))
def test_truncated_text_fits_and_begins_as_the_text_does(text, most):
    short = graphemes.truncate(text, most)
    assert graphemes.count(short) <= most
    assert short == text or text.startswith(short.removesuffix("…"))


def test_truncating_keeps_tone_marks_on_their_consonant():
    assert graphemes.truncate("ไม่ได้ไป", 5) == "ไม่ได้…"


def test_truncating_to_nothing_is_an_error():
    with pytest.raises(ValueError, match="at least 1"):
        graphemes.truncate("ก", 0)


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200c\ufeff", "\t\r\n", "\u00a0\u2003"])
def test_blank_text_shows_nothing(text):
    assert graphemes.count_visible(text) == 0


@given(st.text(st.sampled_from("🇹🇭🇬a ก้ำ\u200d\u0301\u0600👨👩ाक्\r\n") | st.characters(), max_size=40))
def test_clusters_are_those_of_unicode(text):
    assert graphemes.CLUSTER.findall(text) == regex.findall(r"\X", text)
