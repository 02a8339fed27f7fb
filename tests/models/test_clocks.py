from datetime import date, timedelta

import pytest

from comments.models import clocks
from comments.models.clocks import Clock, State

HEARING = date(2026, 11, 30)
DAY = timedelta(days=1)


def test_a_notice_is_due_fifteen_days_before_the_hearing_and_a_summary_fifteen_after():
    assert clocks.notice(HEARING, None).due_on == date(2026, 11, 15)
    assert clocks.summary(HEARING, None).due_on == date(2026, 12, 15)


@pytest.mark.parametrize(
    ("after_due", "state"), [(-1, State.MET), (0, State.MET), (1, State.MISSED), (400, State.MISSED)]
)
def test_what_is_done_on_the_last_day_is_in_time_whatever_today_is(after_due, state):
    clock = Clock(HEARING, HEARING + after_due * DAY)
    assert {clock.state(HEARING + days * DAY) for days in (-500, 0, 500)} == {state}


@pytest.mark.parametrize(
    ("after_due", "state"), [(-1, State.OPEN), (0, State.OPEN), (1, State.MISSED), (400, State.MISSED)]
)
def test_what_is_not_done_is_open_until_the_last_day_is_over(after_due, state):
    assert Clock(HEARING).state(HEARING + after_due * DAY) == state
