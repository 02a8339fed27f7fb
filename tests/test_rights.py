"""What the roles hold in the database, and whose eyes see what."""

from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.management import call_command

from comments import answering, roles
from comments.models import Submission
from tests.admin.staff import ROLES, answers_for, member
from tests.factories import office, submission

pytestmark = pytest.mark.django_db


def test_the_roles_are_set_up_once_and_drift_is_undone_aloud():
    def run():
        out = StringIO()
        call_command("setup_roles", stdout=out)
        return out.getvalue()

    assert "0 granted, 0 revoked" in run()
    group = Group.objects.get(name="responder")
    stray = Permission.objects.get(codename="export_submission")
    group.permissions.add(stray)
    group.permissions.remove(Permission.objects.get(codename="view_meeting"))
    said = run()
    assert "responder: 1 granted, 1 revoked +comments.view_meeting -comments.export_submission" in said
    assert set(group.permissions.all()).isdisjoint({stray})
    assert run().count("0 granted, 0 revoked") == len(ROLES)
    Group.objects.filter(name="planner").delete()
    assert "planner created" in run()


@pytest.mark.parametrize("role", ROLES)
def test_no_role_may_change_or_delete_words_events_or_revisions(role):
    forbidden = {
        f"comments.{action}_{model}"
        for action in ("add", "change", "delete")
        for model in ("submission", "submissionevent", "goalrevision", "contact")
    }
    assert roles.ROLES[role].permissions.isdisjoint(forbidden)


def test_who_sees_unpublished_words():
    pending, published = submission(), submission("published")
    seen = {role: set(roles.visible_submissions(member(role))) for role in (*ROLES, "nobody")}
    assert seen == {
        "moderator": {pending, published},
        "planner": {pending, published},
        "administrator": {pending, published},
        "responder": set(),
        "nobody": set(),
    }
    assert set(roles.visible_submissions(AnonymousUser())) == set()
    assert Submission.objects.count() == 2


def test_a_responder_sees_what_is_published_and_falls_to_their_offices():
    goal = "G67-1.1-01"
    pending, published = submission(goal=goal), submission("published", goal=goal)
    given_away, without_goal = submission("published", goal=goal), submission("published")
    person = answers_for("responder", published.goal.lead_office)
    other = next(one for one in map(office, range(2)) if one != published.goal.lead_office)
    assert set(roles.visible_submissions(person)) == {published, given_away}
    answering.assign(given_away, other, actor=member("planner"))
    answering.assign(without_goal, published.goal.lead_office, actor=member("planner"))
    answering.assign(pending, published.goal.lead_office, actor=member("planner"))
    assert set(roles.visible_submissions(person)) == {published, without_goal}
    assert set(roles.answerable_submissions(person)) == {published, without_goal}
    assert list(roles.answering_offices(person)) == [published.goal.lead_office]
