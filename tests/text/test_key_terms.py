from hypothesis import given
from hypothesis import strategies as st

from comments.text.key_terms import LEAST, MOST_READ, key_terms, telling

TEXTS = st.lists(st.frozensets(st.sampled_from("กขคงจฉ")), max_size=12)


def test_a_word_that_fewer_than_three_texts_hold_is_none():
    rest = [{"ถนน"}] * 5
    assert key_terms([{"คลอง"}] * (LEAST - 1), rest) == []
    assert [term.word for term in key_terms([{"คลอง"}] * LEAST, rest)] == ["คลอง"]


def test_a_word_that_all_use_alike_stands_out_nowhere():
    own = [{"เมือง", "คลอง"}, {"เมือง", "ลาน"}, {"เมือง", "คลอง"}, {"เมือง", "คลอง"}]
    rest = [{"เมือง", "ถนน"}, {"เมือง", "ลาน"}, {"เมือง", "ถนน"}, {"เมือง", "ถนน"}]
    assert [term.word for term in key_terms(own, rest)] == ["คลอง"]
    assert [term.word for term in key_terms(rest, own)] == ["ถนน"]


def test_the_same_share_of_more_texts_scores_higher():
    def score(times):
        (term,) = key_terms([{"คลอง", "น้ำ"}] * times, [{"ถนน", "น้ำ"}] * times)
        return term.score

    assert score(3) < score(30)


@given(TEXTS, TEXTS)
def test_each_term_is_counted_rightly_and_the_most_distinct_is_first(own, rest):
    terms = key_terms(own, rest)
    for term in terms:
        assert term.own == sum(term.word in text for text in own) >= LEAST
        assert term.rest == sum(term.word in text for text in rest)
    assert [term.score for term in terms] == sorted((term.score for term in terms), reverse=True)
    assert not {term.word for term in terms} & {term.word for term in key_terms(rest, own)}


def test_numbers_signs_and_single_letters_tell_nothing():
    assert telling("2567 ฯลฯ ▇▇▇ ก 100% 😔") <= {"ฯลฯ"}
    assert "ถนน" not in telling("ก" * MOST_READ + " ถนน")
