import pytest

from comments import answering
from comments.models import DevelopmentGoal
from tests.factories import staff, submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal():
    return DevelopmentGoal.objects.get(code="G67-4.3-01")


def test_every_goal_begins_with_revision_one():
    for goal in DevelopmentGoal.objects.all():
        (first,) = goal.revisions.all()
        assert first.number == 1
        assert first.wording() == goal.wording()


def test_revision_keeps_the_old_wording_and_changes_the_goal(goal):
    before = goal.wording()
    revision = answering.revise_goal(
        goal, {"target_th": "ร้อยละ 30"}, reason_th="ประชาชนเห็นว่าน้อยไป", actor=staff()
    )
    goal.refresh_from_db()
    assert (revision.number, revision.target_th, goal.target_th) == (2, "ร้อยละ 30", "ร้อยละ 30")
    assert goal.revisions.get(number=1).wording() == before


def test_same_wording_makes_no_revision(goal):
    assert answering.revise_goal(goal, goal.wording(), reason_th="ไม่มี", actor=staff()) is None
    assert goal.revisions.count() == 1


def test_unknown_column_is_an_error(goal):
    with pytest.raises(KeyError):
        answering.revise_goal(goal, {"code": "X"}, reason_th="ไม่มี", actor=staff())


def test_a_revision_keeps_the_opinions_that_led_to_it(goal):
    row = submission("published")
    revision = answering.revise_goal(
        goal, {"target_th": "ร้อยละ 30"}, reason_th="ตามความคิดเห็น", opinions=[row], actor=staff()
    )
    assert list(revision.opinions.all()) == [row]
    assert list(row.revisions.all()) == [revision]
