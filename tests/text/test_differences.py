import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from comments.text.differences import differences

THAI = st.text(alphabet="กขคงน้ำท่วมเแโใไ่้๊๋็ัิีึืุู ้ะาaB1๒., \u200b", max_size=40)


def told(before, after):
    return [(piece.fate, piece.text) for piece in differences(before, after)]


def test_equal_texts_have_no_differences():
    assert told("ลดฝุ่นละออง", "ลดฝุ่นละออง") == [("same", "ลดฝุ่นละออง")]
    assert told("", "") == []


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "ใหม่", [("added", "ใหม่")]),
        ("เก่า", "", [("removed", "เก่า")]),
        (
            "จำนวนทางเท้าที่ปรับปรุง",
            "จำนวนถนนที่ปรับปรุง",
            [("same", "จำนวน"), ("removed", "ทางเท้า"), ("added", "ถนน"), ("same", "ที่ปรับปรุง")],
        ),
        ("Plant ten trees", "Plant six big trees", None),
    ],
)
def test_whole_words_are_removed_and_added(before, after, pieces):
    assert pieces is None or told(before, after) == pieces


def test_neighbouring_changes_are_one():
    assert told("Plant ten trees", "Plant six big trees") == [
        ("same", "Plant "),
        ("removed", "ten"),
        ("added", "six big"),
        ("same", " trees"),
    ]


@given(THAI, THAI)
def test_the_pieces_are_both_texts_and_cut_no_character(before, after):
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.fate != "added") == before
    assert "".join(piece.text for piece in pieces if piece.fate != "removed") == after
    for text, fate in ((before, "added"), (after, "removed")):
        whole = regex.findall(r"\X", text)
        parts = [
            cluster for piece in pieces if piece.fate != fate for cluster in regex.findall(r"\X", piece.text)
        ]
        assert parts == whole
