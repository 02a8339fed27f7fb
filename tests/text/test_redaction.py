import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text.personal_data import find
from comments.text.redaction import MARK, apply
from comments.text.spans import clean
from tests.text.test_spans import TEXTS, within

CASES = TEXTS.flatmap(lambda text: st.tuples(st.just(text), within(text)))


@given(CASES)
def test_nothing_of_a_span_remains_and_everything_else_does(case):
    text, asked = case
    spans = clean(text, asked)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    kept = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    public = apply(text, asked)
    assert public == MARK.join(kept)
    assert public.split(MARK) == kept
    assert len(kept) == len(spans) + 1


@given(CASES, st.data())
def test_a_part_of_the_public_text_shows_no_more_than_the_whole(case, data):
    text, asked = case
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert apply(text, asked, within=(start, end)) in apply(text, asked)


@given(TEXTS)
def test_without_spans_the_text_is_as_it_was(text):
    assert apply(text, []) == text


def test_the_mark_does_not_tell_how_much_it_covers():
    assert apply("ก 1 ข", [(2, 3)]) == apply("ก 1234567890 ข", [(2, 12)]) == f"ก {MARK} ข"


def test_a_tone_mark_goes_with_its_consonant():
    assert apply("น้ำ", [(0, 1)]) == MARK


def test_a_span_outside_of_the_text_is_refused():
    with pytest.raises(ValueError, match="no such span"):
        apply("ก", [(0, 2)])


def test_what_is_found_can_be_covered():
    text = "โทร ๐๘๑\u200b-๐๐๐-๐๐๐๐ หรือ somchai.test@example.co.th"
    assert apply(text, [one.span for one in find(text)]) == f"โทร {MARK} หรือ {MARK}"
