"""Several moderators at one queue at the same time, on a real server: nobody gets what another has."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from threading import Barrier
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

MODERATORS, EACH = 4, 10
PASSWORD = "a-password-for-the-tests"
TRIAGE = "/admin/comments/submission/triage/"
_FILL = f"""
from django.contrib.auth.models import Group, User
from tests.factories import submission, unlike
for number in range({MODERATORS}):
    user = User.objects.create_user(f"moderator-{{number}}", password={PASSWORD!r}, is_staff=True)
    user.groups.add(Group.objects.get(name="moderator"))
for _ in range({MODERATORS * EACH}):
    submission(body=unlike())
"""
DECISIONS = (
    "SELECT submission_id, actor_id FROM comments_submissionevent WHERE kind IN ('published', 'rejected')"
)


class Moderator:
    """Somebody with a browser of their own."""

    def __init__(self, url, name):
        self.url, self.name, self.seen = url, name, []
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        fields = {"username": name, "password": PASSWORD, "next": TRIAGE}
        self.page = self.opener.open(f"{url}/admin/login/").read().decode()
        self.post("/admin/login/", fields | {"csrfmiddlewaretoken": self.field("csrfmiddlewaretoken")})

    def field(self, name):
        """Return the value of a hidden field, or nothing when the page has none."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return found[1] if found else ""

    def post(self, path, fields):
        self.page = self.opener.open(self.url + path, urlencode(fields).encode()).read().decode()

    def work(self):
        """Decide on what comes up until nothing does; note what came up."""
        while self.field("token"):
            self.seen.append(self.field("_selected_action"))
            names = ("csrfmiddlewaretoken", "token", "_selected_action", "seen")
            self.post(f"{TRIAGE}decide/", {name: self.field(name) for name in names})
            assert "errornote" not in self.page
            assert 'class="error"' not in self.page

    def look(self):
        """Open the view and note what comes up."""
        self.page = self.opener.open(self.url + TRIAGE).read().decode()
        self.seen.append(self.field("_selected_action"))


@pytest.fixture
def moderators(fresh_server):
    fresh_server.shell(_FILL)
    names = [f"moderator-{number}" for number in range(MODERATORS)]

    def sign_in(name):
        return Moderator(fresh_server.url, name)

    with ThreadPoolExecutor(MODERATORS) as pool:
        return list(pool.map(sign_in, names))


def at_once(people, deed):
    gate = Barrier(len(people))

    def go(person):
        gate.wait(timeout=60)
        getattr(person, deed)()

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(go, people))


def test_moderators_at_once_decide_each_opinion_once_and_never_meet(fresh_server, moderators):
    at_once(moderators, "work")
    shown = Counter(key for person in moderators for key in person.seen)
    decided = fresh_server.query(DECISIONS)
    assert len(decided) == len(shown) == MODERATORS * EACH
    assert set(shown.values()) == {1}
    assert len({key for key, _actor in decided}) == MODERATORS * EACH
    assert len({actor for _key, actor in decided}) == MODERATORS
    assert fresh_server.query("SELECT count(*) FROM comments_lease") == [(0,)]


def test_when_every_lease_runs_out_at_once_each_gets_another_again(fresh_server, moderators):
    fresh_server.shell(
        "from django.utils import timezone\nfrom comments.models import Lease\n"
        "assert Lease.objects.update(expires_at=timezone.now()) == 4"
    )
    for person in moderators:
        person.seen.clear()
    late, others = moderators[0], moderators[1:]
    held = late.field("_selected_action")
    at_once(others, "look")
    assert len({key for person in others for key in person.seen}) == len(others)
    stolen = [key for person in others for key in person.seen if key == held]
    names = ("csrfmiddlewaretoken", "token", "_selected_action", "seen")
    late.post(f"{TRIAGE}decide/", {name: late.field(name) for name in names})
    assert bool(stolen) is ('class="error"' in late.page)
    assert len(fresh_server.query(DECISIONS)) == (0 if stolen else 1)
