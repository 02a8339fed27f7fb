from hypothesis import given
from hypothesis import strategies as st

from comments.text.storable import flaw


@given(st.text())
def test_text_without_a_flaw_survives_utf8(text):
    if flaw(text) is None:
        assert text.encode().decode() == text


def test_lone_surrogate_is_found_anywhere():
    assert flaw("น้ำ\udcffท่วม") == "unreadable"
