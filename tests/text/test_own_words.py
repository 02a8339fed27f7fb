import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text.own_words import additions
from comments.text.similarity import squeeze
from tests.text.test_similarity import EQUAL, OTHER, REMARK, TEMPLATE, WORST


@pytest.mark.parametrize("copy", EQUAL)
def test_spacing_punctuation_and_politeness_are_no_addition(copy):
    assert additions(TEMPLATE, copy) == []


@pytest.mark.parametrize("separator", [" ", "\n", ". ", ""])
def test_an_added_sentence_is_found_before_and_after(separator):
    for text in (REMARK + separator + TEMPLATE, TEMPLATE + separator + REMARK):
        (span,) = additions(TEMPLATE, text)
        assert text[span.start : span.end].strip(". ") == REMARK


def test_a_sentence_within_is_found_with_its_emoji():
    first, rest = TEMPLATE.split(" ", 1)
    text = f"{first} {REMARK} 😷 {rest}"
    (span,) = additions(TEMPLATE, text)
    assert text[span.start : span.end] == f"{REMARK} 😷"


def test_two_additions_are_two_spans():
    text = f"สวัสดีทุกท่านที่อ่านอยู่ {TEMPLATE} {REMARK}"
    assert [text[start:end] for start, end in additions(TEMPLATE, text)] == ["สวัสดีทุกท่านที่อ่านอยู่", REMARK]


def test_exchanged_words_are_no_addition():
    assert additions(TEMPLATE, TEMPLATE.replace("สามวัน", "ห้าวัน").replace("รายงาน", "ชี้แจง")) == []


def test_of_a_text_with_nothing_in_common_all_is_its_own():
    (span,) = additions(TEMPLATE, OTHER)
    assert span == (0, len(OTHER))


@given(st.text(max_size=150), st.text(max_size=150))
def test_additions_are_in_order_apart_and_in_the_text(template, text):
    spans = additions(template, text)
    assert all(one.end < other.start for one, other in pairwise(spans))
    assert all(0 <= start < end <= len(text) for start, end in spans)


@given(st.text(max_size=150))
def test_a_text_adds_nothing_to_itself(text):
    squeezed = squeeze(text)
    if len({squeezed[start : start + 8] for start in range(len(squeezed))}) == len(squeezed) > 8:
        assert additions(text, text) == []


@pytest.mark.parametrize("text", WORST, ids=range(len(WORST)))
def test_the_time_is_bounded(text):
    began = time.process_time()
    additions(text, text[:4_000] + TEMPLATE + text[4_000:])
    assert time.process_time() - began < 2
