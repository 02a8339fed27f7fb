from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from comments.text import graphemes, highlight
from comments.text.highlight import excerpt, find, normalise_with_map, pieces
from comments.text.normalise import normalise
from comments.text.query import parse
from comments.text.spans import Span

THAI = st.text(
    st.sampled_from("กนมทวเแาำํ้่๋ิีุูั็์ๆฯ ๐๙\u200b\u200d\ufeff\u00adABcéßİΣﬁ\u0301\u0316\u1100\u1161\n\x1f"),
    max_size=60,
)
TEXT = THAI | st.text(max_size=60)


def marked(text, typed):
    return [text[start:end] for start, end in find(text, parse(typed))]


def edges(text):
    return {0, *(match.end() for match in regex.finditer(r"\X", text))}


@given(TEXT)
def test_the_mapped_text_is_the_normalised_text(text):
    mapped = normalise_with_map(text)
    assert mapped.text == normalise(text)
    assert len(mapped.spans) == len(mapped.text)


@given(TEXT)
def test_positions_only_move_forward(text):
    spans = normalise_with_map(text).spans
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.start <= two.start and one.end <= two.end for one, two in pairwise(spans))


@given(TEXT)
def test_text_in_its_normal_form_maps_onto_itself(text):
    normal = normalise(text)
    assert normalise_with_map(normal).spans == tuple(Span(at, at + 1) for at in range(len(normal)))


@given(TEXT, TEXT)
def test_spans_are_sorted_apart_and_whole_graphemes(text, typed):
    spans = find(text, parse(typed))
    assert all(one.end < two.start for one, two in pairwise(spans))
    assert {at for span in spans for at in span} <= edges(text)


@given(TEXT, TEXT)
def test_what_is_marked_holds_the_term(text, typed):
    terms = [term.text for term in parse(typed).wanted]
    for start, end in find(text, parse(typed)):
        assert any(term in normalise(text[start:end]) for term in terms)


@given(TEXT, TEXT)
def test_a_word_that_stands_in_the_text_is_marked(before, after):
    text = f"{before}ทางเท้า{after}"
    assert marked(text, "ทางเท้า") != [] or "ทางเท้า" not in normalise(text)


@given(TEXT, TEXT, st.integers(1, 30))
def test_an_excerpt_is_short_and_stands_in_the_text(text, typed, most):
    found = excerpt(text, find(text, parse(typed)), most)
    assert graphemes.count(found.text) <= most
    assert text.endswith(found.text) or found.is_cut_after
    assert text.startswith(found.text) or found.is_cut_before
    assert found.text in text
    assert {at for span in found.spans for at in span} <= edges(found.text)


@given(TEXT, TEXT, st.integers(1, 30))
def test_an_excerpt_shows_the_first_hit(text, typed, most):
    spans = find(text, parse(typed))
    found = excerpt(text, spans, most)
    assert bool(found.spans) == bool(spans)


@given(TEXT, TEXT)
def test_pieces_put_together_are_the_text(text, typed):
    spans = find(text, parse(typed))
    found = list(pieces(text, spans))
    assert "".join(piece for piece, _ in found) == text
    assert sum(is_hit for _, is_hit in found) == len(spans)


@pytest.mark.parametrize(
    ("text", "typed", "hits"),
    [
        ("ฝนตกนํ้าท่วมถนน", "น้ำท่วม", ["นํ้าท่วม"]),
        ("เเม่นํ้าและเเม่ค้า", "แม่", ["เเม่", "เเม่"]),
        ("ซ่อมทาง\u200bเท้าหน้าบ้าน", "ทางเท้า", ["ทาง\u200bเท้า"]),
        ("ปี ๒๕๖๗ และ 2567", "2567", ["๒๕๖๗", "2567"]),
        ("ถนน\n\n พระราม ๒", '"ถนน พระราม 2"', ["ถนน\n\n พระราม ๒"]),
        ("ตามไปดูตา", "ตา", ["ตา"]),
        ("ตามใจ", "ตา", ["ตา"]),
        ("น้ำท่วม", "ท่วม น้ำ", ["น้ำท่วม"]),
        ("น้ำท่วมถนน", "น้ำ -ถนน", ["น้ำ"]),
        ("Traffic at BTS", "bts TRAFFIC", ["Traffic", "BTS"]),
        ("ไม่มี", "", []),
        ("ไม่มี", "-ไม่", []),
    ],
)
def test_what_is_marked(text, typed, hits):
    assert marked(text, typed) == hits


def test_a_mark_is_never_torn_from_its_consonant():
    assert marked("กิน", "น") == ["น"]
    assert highlight.find("น้ำ", parse("น")) == [Span(0, 3)]


def test_an_excerpt_without_hits_is_the_beginning():
    found = excerpt("ไม่ได้ไป", [], 3)
    assert (found.text, found.is_cut_before, found.is_cut_after) == ("ไม่ไ", False, True)


def test_an_excerpt_that_fits_is_the_text():
    found = excerpt("น้ำท่วม", [Span(0, 3)], 100)
    assert found == highlight.Excerpt("น้ำท่วม", (Span(0, 3),))


def test_an_excerpt_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="at least 1"):
        excerpt("ก", [], 0)
