import time

from hypothesis import given
from hypothesis import strategies as st

from comments.text.normalise import normalise

THAI = st.text(st.sampled_from("กนมเแาำํ้่๋ิีุูั็์ๆฯ ๐๙\u200b\u200d\ufeffABcé"), max_size=60)


@given(THAI | st.text(max_size=60))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


def test_spelling_variants_meet():
    assert normalise("นํ้าท่วม") == normalise("น้ำท่วม") == normalise("น้ํา\u200bท่วม")
    assert normalise("เเม่นำ้") == normalise("แม่น้ำ")


def test_different_words_stay_apart():
    assert normalise("ปา") != normalise("ป่า")


def test_a_pile_of_marks_is_cut_before_it_costs_time():
    words = "ก" + "\u0301\u0316" * 40_000
    began = time.process_time()
    short = normalise(words)
    assert time.process_time() - began < 0.5
    assert len(short) <= 32
    assert normalise(short) == short
