import pytest
from django.contrib import admin

from comments.models import Contact, SubmissionEvent
from tests.admin.staff import EVENTS, QUEUE, listed, page, signed_in, text
from tests.factories import submission

pytestmark = pytest.mark.django_db

EMAIL, PHONE = "citizen@example.org", "081 999 8888"


@pytest.fixture
def row():
    return submission(email=EMAIL, phone=PHONE, wants_updates=True)


def reveal(client, row, why):
    return client.post(f"{QUEUE}{row.pk}/contact/", {"why": why})


def test_contact_details_stand_on_no_page(row):
    client = signed_in("administrator")
    assert listed(client.get(QUEUE, {"q": EMAIL})) == []
    for address in (QUEUE, page(row), EVENTS, "/admin/"):
        body = client.get(address).content.decode()
        assert EMAIL not in body
        assert PHONE not in body
    assert not admin.site.is_registered(Contact)


def test_a_reason_shows_them_once_and_is_logged(row):
    client = signed_in("moderator")
    response = reveal(client, row, "ถามที่ตั้งของซอย")
    assert EMAIL in text(response)
    assert PHONE in text(response)
    assert "no-store" in response["Cache-Control"]
    event = SubmissionEvent.objects.get(kind="contact_revealed")
    assert (event.submission, event.actor.username, event.note) == (row, "moderator", "ถามที่ตั้งของซอย")
    assert EMAIL not in text(client.get(page(row)))


@pytest.mark.parametrize("why", ["", "   "])
def test_no_reason_shows_nothing(row, why):
    response = reveal(signed_in("moderator"), row, why)
    assert response.status_code == 200
    assert EMAIL not in text(response)
    assert "โปรดระบุเหตุผล" in text(response)
    assert not SubmissionEvent.objects.filter(kind="contact_revealed").exists()


@pytest.mark.parametrize("role", ["planner", "responder", "nobody"])
def test_others_are_refused(role):
    row = submission("published", email=EMAIL)
    response = reveal(signed_in(role), row, "อยากรู้")
    assert response.status_code == 403
    assert EMAIL not in text(response)
    assert "/contact/" not in signed_in(role).get(page(row)).content.decode()
    assert not SubmissionEvent.objects.filter(kind="contact_revealed").exists()


def test_looking_is_a_post(row):
    assert signed_in("moderator").get(f"{QUEUE}{row.pk}/contact/").status_code == 405


def test_nothing_is_offered_where_the_author_left_nothing():
    assert "/contact/" not in signed_in("moderator").get(page(submission())).content.decode()
