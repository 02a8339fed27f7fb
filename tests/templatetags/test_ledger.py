from itertools import pairwise

import pytest

from comments.tally import Totals
from comments.templatetags.ledger import WIDTH, bar


@pytest.mark.parametrize("counts", [(1, 1, 1, 0), (7, 0, 0, 0), (333, 333, 333, 1), (1, 2, 4, 100_000)])
def test_the_stretches_join_without_gaps_and_fill_the_bar(counts):
    parts = bar(Totals(*counts))
    assert parts[0].start == 0
    for before, after in pairwise(parts):
        assert before.start + before.width == after.start
    assert parts[-1].start + parts[-1].width == WIDTH


def test_a_stretch_is_as_long_as_its_share():
    widths = {part.name: part.width for part in bar(Totals(published=3, rejected=1))}
    assert widths == {"published": 750, "pending": 0, "rejected": 250, "withdrawn": 0}
