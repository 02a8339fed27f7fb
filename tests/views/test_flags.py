import re

import pytest
from django.test import Client

from comments import flags, moderation
from comments.models import Flag, Submission
from tests.factories import reason, reply, staff, submission, unlike

pytestmark = pytest.mark.django_db

WORDS = "This is about my neighbour."


@pytest.fixture
def row():
    return submission("published")


def address(row, prefix="/en"):
    return f"{prefix}/comments/{row.reference}/flag/"


def send(client, row, why="insult", words="", **more):
    return client.post(address(row), {"reason": why, "words": words}, follow=True, **more)


def count():
    return Submission.everything.get().flag_count


def test_a_reader_reports_an_opinion_and_reads_that_staff_look(client, row):
    assert 'name="reason"' in client.get(address(row)).content.decode()
    response = send(client, row, words=WORDS)
    # The first answer gives the number, the second shows what was kept.
    assert [status for _, status in response.redirect_chain] == [307, 303]
    page = response.content.decode()
    assert 'id="flagged"' in page
    assert 'name="reason"' not in page
    flag = Flag.objects.get()
    assert (flag.reason, flag.words, count()) == ("insult", WORDS, 1)
    assert WORDS not in page


def test_a_second_press_is_the_same_report(client, row):
    send(client, row)
    send(client, row, why="advertising")
    assert Flag.objects.get().reason == "insult"
    assert count() == 1
    flags.close(row, actor=staff(), note="read", last=Flag.objects.get().pk)
    assert "staff have looked at it" in client.get(address(row)).content.decode()


def test_a_browser_that_keeps_no_cookies_is_told_and_loses_nothing(client, row):
    response = client.post(f"{address(row)}?given=1", {"reason": "other", "words": WORDS})
    assert response.status_code == 400
    assert "keeps no cookies" in response.content.decode()
    assert WORDS in response.content.decode()
    assert not Flag.objects.exists()


def test_the_opinion_is_the_same_bytes_for_everybody_and_sets_no_cookie(client, row):
    reply(row, "published")
    page = f"/en/comments/{row.reference}/"
    before = client.get(page)
    assert not before.cookies
    send(client, row)
    after, stranger = client.get(page), Client().get(page)
    assert before.content == after.content == stranger.content
    assert after["Cache-Control"] == before["Cache-Control"] == "public, max-age=30"
    assert not after.cookies
    assert f'href="{address(row)}"' in after.content.decode()
    assert after.content.decode().count("/flag/") == 2


def test_the_form_gives_no_number_and_is_kept_by_nobody(client, row):
    response = client.get(address(row))
    assert set(response.cookies) == {"csrftoken"}
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response.content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Please choose what is wrong"),
        ({"reason": "perhaps", "words": WORDS}, "Please choose what is wrong"),
        ({"reason": "other"}, "Please write what is wrong"),
        ({"reason": "other", "words": "   "}, "Please write what is wrong"),
        ({"reason": "insult", "words": "ก" * 501}, "At most 500"),
        ({"reason": "insult", "words": "ก" * 100_000}, "At most 500"),
        ({"reason": "insult", "words": "a\x00b"}, "null"),
    ],
)
def test_what_cannot_be_taken_stays_beside_what_is_wrong(client, row, data, said):
    response = client.post(address(row), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert "data-error-summary" in page
    assert said in page
    assert data.get("words", "").strip()[:50] in page
    if data.get("reason") in Flag.Reason.values:
        assert re.search(rf'value="{data["reason"]}"[^>]* checked', page)
    assert not Flag.objects.exists()


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_what_the_public_cannot_read_has_no_such_page(client, status):
    hidden = submission(status)
    assert client.get(address(hidden)).status_code == 404
    assert send(client, hidden).status_code == 404
    assert not Flag.objects.exists()


def test_a_reply_below_something_withheld_has_no_such_page(client, row):
    below = reply(row, "published", body=unlike())
    assert client.get(address(below)).status_code == 200
    moderation.reject(row, actor=staff(), reason=reason())
    assert client.get(address(below)).status_code == 404


@pytest.mark.parametrize("reference", ["nonsense", "67-0000-0000", "%00", "ก" * 300])
def test_what_nobody_wrote_has_no_such_page(client, reference):
    assert client.get(f"/comments/{reference}/flag/").status_code == 404


def test_an_address_as_a_person_types_it_leads_to_the_right_one(client, row):
    response = client.get(f"/en/comments/{row.reference.lower()}/flag/")
    assert response.url == address(row)


def test_an_expired_token_keeps_what_was_typed(row):
    response = Client(enforce_csrf_checks=True).post(address(row), {"reason": "other", "words": WORDS})
    assert response.status_code == 403
    assert WORDS in response.content.decode()
    hidden = submission(body=unlike())
    assert Client(enforce_csrf_checks=True).post(address(hidden), {}).status_code in {403, 404}


def test_too_many_from_one_address_wait_with_their_words(client):
    rows = [submission("published", body=unlike()) for _ in range(11)]
    for one in rows[:10]:
        assert send(Client(), one).status_code == 200
    response = send(Client(), rows[10], words=WORDS)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "try again in" in response.content.decode()
    assert WORDS in response.content.decode()
    assert send(Client(REMOTE_ADDR="192.0.2.7"), rows[10]).status_code == 200
    assert Flag.objects.count() == 11
