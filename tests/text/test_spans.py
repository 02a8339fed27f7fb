from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text import graphemes
from comments.text.spans import Span, clean

TEXTS = st.text(st.sampled_from("กนาำ้่ํ็ 12ab\u200b\u200d👨👩🏽\u0301\r\n"), min_size=1, max_size=40)


def within(text):
    edges = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)))
    return st.lists(edges.filter(lambda edge: edge[0] < edge[1]), max_size=6)


@given(TEXTS.flatmap(lambda text: st.tuples(st.just(text), within(text))))
def test_cleaned_spans_cover_what_was_asked_and_cut_no_grapheme(case):
    text, asked = case
    spans = clean(text, asked)
    assert all(one.end < other.start for one, other in pairwise(spans))
    for start, end in asked:
        assert any(span.start <= start and end <= span.end for span in spans)
    for start, end in spans:
        parts = (text[:start], text[start:end], text[end:])
        assert sum(map(graphemes.count, parts)) == graphemes.count(text)


@pytest.mark.parametrize("span", [(-1, 2), (0, 0), (2, 1), (0, 6), (5, 6)])
def test_a_span_that_is_not_in_the_text_is_refused(span):
    with pytest.raises(ValueError, match="no such span"):
        clean("กขคงจ", [span])


def test_spans_that_meet_are_joined():
    assert clean("กขคงจ", [(2, 4), (0, 2)]) == [Span(0, 4)]
