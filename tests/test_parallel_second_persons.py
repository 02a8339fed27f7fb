"""Two moderators confirm or decline one proposal at the same moment, on a real server: there is one outcome."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.test_parallel_triage import PASSWORD, Moderator, at_once

MODERATORS, EACH = 3, 8
QUEUE = "/admin/comments/submission/"
_FILL = f"""
from django.contrib.auth.models import Group, User
from comments import second_persons
from comments.models import Plan
from tests.factories import reason, staff, submission, unlike
Plan.objects.update(rejection_needs_second_person=True)
for number in range({MODERATORS}):
    user = User.objects.create_user(f"moderator-{{number}}", password={PASSWORD!r}, is_staff=True)
    user.groups.add(Group.objects.get(name="moderator"))
for _ in range({EACH}):
    row = submission(body=unlike())
    second_persons.reject(row, actor=staff("first"), reason=reason())
"""
ENDS = (
    "SELECT submission_id, kind FROM comments_submissionevent "
    "WHERE kind IN ('rejected', 'rejection_declined', 'published') ORDER BY submission_id"
)
STANDS = "SELECT id, status, asked_id FROM comments_submission ORDER BY id"
PROPOSED = "SELECT id, asked_id FROM comments_submission ORDER BY id"


class Second(Moderator):
    """A moderator who does one deed on every proposal, in the same order as the others."""

    deed, proposals = "confirm", ()

    def work(self):
        """Send the deed as a page would that showed each proposal."""
        token = self.field("csrfmiddlewaretoken")
        for pk, asked in self.proposals:
            seen = f"{pk}:pending:?{asked}"
            self.post(f"{QUEUE}{pk}/{self.deed}/", {"csrfmiddlewaretoken": token, "seen": seen})


@pytest.fixture
def seconds(fresh_server):
    fresh_server.shell(_FILL)
    names = [f"moderator-{number}" for number in range(MODERATORS)]
    with ThreadPoolExecutor(MODERATORS) as pool:
        people = list(pool.map(lambda name: Second(fresh_server.url, name), names))
    for person, deed in zip(people, ("confirm", "confirm", "decline"), strict=True):
        person.deed, person.proposals = deed, fresh_server.query(PROPOSED)
    return people


def test_of_those_who_confirm_and_decline_at_once_one_is_heard(fresh_server, seconds):
    at_once(seconds, "work")
    ends = dict(fresh_server.query(ENDS))
    assert len(fresh_server.query(ENDS)) == len(ends) == EACH
    outcome = {"rejected": "rejected", "rejection_declined": "pending"}
    assert fresh_server.query(STANDS) == [(pk, outcome[kind], None) for pk, kind in ends.items()]
