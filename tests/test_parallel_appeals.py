"""Many at once on one appeal, on a real server: its author's presses, and two moderators who disagree."""

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError

import pytest

from tests.test_parallel_receipts import at_once, post
from tests.test_parallel_triage import PASSWORD, Moderator

WORDS = "ข้อความนี้เกี่ยวกับแผนโดยตรง โปรดอ่านอีกครั้ง"
PEOPLE = 4
_REJECTED = f"""
import json
from django.contrib.auth.models import Group, User
from comments import moderation
from tests.factories import reason, receive, staff
for number in range({PEOPLE}):
    user = User.objects.create_user(f"second-{{number}}", password={PASSWORD!r}, is_staff=True)
    user.groups.add(Group.objects.get(name="moderator"))
row = receive(key="appealed")
moderation.reject(row.submission, actor=staff(), reason=reason())
print(json.dumps([row.submission.pk, row.submission.reference, row.secret]))
"""
_EVENTS = "SELECT kind FROM comments_submissionevent WHERE kind {} ORDER BY id"


@pytest.fixture(scope="module")
def rejected(server):
    return json.loads(server.shell(_REJECTED))


def test_one_appeal_sent_many_times_at_once_is_one_and_two_who_disagree_come_to_one_outcome(server, rejected):
    pk, reference, secret = rejected
    keys = {"reference": reference, "secret": secret, "body": WORDS}
    assert at_once([post(server, "/receipt/appeal/", keys) for _ in range(5)]) == {200: 5}
    assert server.query(_EVENTS.format("= 'appealed'")) == [("appealed",)]
    assert server.query("SELECT count(*) FROM comments_appeal") == [(1,)]

    address = f"/admin/comments/submission/{pk}/appeal/"
    with ThreadPoolExecutor(PEOPLE) as pool:
        people = list(pool.map(lambda n: Moderator(server.url, f"second-{n}"), range(PEOPLE)))

    def deciding(person, outcome):
        person.page = person.opener.open(server.url + address).read().decode()
        typed = {name: person.field(name) for name in ("csrfmiddlewaretoken", "appeal")}

        def press():
            try:
                person.post(address, typed | {"outcome": outcome, "words": outcome})
            except HTTPError as error:
                return error.code
            return "too late" if "errornote" in person.page else outcome

        return press

    outcomes = ["uphold", "publish", "uphold", "queue"]
    told = at_once([deciding(*pair) for pair in zip(people, outcomes, strict=True)])
    assert told.pop("too late") == PEOPLE - 1
    ((outcome, times),) = told.items()
    assert times == 1
    ends = {
        "uphold": ("upheld", "rejected"),
        "publish": ("granted", "published"),
        "queue": ("granted", "pending"),
    }
    assert server.query(
        "SELECT outcome, status, reply FROM comments_appeal"
        " JOIN comments_submission ON comments_submission.id = submission_id"
    ) == [(*ends[outcome], outcome)]
    assert len(server.query(_EVENTS.format("IN ('appeal_upheld', 'appeal_granted')"))) == 1
