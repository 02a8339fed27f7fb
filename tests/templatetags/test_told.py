import pytest
from django.utils import translation

from comments.disclosure import Cell
from comments.templatetags.told import longest, stretches, told


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Cell(12_345), "12,345"),
        (12_345, "12,345"),
        (None, "–"),
        (Cell(None, is_small=True), "under 5"),
        (Cell(None), "5 or more"),
    ],
)
def test_a_number_that_is_hidden_is_said_in_words(value, written):
    with translation.override("en"):
        assert told(value) == written


def test_a_bar_has_a_stretch_for_each_number_told_and_none_for_the_others():
    row = (Cell(30), Cell(None, is_small=True), Cell(None), Cell(10))
    whole = longest([row, (Cell(80),)])
    assert whole == 80
    drawn = [(part.number, part.start, part.width) for part in stretches(row, whole)]
    assert drawn == [(1, 0, 375), (2, 375, 0), (3, 375, 0), (4, 375, 125)]


def test_where_nothing_is_told_there_is_nothing_to_draw():
    assert longest([]) == 0
    assert stretches((Cell(None),), 0)[0].width == 0
