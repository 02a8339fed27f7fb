import pytest

from comments.text import attention, personal_data

PHONE, ID = "081-000-0000", "1-1111-11111-11-9"


def test_personal_data_of_any_kind_comes_before_any_tone():
    assert attention.PERSONAL_DATA > attention.TONE > attention.NOTHING
    assert sorted(attention.LEVELS, key=attention.LEVELS.get, reverse=True) == list(
        personal_data.GRAVEST_FIRST
    )


def test_the_gravest_decides():
    assert attention.level(f"โทร {PHONE} เลขบัตร {ID}") == attention.LEVELS["block"]


@pytest.mark.parametrize(
    ("covered", "level"), [([], 4), ([(4, 16)], 1), ([(0, 17)], 1), ([(5, 16)], 4), ([(4, 10), (10, 16)], 4)]
)
def test_only_what_one_span_holds_whole_is_out_of_sight(covered, level):
    assert attention.level(f"โทร {PHONE} ด่วนนนนน", covered) == level


def test_a_tone_that_is_covered_is_out_of_sight():
    assert attention.level("ด่วนนนนนมากครับ", [(0, 8)]) == attention.NOTHING
