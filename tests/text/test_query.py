import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text import keys, query, words
from comments.text.normalise import normalise
from comments.text.query import parse

TYPED = st.text(st.sampled_from("นํ้า้ำทว่มเแกข -\"“”„«»abZ9๙.?!%_\\'\u200b\x00\ud800"), max_size=80)
TEXT = TYPED | st.text(max_size=80)


def wanted(text):
    return [term.text for term in parse(text).wanted]


def excluded(text):
    return [term.text for term in parse(text).excluded]


@given(TEXT)
def test_any_text_is_a_query(text):
    found = parse(text)
    assert all(term.leaves and term.text == normalise(term.text) for term in found.terms)
    assert len(set(found.terms)) == len(found.terms) <= query.MOST_TERMS
    assert not any("\x00" in term.text or "\ud800" in term.text for term in found.terms)


@given(TEXT)
def test_spelling_variants_ask_the_same(text):
    assert parse(text) == parse(normalise(text))


@given(TEXT)
def test_leaves_are_those_of_the_text(text):
    for term in parse(text).terms:
        assert set(term.leaves) == set(words.leaves(term.text))
        assert set(term.keys) <= set(keys.keys(term.text))
        assert 0 < len(term.keys) <= query.MOST_KEYS


@given(st.lists(st.sampled_from(["น้ำ", "ท่วม", "road", "2567"]), max_size=6, unique=True))
def test_words_without_signs_are_wanted_in_their_order(typed):
    assert wanted("  ".join(typed)) == typed


@given(TEXT)
def test_a_quoted_text_is_one_phrase(text):
    inner = text.translate(dict.fromkeys(map(ord, '"“”„‟«»＂〝〞\x00\ud800')))
    assert wanted(f'"{inner}"') == ([normalise(inner)] if words.leaves(inner) else [])


@pytest.mark.parametrize(
    ("typed", "asks_for", "refuses"),
    [
        ("", [], []),
        ('   " " ""', [], []),
        ("น้ำท่วม ถนน", ["น้ำท่วม", "ถนน"], []),
        ('"น้ำ ท่วม" ถนน', ["น้ำ ท่วม", "ถนน"], []),
        ("“น้ำ ท่วม” «ซอย ลึก»", ["น้ำ ท่วม", "ซอย ลึก"], []),
        ('"ไม่มี ที่สุด', ["ไม่มี ที่สุด"], []),
        ('ก่อน"กลาง คำ"หลัง', ["ก่อน", "กลาง คำ", "หลัง"], []),
        ("ขยะ -คลอง", ["ขยะ"], ["คลอง"]),
        ('ขยะ -"คลอง ใหญ่"', ["ขยะ"], ["คลอง ใหญ่"]),
        ("−คลอง –ถนน", [], ["คลอง", "ถนน"]),
        ('"ก ข"-คลอง', ["ก ข"], ["คลอง"]),
        ("covid-19", ["covid-19"], []),
        ("--คลอง", [], ["คลอง"]),
        ("คลอง -คลอง", ["คลอง"], ["คลอง"]),
        ("คลอง คลอง", ["คลอง"], []),
        ("น้ำท่วม?! #ถนน (ซอย)", ["น้ำท่วม", "ถนน", "ซอย"], []),
        ('"น้ำท่วม?!"', ["น้ำท่วม?!"], []),
        ("BTS PM2.5 ๒๕๖๗", ["bts", "pm2.5", "2567"], []),
    ],
)
def test_what_is_asked_for(typed, asks_for, refuses):
    assert wanted(typed) == asks_for
    assert excluded(typed) == refuses
    assert not parse(typed).is_truncated


def test_what_cannot_be_searched_is_named():
    assert parse('- ?! "..." ขยะ').ignored == ("-", "?!", '"..."')


def test_an_empty_query_is_false_and_one_of_exclusions_is_not():
    assert not parse('"" ?')
    assert parse("-ขยะ")


def test_too_many_terms_are_cut_and_said():
    found = parse(" ".join(f"คำ{number}" for number in range(500)))
    assert found.is_truncated
    assert [term.text for term in found.terms] == [f"คำ{number}" for number in range(32)]
    assert not parse(" ".join(f"คำ{number}" for number in range(32))).is_truncated


def test_repeating_a_word_is_not_too_many():
    assert not parse("คำ " * 500).is_truncated


def test_too_long_a_text_is_cut_and_said():
    assert parse("ก" * 2_001).is_truncated
    assert not parse("กา" + " " * 5_000).is_truncated


@pytest.mark.parametrize(
    "typed",
    [
        " ".join(f"คำว่า{number}" for number in range(500)),
        '"' * 100_000,
        "-" * 1_000_000,
        "ก" * 1_000_000,
        "ก" + "\u0301\u0316" * 4_000,
        "(.*)+$ [a-z]{2,} \\ % _ ' ; DROP TABLE comments_submission; -- " * 100,
        "👨‍👩‍👧" * 8_000,
        ('"' + "ความ" * 3 + " ") * 500,
    ],
)
def test_time_is_bounded(typed):
    words.load()
    began = time.process_time()
    parse(typed)
    assert time.process_time() - began < 0.2


def test_a_term_that_is_one_leaf_needs_no_second_look():
    leaf, compound, unknown = parse("น้ำ ทางเท้า ฟหกด").terms
    assert leaf.is_leaf
    assert not compound.is_leaf
    assert not unknown.is_leaf
