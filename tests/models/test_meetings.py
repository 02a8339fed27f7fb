from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments.models import Meeting
from tests.meetings import meeting, paper

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_meeting_is_coming_until_its_day_is_over_and_past_from_then_on(days):
    row = meeting()
    on = row.held_on + days * DAY
    assert row.is_coming(on) == (days <= 0)
    assert (row in Meeting.objects.coming(on)) == row.is_coming(on)
    assert (row in Meeting.objects.past(on)) != row.is_coming(on)


def test_the_nearest_comes_first_and_the_latest_past_first():
    today = timezone.localdate()
    late, early, unknown = (
        meeting(held_on=today + DAY, starts_at=at, ends_at=None) for at in (time(14), time(9), None)
    )
    far, gone, long_gone = (meeting(held_on=today + days * DAY) for days in (9, -1, -9))
    assert list(Meeting.objects.coming()) == [unknown, early, late, far]
    assert list(Meeting.objects.past())[:2] == [gone, long_gone]


def test_clocks_run_only_where_they_apply():
    row = meeting(held_on=date(2026, 11, 30), notice_published_on=date(2026, 11, 15))
    assert row.notice_clock.due_on == row.notice_clock.done_on
    assert row.summary_clock.due_on == date(2026, 12, 15)
    row.clocks_apply = False
    assert (row.notice_clock, row.summary_clock) == (None, None)


def test_nothing_is_said_to_be_late_of_the_meeting_whose_dates_nobody_recorded():
    assert not Meeting.objects.get().clocks_apply


@pytest.mark.parametrize(
    ("column", "day"),
    [
        ("held_on", lambda _row: date(1899, 12, 31)),
        ("notice_published_on", lambda row: row.held_on + DAY),
        ("summary_published_on", lambda row: row.held_on - DAY),
    ],
)
def test_days_that_can_not_be_are_refused_by_form_and_database(column, day):
    row = meeting()
    setattr(row, column, day(row))
    with pytest.raises(ValidationError):
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize("both", [True, False])
def test_a_document_is_a_file_or_a_link_and_not_both_or_none(both):
    row = paper(meeting())
    row.url = "https://example.org" if both else ""
    row.file = row.file if both else ""
    with pytest.raises(ValidationError):
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_file_is_kept_under_a_name_of_ours():
    first, second = paper(meeting()), paper(meeting())
    assert "slides" not in first.file.name
    assert first.file.name != second.file.name
    assert first.file.name.startswith("meetings/")
