from hypothesis import given
from hypothesis import strategies as st

from comments.text import profiles

TEXTS = st.lists(st.frozensets(st.sampled_from("กขคงจฉ")), min_size=1, max_size=12)


@given(TEXTS)
def test_likeness_lies_between_nothing_and_the_same(texts):
    weight = profiles.weights(texts)
    direction = profiles.profile(texts, weight)
    assert all(-1e-9 <= profiles.likeness(text, direction, weight) <= 1 + 1e-9 for text in texts)


def test_what_most_say_is_nearer_than_what_one_says():
    texts = [{"คลอง", "น้ำ"}, {"คลอง", "น้ำ"}, {"คลอง", "เรือ"}, {"ถนน", "รถ"}]
    weight = profiles.weights(texts)
    direction = profiles.profile(texts, weight)
    common, _same, near, lone = (profiles.likeness(text, direction, weight) for text in texts)
    assert common > near > lone


def test_a_word_that_all_hold_says_nothing():
    texts = [{"เมือง"}, {"เมือง"}]
    weight = profiles.weights(texts)
    assert profiles.likeness(texts[0], profiles.profile(texts, weight), weight) == 0
