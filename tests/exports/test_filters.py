from datetime import UTC, datetime

import pytest

from comments.exports.filters import SubmissionFilter
from comments.models import District, Meeting
from tests.factories import submission

pytestmark = pytest.mark.django_db


def chosen(**data):
    form = SubmissionFilter(data)
    assert form.is_valid(), form.errors
    return set(form.rows())


def test_nothing_chosen_is_everything():
    rows = {submission(), submission("rejected")}
    assert chosen() == rows


@pytest.mark.parametrize(
    ("said", "data"),
    [
        ({"goal": "G67-1.1-01"}, {"goal": "G67-1.1-01"}),
        ({"goal": "G67-1.1-01"}, {"strategy": "1"}),
        ({"sector": "academic"}, {"sector": "academic"}),
        ({"stance": "disagree"}, {"stance": "disagree"}),
        ({"is_outside_bangkok": True}, {"district": "outside"}),
    ],
)
def test_filter_finds_its_rows_and_no_others(said, data):
    submission(goal="G67-2.2-01", sector="citizen", stance="agree")
    row = submission(**said)
    assert chosen(**data) == {row}


def test_filter_by_district_meeting_and_status():
    other = submission()
    row = submission("rejected", district=District.objects.get(code="1007"), meeting=Meeting.objects.get())
    for data in ({"district": "1007"}, {"meeting": row.meeting_id}, {"status": "rejected"}):
        assert chosen(**data) == {row}
    assert chosen(status="pending") == {other}


def test_both_days_belong_to_the_range():
    first = submission(at=datetime(2022, 2, 22, 17, 0, tzinfo=UTC))
    last = submission(at=datetime(2022, 2, 24, 16, 59, tzinfo=UTC))
    submission(at=datetime(2022, 2, 24, 17, 0, tzinfo=UTC))
    assert chosen(received_from="23/02/2565", received_to="๒๔/๐๒/๒๕๖๕") == {first, last}


@pytest.mark.parametrize(
    "data",
    [
        {"goal": "G67-9"},
        {"district": "1051"},
        {"sector": "nobody"},
        {"stance": "maybe"},
        {"status": "gone"},
        {"meeting": "9" * 30},
        {"received_from": "31/02/2565"},
        {"received_from": "24/02/2565", "received_to": "23/02/2565"},
    ],
)
def test_unknown_choice_is_an_error_beside_its_field(data):
    form = SubmissionFilter(data)
    assert not form.is_valid()
    assert set(form.errors) <= set(data)
