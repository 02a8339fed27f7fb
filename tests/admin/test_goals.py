import re

import pytest

from comments.models import DevelopmentGoal, GoalRevision
from tests.admin.staff import signed_in, text
from tests.factories import submission

pytestmark = pytest.mark.django_db

GOALS = "/admin/comments/developmentgoal/"


@pytest.fixture
def goal():
    return DevelopmentGoal.objects.get(code="G67-1.1-01")


def address(goal):
    return f"{GOALS}{goal.pk}/change/"


def form(goal, client, **changes):
    """Return what the goal's page would send, with some fields changed."""
    initial = client.get(address(goal)).context["adminform"].form
    data = {name: initial[name].value() for name in initial.fields}
    data |= {"revisions-TOTAL_FORMS": 0, "revisions-INITIAL_FORMS": 0}
    return {name: "" if value is None else value for name, value in (data | changes).items()}


def test_a_new_wording_needs_a_reason(goal):
    client = signed_in("planner")
    response = client.post(address(goal), form(goal, client, title_th="ถ้อยคำใหม่"))
    assert response.status_code == 200
    assert "โปรดระบุเหตุผลที่แก้ไขถ้อยคำ" in text(response)
    assert DevelopmentGoal.objects.get(pk=goal.pk).title_th == goal.title_th
    assert goal.revisions.count() == 1


def test_a_new_wording_is_a_numbered_revision(goal):
    client = signed_in("planner")
    changes = {"title_th": "ถ้อยคำใหม่", "target_value": "95.5", "reason_th": "ตามความคิดเห็นของประชาชน"}
    assert client.post(address(goal), form(goal, client, **changes)).status_code == 302
    revision = goal.revisions.get(number=2)
    assert (revision.title_th, revision.reason_th) == ("ถ้อยคำใหม่", "ตามความคิดเห็นของประชาชน")
    assert (str(revision.target_value), revision.actor.username) == ("95.5000", "planner")
    assert goal.revisions.get(number=1).title_th == goal.title_th
    stored = DevelopmentGoal.objects.get(pk=goal.pk)
    assert (stored.title_th, stored.indicator_th) == ("ถ้อยคำใหม่", goal.indicator_th)
    assert "ตามความคิดเห็นของประชาชน" in text(client.get(address(goal)))


def test_what_is_no_wording_changes_without_a_revision(goal):
    client = signed_in("planner")
    assert client.post(address(goal), form(goal, client, direction="maintain")).status_code == 302
    assert DevelopmentGoal.objects.get(pk=goal.pk).direction == "maintain"
    assert goal.revisions.count() == 1


def test_saving_an_unchanged_page_revises_nothing(goal):
    client = signed_in("planner")
    client.post(address(goal), form(goal, client, reason_th="ไม่มีอะไรเปลี่ยน"))
    assert GoalRevision.objects.filter(goal=goal).count() == 1


def test_two_planners_do_not_overwrite_each_other(goal):
    client = signed_in("planner")
    stale = form(goal, client, title_th="ของคนที่สอง", reason_th="ข")
    client.post(address(goal), form(goal, client, title_th="ของคนแรก", reason_th="ก"))
    response = client.post(address(goal), stale)
    assert "มีผู้อื่นแก้ไขเป้าหมายนี้" in text(response)
    assert DevelopmentGoal.objects.get(pk=goal.pk).title_th == "ของคนแรก"


def test_a_new_goal_begins_with_revision_1(goal):
    client = signed_in("planner")
    data = form(goal, client, code="G67-NEW", seen_revision="")
    assert client.post(f"{GOALS}add/", data).status_code == 302
    added = DevelopmentGoal.objects.get(code="G67-NEW")
    assert [(row.number, row.title_th) for row in added.revisions.all()] == [(1, goal.title_th)]


def test_revisions_are_read_only(goal):
    body = signed_in("administrator").get(address(goal)).content.decode()
    assert not re.search(r'<(input type="(?!hidden)|textarea|select)[^>]*name="revisions-\d', body)


def test_a_goal_that_people_spoke_of_is_not_deleted(goal):
    submission(goal="G67-1.1-01")
    client = signed_in("administrator")
    delete = f"{GOALS}{goal.pk}/delete/"
    for response in (client.get(delete), client.post(delete, {"post": "yes"})):
        assert response.status_code == 200
        assert "ความคิดเห็น" in text(response)
    assert DevelopmentGoal.objects.filter(pk=goal.pk).exists()


def test_moderators_and_responders_read_goals_only(goal):
    for role in ("moderator", "responder"):
        client = signed_in(role)
        shown = client.get(address(goal))
        assert goal.indicator_th in text(shown)
        assert 'name="title_th"' not in shown.content.decode()
        assert client.post(address(goal), {"title_th": "x"}).status_code == 403


def test_a_revision_notes_the_opinions_that_led_to_it(goal):
    client = signed_in("planner")
    rows = [submission("published"), submission("pending")]
    typed = f"{rows[0].reference.lower()},\n {rows[1].reference.replace('-', '')} {rows[0].reference}"
    changes = {"title_th": "ถ้อยคำใหม่", "reason_th": "ตามความคิดเห็น", "opinions": typed}
    assert client.post(address(goal), form(goal, client, **changes)).status_code == 302
    assert set(goal.revisions.get(number=2).opinions.all()) == set(rows)
    shown = text(client.get(address(goal)))
    assert rows[0].reference in shown
    assert client.get(address(goal)).context["adminform"].form["opinions"].value() is None


@pytest.mark.parametrize("typed", ["67-0000-0000", "ไม่ใช่", "67-ZZZZ-ZZZZ ☃"])
def test_a_reference_that_there_is_not_is_named_and_what_was_typed_stays(goal, typed):
    client = signed_in("planner")
    changes = {"title_th": "ถ้อยคำใหม่", "reason_th": "ตามความคิดเห็น", "opinions": typed}
    response = client.post(address(goal), form(goal, client, **changes))
    assert response.status_code == 200
    assert "ไม่พบความคิดเห็นตามหมายเลขอ้างอิงนี้" in text(response)
    assert typed in response.content.decode()
    assert goal.revisions.count() == 1


def test_opinions_without_a_new_wording_are_refused(goal):
    client = signed_in("planner")
    response = client.post(address(goal), form(goal, client, opinions=submission("published").reference))
    assert "แต่ถ้อยคำยังไม่เปลี่ยน" in text(response)


def test_the_history_asks_as_often_for_three_revisions_as_for_one(goal, django_assert_max_num_queries):
    client, counts = signed_in("planner"), []
    for number in range(3):
        changes = {"title_th": f"ถ้อยคำ {number}", "reason_th": "ก", "opinions": submission().reference}
        client.post(address(goal), form(goal, client, **changes))
        with django_assert_max_num_queries(30) as asked:
            client.get(address(goal))
        counts.append(len(asked))
    assert counts[0] == counts[2]
