"""Themes given and merged at once on a real server: nothing is lost, nothing stands twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.admin.staff import QUEUE
from tests.test_parallel_triage import PASSWORD, Moderator

OPINIONS, PEOPLE = 6, 4
_FILL = f"""
from django.contrib.auth.models import Group, User
from tests.factories import submission, theme, unlike
for number in range({PEOPLE}):
    user = User.objects.create_user(f"planner-{{number}}", password={PASSWORD!r}, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=("moderator", "planner")))
for code in ("a", "b", "c"):
    theme(code)
for _ in range({OPINIONS}):
    submission(body=unlike())
"""
KINDS = "SELECT kind, count(*) FROM comments_submissionevent WHERE kind IN ('tagged', 'untagged', 'retagged') GROUP BY 1"


@pytest.fixture
def planners(fresh_server):
    """Return planners who have signed in, on a server with opinions and three themes."""
    fresh_server.shell(_FILL)
    return [Moderator(fresh_server.url, f"planner-{number}") for number in range(PEOPLE)]


def ids(server, table):
    return [pk for (pk,) in server.query(f"SELECT id FROM {table} ORDER BY id")]  # noqa: S608


def at_once(people, *posts):
    """Let each of `people` send one of `posts`, in turn, all at the same time."""
    token = [person.field("csrfmiddlewaretoken") for person in people]
    jobs = [(people[n % len(people)], token[n % len(people)], *post) for n, post in enumerate(posts)]
    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(lambda job: job[0].post(job[2], job[3] + [("csrfmiddlewaretoken", job[1])]), jobs))


def test_the_same_theme_given_by_all_at_once_is_given_once(fresh_server, planners):
    (first, *_others), rows = ids(fresh_server, "comments_theme"), ids(fresh_server, "comments_submission")
    given = [("theme", first), *(("_selected_action", pk) for pk in rows)]
    at_once(planners, *[(f"{QUEUE}themes/add/", given)] * PEOPLE)
    assert fresh_server.query("SELECT count(*) FROM comments_tag") == [(OPINIONS,)]
    assert fresh_server.query(KINDS) == [("tagged", OPINIONS)]


def test_giving_and_merging_at_once_leaves_every_opinion_with_what_stands(fresh_server, planners):
    (a, b, c), rows = ids(fresh_server, "comments_theme"), ids(fresh_server, "comments_submission")
    gifts = [
        (f"{QUEUE}themes/add/", [("theme", theme), ("_selected_action", pk)])
        for pk in rows
        for theme in (a, b)
    ]
    merges = [
        (f"/admin/comments/theme/{gone}/merge/", [("into", into)]) for gone, into in ((a, b), (b, a), (a, c))
    ]
    at_once(planners, *gifts[:6], *merges, *gifts[6:], *merges)
    standing = "SELECT id FROM comments_theme WHERE merged_into_id IS NULL"
    aliases = fresh_server.query("SELECT merged_into_id FROM comments_theme WHERE merged_into_id IS NOT NULL")
    stand = {pk for (pk,) in fresh_server.query(standing)}
    # Nothing points at what is itself merged, and nobody lost the last name.
    assert {into for (into,) in aliases} <= stand
    assert len(aliases) + len(stand) == 3
    tagged = fresh_server.query(
        f"SELECT count(*) FROM comments_tag WHERE theme_id NOT IN ({standing})"  # noqa: S608
    )
    assert tagged == [(0,)]
    merged = fresh_server.query("SELECT count(*) FROM comments_themeevent WHERE kind = 'merged'")
    assert merged == [(len(aliases),)]
    events = dict(fresh_server.query(KINDS))
    (count,) = fresh_server.query("SELECT count(*) FROM comments_tag")
    assert events["tagged"] - events.get("retagged", 0) <= count[0] <= events["tagged"]
