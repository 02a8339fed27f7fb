"""Replies wait in the same queue."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Submission
from tests.admin.staff import signed_in
from tests.factories import reply, submission

pytestmark = pytest.mark.django_db

QUEUE = "/en/admin/comments/submission/"


@pytest.fixture
def opinion():
    return submission("published")


def listed(response):
    return [reading.submission for reading in response.context["cl"].readings]


@pytest.mark.parametrize(
    ("query", "replies", "opinions"),
    [("", True, True), ("?only=replies", True, False), ("?only=opinions", False, True)],
)
def test_the_queue_holds_both_and_is_narrowed_to_either(opinion, query, replies, opinions):
    rows = {reply(opinion): replies, submission(): opinions}
    response = signed_in("moderator").get(QUEUE + query)
    assert set(listed(response)) == {row for row, is_listed in rows.items() if is_listed}
    assert response.context["cl"].totals.pending == replies + opinions


def test_a_reply_is_read_beside_what_it_replies_to(opinion):
    row = reply(opinion)
    for path in (QUEUE, f"{QUEUE}{row.pk}/change/"):
        page = signed_in("moderator").get(path).content.decode()
        assert f'Reply to <a class="number" href="{QUEUE}{opinion.pk}/change/' in page
        assert opinion.body in page


def test_a_reply_is_published_from_the_queue(opinion):
    row = reply(opinion)
    client = signed_in("moderator")
    client.post(f"{QUEUE}{row.pk}/publish/", {"seen": f"{row.pk}:pending"})
    row.refresh_from_db()
    assert row.status == "published"
    assert Submission.objects.get(pk=opinion.pk).reply_count == 1
    assert f"/comments/{opinion.reference}/#reply-{row.reference}" in (
        client.get(f"{QUEUE}{row.pk}/change/").content.decode()
    )


def test_the_desk_counts_opinions_and_says_how_many_replies_wait(opinion):
    for _ in range(2):
        reply(opinion)
    submission()
    response = signed_in("moderator").get("/en/admin/")
    desk = response.context["desk"]
    assert (desk.waiting, desk.replies_waiting, desk.totals.pending, desk.totals.received) == (3, 2, 1, 2)
    assert "2 of them are replies" in response.content.decode()


def test_an_export_of_what_is_ticked_holds_no_replies(opinion):
    row = reply(opinion)
    data = {"action": "export_selected", "_selected_action": [row.pk, opinion.pk]}
    response = signed_in("planner").post(f"{QUEUE}?status=all", data)
    assert response.headers["X-Row-Count"] == "1"
    assert row.reference not in response.getvalue().decode()


def test_the_queue_asks_as_often_for_many_replies_as_for_one(opinion, django_assert_num_queries):
    client = signed_in("moderator")
    reply(opinion)
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE)
    for _ in range(2):
        reply(opinion)
    with django_assert_num_queries(len(one)):
        client.get(QUEUE)
