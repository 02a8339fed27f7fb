"""Members of the staff by role, signed in, and what their pages say."""

import html
import re
from copy import copy

from django.contrib.auth.models import Group, User
from django.test import Client

from comments import answering, signing_in
from comments.admin import readings
from comments.models import OfficeMembership
from tests import factories

QUEUE = "/admin/comments/submission/"
EVENTS = "/admin/comments/submissionevent/"
ROLES = ("moderator", "planner", "responder", "administrator")


def member(role, **columns):
    """Return the member of staff named after `role`, who has that role alone; "nobody" has none."""
    user = factories.staff(role)
    user.groups.set(Group.objects.filter(name=role))
    User.objects.filter(pk=user.pk).update(**columns)
    return user


def answers_for(role, office):
    """Return the member of staff of this role, who answers for `office`."""
    person = member(role)
    OfficeMembership.objects.get_or_create(user=person, office=office)
    return person


def given_to(role, submission):
    """Give a submission to the office that the member of staff of this role answers for."""
    answers_for(role, factories.office())
    answering.assign(submission, factories.office(), actor=factories.staff("planner"))


def signed_in(role):
    """Return a client in which a member of staff of this role has signed in."""
    client = Client()
    come_in(client, member(role))
    return client


def come_in(client, user):
    """Sign a member of the staff in without the steps at the door."""
    client.force_login(user)
    session = client.session
    signing_in.begin(session, user)
    session.save()


def text(response):
    """Return what a page shows to a reader: no markup, single spaces."""
    body = re.sub(r"(?s)<(script|style|title)\b.*?</\1>", " ", response.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def page(submission):
    """Return the address of a submission's page."""
    return f"{QUEUE}{submission.pk}/change/"


def listed(response):
    """Return the references that a queue page shows, in order."""
    return re.findall(r'id="reference-\d+"><a[^>]*>([^<]+)<', response.content.decode())


def as_shown(submission, status=""):
    """Return what a page carries of a submission that it shows, as if it were in `status`."""
    row = copy(submission)
    row.status = status or row.status
    return readings.seen(row)


def carried(response):
    """Return what a page carries of the submissions that it shows."""
    return sorted(set(re.findall(r'name="seen" value="([^"]*)"', response.content.decode())))


def decide(client, submission, name, *, seen="", follow=True, **data):
    """Post one decision from the page that showed `seen`, by default the present state."""
    submission.refresh_from_db()
    data["seen"] = as_shown(submission, seen)
    if name == "reject":
        data.setdefault("confirm", "1")
    return client.post(f"{QUEUE}{submission.pk}/{name}/", data, follow=follow)


def act(client, action, submissions, *, query="?status=all", **data):
    """Post one action of the queue on the ticked `submissions`, as it showed them."""
    data |= {
        "action": action,
        "index": "0",
        "_selected_action": [row.pk for row in submissions],
        "seen": [as_shown(row) for row in submissions],
    }
    return client.post(f"{QUEUE}{query}", data, follow=True)
