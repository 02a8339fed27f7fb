from hypothesis import given
from hypothesis import strategies as st

from comments.text import words
from comments.text.keys import MOST_LEAVES, PAIR, asked, keys, pair
from comments.text.normalise import normalise
from tests.text.test_words import SENTENCES, TEXT

NORMAL = TEXT.map(normalise)


@given(NORMAL)
def test_keys_are_the_leaves_and_one_for_each_two_neighbours(text):
    leaves, found = words.leaves(text), keys(text)
    assert found[: len(leaves)] == leaves
    pairs = found[len(leaves) :]
    assert len(pairs) == max(0, len(leaves) - 1)
    assert all(len(key) == 6 and key.startswith(PAIR) for key in pairs)
    assert not set(pairs) & set(leaves)


@given(NORMAL, NORMAL, NORMAL)
def test_a_term_between_spaces_is_always_found(before, term, after):
    text = f"{before} {term} {after}"
    # Two texts put together may be spelled otherwise: a mark begins the second one.
    if normalise(text) == text:
        assert set(asked(term)) <= set(keys(text))


@given(st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=5))
def test_what_stands_at_the_edges_of_leaves_is_found_wherever_it_is_cut_alike(sentences):
    text = "".join(sentences)
    spans = list(words.leaf_spans(text))
    for first in range(len(spans)):
        for last in range(first, min(first + 4, len(spans))):
            term = text[spans[first].start : spans[last].end]
            if words.leaves(term) == [words.leaf(text, span) for span in spans[first : last + 1]]:
                assert set(asked(term)) <= set(keys(text))


def test_a_term_of_many_leaves_asks_for_pairs_only():
    assert asked("ทางเท้าหน้า") == [pair("ทางเท้า"), pair("เท้าหน้า")]
    assert asked("ทาง") == ["ทาง"]
    assert asked("?") == []


def test_what_stands_between_two_leaves_tells_them_apart():
    assert len({*asked("soi8"), *asked("soi 8"), *asked("soi-8")}) == 3


def test_leaves_far_apart_are_no_pair():
    assert pair("กินรี") in keys("กินรีร่ายรำ")
    assert not set(asked("กินรี")) <= set(keys("กินข้าวแล้วรีบไป"))


def test_keys_of_a_text_are_bounded():
    assert len(keys("😔" * 80_000)) == 2 * MOST_LEAVES - 1
