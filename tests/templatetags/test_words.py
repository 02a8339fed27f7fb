import pytest

from comments.models import Redaction
from comments.templatetags.words import beside, opening, part, with_covered


def covered(*spans):
    return [Redaction(start=start, end=end, reason="other") for start, end in spans]


def test_thai_is_cut_between_characters_as_a_person_sees_them():
    assert opening("ไม่ได้ยิน", 4) == "ไม่ไ…"


def test_short_text_stays_as_it_is():
    assert opening("น้ำ", 400) == "น้ำ"


@pytest.mark.parametrize(
    ("spans", "pieces"),
    [
        ([], [("โทร 1555 นะ", False)]),
        ([(4, 8)], [("โทร ", False), ("1555", True), (" นะ", False)]),
        ([(0, 3), (8, 11)], [("โทร", True), (" 1555", False), (" นะ", True)]),
        ([(0, 11)], [("โทร 1555 นะ", True)]),
    ],
)
def test_the_pieces_are_the_text_with_what_is_covered_marked(spans, pieces):
    assert with_covered("โทร 1555 นะ", covered(*spans)) == pieces


def test_a_covered_part_is_never_half_a_character():
    (one,) = covered((1, 2))
    assert part("น้ำท่วม", one) == "น้ำ"
    assert with_covered("น้ำท่วม", [one])[0] == ("น้ำ", True)


def test_beside_the_common_text_only_what_is_added_is_marked():
    common = "อยากให้กรุงเทพมหานครปลูกต้นไม้ใหญ่ริมทางเท้าทุกสาย"
    own = "บ้านอยู่บางนา ร้อนมาก"
    assert beside(f"{own} {common}", common) == [(own, True), (f" {common}", False)]
    assert beside(common, common) == [(common, False)]
    assert beside("", common) == []
