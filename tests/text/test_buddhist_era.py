from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text import buddhist_era

DAYS = st.dates(date(1900, 1, 1), date(2399, 12, 31))


@given(DAYS)
def test_every_printed_form_is_read_back(day):
    forms = [buddhist_era.slashed(day), buddhist_era.long_th(day), buddhist_era.short_th(day), str(day)]
    for text in [*forms, *map(buddhist_era.thai_numerals, forms)]:
        assert buddhist_era.parse(text) == day


@pytest.mark.parametrize("text", ["", "23/02", "31/02/2565", "2565", "23 foo 2565", "0/1/2565", "01/01/0001"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        buddhist_era.parse(text)
