from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from comments.templatetags.buddhist_dates import day, era_date, era_moment, moment

# Two minutes before midnight in London it is the next morning in Bangkok.
LATE = datetime(2022, 2, 22, 23, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "written"), [("th", "23 กุมภาพันธ์ 2565"), ("en", "23 February 2022 (B.E. 2565)")]
)
def test_a_day_is_written_in_the_active_language(language, written):
    with translation.override(language):
        assert era_date(date(2022, 2, 23)) == written
        assert era_date(LATE) == written
        assert day(LATE) == f'<time datetime="2022-02-23">{written}</time>'


@pytest.mark.parametrize(
    ("language", "written"),
    [("th", "23 กุมภาพันธ์ 2565 เวลา 06.58 น."), ("en", "23 February 2022 (B.E. 2565), 06:58")],
)
def test_a_moment_is_bangkok_time(language, written):
    with translation.override(language):
        assert era_moment(LATE) == written
        assert moment(LATE) == f'<time datetime="2022-02-23T06:58:00+07:00">{written}</time>'


def test_nothing_is_written_as_nothing():
    assert [era_date(None), era_moment(None), day(None), moment(None)] == ["", "", "", ""]
