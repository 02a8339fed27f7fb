"""Both ways of writing a CSV lead to the same bytes: by one SELECT, and row by row."""

import io
from datetime import UTC, datetime

import pytest

from comments import authoring, moderation
from comments.exports import columns, copying, moments, opinions, reading
from comments.exports.filters import ExportFilter
from comments.models import DevelopmentGoal, District, Meeting, Submission
from tests.exports.test_csv_file import HOSTILE
from tests.exports.test_formats import texts
from tests.factories import answered, attached, receive, staff, submission, unlike

pytestmark = pytest.mark.django_db

GOAL = "G67-1.1-01"


@pytest.fixture
def everything(media):
    """Store opinions of every kind, and return a moment after them."""
    leap_day = datetime(2024, 2, 28, 17, 0, 0, 999_999, tzinfo=UTC)
    for body in [*HOSTILE, *texts(60)]:
        receive(
            body=f"{body} ข้อความให้ยาวพอ",
            organisation=body[:60],
            display_name=body[:40],
            shows_name=len(body) % 2 == 1,
        )
    district = District.objects.exclude(code="").first()
    row = submission("published", goal=GOAL, meeting=Meeting.objects.get(), district=district)
    answered(row)
    answered(row)
    moderation.redact(row, [(0, 3, "other")], actor=staff())
    authoring.edit(submission(), f"=1 {unlike()}")
    submission("rejected", body=unlike(), at=leap_day, attachments=attached("แผนที่.pdf", "ทางเท้า.jpg"))
    submission("withdrawn", body=unlike(), is_outside_bangkok=True, stance="agree")
    DevelopmentGoal.objects.filter(code=GOAL).update(title_th="＝เป้าหมาย")
    return moments.settle()


@pytest.mark.parametrize(
    "filters", [{}, {"status": "published", "goal": GOAL}, {"q": "ตลาด"}, {"strategy": "1"}]
)
def test_both_ways_lead_to_the_same_bytes_and_totals(everything, filters):
    form = ExportFilter(filters)
    assert form.is_valid(), form.errors
    chosen, quick, slow = opinions.chosen(form), io.BytesIO(), io.BytesIO()
    # What came later is in neither.
    submission(body=HOSTILE[0])
    totals = opinions.write(chosen, everything, "csv", quick)
    rows = reading.rows(chosen.rows, everything, chosen.then(everything), query=chosen.query)
    assert opinions.write_cells(map(columns.values, rows), everything, {}, "csv", slow) == totals
    assert quick.getvalue() == slow.getvalue()
    assert totals.received


def test_filters_that_exclude_each_other_choose_nothing(everything):
    form, file = ExportFilter({"strategy": "1", "goal": "G67-2.2-01"}), io.BytesIO()
    assert form.is_valid()
    assert opinions.write(opinions.chosen(form), everything, "csv", file).received == 0
    assert file.getvalue().count(b"\r\n") == 1


def test_the_quick_way_is_taken_until_something_changes(everything):
    assert copying.can(everything)
    moderation.withdraw(Submission.objects.filter(status="pending").first())
    assert not copying.can(everything)
