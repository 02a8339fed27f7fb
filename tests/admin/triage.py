"""Help for the tests of the triage view: what it shows, and what its forms would send."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from comments.models import Submission
from tests.admin.staff import QUEUE, come_in, member
from tests.factories import staff, submission, unlike

TRIAGE = f"{QUEUE}triage/"
ID = "1-1111-11111-11-9"


def ago(**time):
    return timezone.now() - timedelta(**time)


def waiting(count):
    """Return opinions that wait, the oldest first."""
    return [submission(body=unlike(), at=ago(hours=count - n)) for n in range(count)]


def another(name="colleague"):
    """Return a client in which another moderator has signed in."""
    client = Client()
    user = staff(name)
    user.groups.set(member("moderator").groups.all())
    come_in(client, user)
    return client


def shown(response):
    """Return the reference number of the item on the page, or the empty string."""
    found = re.search(r'(?s)<h2 id="item".*?<span class="number">([^<]+)<', response.content.decode())
    return found[1] if found else ""


def fields(response, form="decide"):
    """Return what a form of the page would send, with every box as it stands."""
    page = response.content.decode()
    inside = re.search(rf'(?s)<form id="{form}".*?</form>', page)[0]
    outside = "".join(re.findall(rf'<input[^>]*form="{form}"[^>]*>', page))
    sent = {}
    for tag in re.findall(r"<input[^>]*>", inside + outside):
        if 'type="checkbox"' in tag and " checked" not in tag:
            continue
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name:
            sent.setdefault(name[1], []).append(value[1] if value else "")
    return sent


def do(client, deed, response, form="decide", query="", **more):
    """Send a form of the page that `response` is, and return the page that follows."""
    return client.post(f"{TRIAGE}{deed}/{query}", fields(response, form) | more, follow=True)


def leave(client, response, how):
    token = fields(response)["token"]
    return client.post(f"{TRIAGE}leave/", {"token": token, "how": how}, follow=True)


def status(row):
    return Submission.objects.get(pk=row.pk).status
