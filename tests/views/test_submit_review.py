import re
from html import unescape
from http.cookies import SimpleCookie

import pytest
from django.utils import timezone

from comments.models import Plan, Submission
from tests.views.test_submit import EVERYTHING, LEAST

pytestmark = pytest.mark.django_db

REVIEW = {"review": "1"}
OTHER_KEY = {"idempotency_key": "f" * 32}


def hidden_fields(response):
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def shown(response):
    return (response.context["public_lines"], response.context["inside_lines"])


def test_it_shows_everything_and_stores_nothing(client):
    response = client.post("/en/submit/", EVERYTHING | REVIEW)
    assert response.status_code == 200
    assert not Submission.objects.exists()
    assert response.context["body"] == EVERYTHING["body"]
    public, inside = shown(response)
    assert [value for _, value in public][1:4] == ["The city's work so far", "A need", "I disagree"]
    assert "คนริมคลอง" in dict(public).values()
    assert list(dict(inside).values()) == ["ชุมชนริมคลอง", "somying@example.org", "02 123 4567"]


def test_a_name_without_consent_stays_inside(client):
    said = {name: value for name, value in EVERYTHING.items() if name != "consent_display_name"}
    public, inside = shown(client.post("/en/submit/", said | REVIEW))
    assert ("Name", "คนริมคลอง") in inside
    assert "คนริมคลอง" not in dict(public).values()


def test_what_is_sent_from_it_is_what_was_written(client):
    again = hidden_fields(client.post("/submit/", EVERYTHING | REVIEW))
    assert again == EVERYTHING
    assert client.post("/submit/", again).status_code == 303
    assert Submission.objects.get().body == EVERYTHING["body"]


def test_8000_thai_characters_pass_through_it_byte_for_byte(client):
    body = "กี่" * 8000
    again = hidden_fields(client.post("/submit/", LEAST | REVIEW | {"body": body}))
    assert client.post("/submit/", again).status_code == 303
    assert Submission.objects.get().body == body


def test_change_leads_back_to_the_form_with_everything_in_it(client):
    again = hidden_fields(client.post("/submit/", EVERYTHING | REVIEW))
    response = client.post("/submit/", again | {"change": "1"})
    form = response.context["form"]
    assert not form.errors
    assert form["idempotency_key"].value() == EVERYTHING["idempotency_key"]
    assert form["body"].value() == EVERYTHING["body"]
    assert not Submission.objects.exists()


def test_what_is_wrong_is_said_before_it(client):
    response = client.post("/submit/", EVERYTHING | REVIEW | {"email": "not an address"})
    assert set(response.context["form"].errors) == {"email"}


def test_a_closed_plan_is_said_before_it(client):
    Plan.objects.update(closes_at=timezone.now())
    assert client.post("/submit/", EVERYTHING | REVIEW).status_code == 409


def test_words_that_were_sent_lead_to_their_receipt_even_after_the_plan_has_closed(client):
    client.post("/submit/", EVERYTHING)
    Plan.objects.update(closes_at=timezone.now())
    assert client.post("/submit/", EVERYTHING | REVIEW).status_code == 303
    assert Submission.objects.count() == 1


def test_the_same_words_under_a_new_key_are_noticed_and_can_still_be_sent(client):
    client.post("/submit/", EVERYTHING)
    again = EVERYTHING | OTHER_KEY
    response = client.post("/submit/", again | REVIEW)
    assert response.context["sent"] == Submission.objects.get()
    keys = re.findall(r'<button[^>]+name="idempotency_key" value="(\w+)"', response.content.decode())
    assert keys == [EVERYTHING["idempotency_key"], OTHER_KEY["idempotency_key"]]
    client.post("/submit/", again | {"idempotency_key": keys[0]})
    assert Submission.objects.count() == 1
    client.post("/submit/", again | {"idempotency_key": keys[1]})
    assert Submission.objects.count() == 2


def test_other_words_are_not_taken_for_those_sent_before(client):
    client.post("/submit/", EVERYTHING)
    response = client.post("/submit/", EVERYTHING | OTHER_KEY | REVIEW | {"body": "อีกเรื่องหนึ่งที่ไม่เหมือนเดิม"})
    assert response.context["sent"] is None


def test_the_same_words_from_another_browser_are_another_opinion(client):
    client.post("/submit/", EVERYTHING)
    client.cookies.clear()
    assert client.post("/submit/", EVERYTHING | OTHER_KEY | REVIEW).context["sent"] is None


def test_without_the_review_the_same_words_under_a_new_key_are_stored(client):
    client.post("/submit/", EVERYTHING)
    assert client.post("/submit/", EVERYTHING | OTHER_KEY).status_code == 303
    assert Submission.objects.count() == 2


def test_the_key_travels_in_a_cookie_that_no_script_and_no_other_site_gets(client):
    cookie = SimpleCookie(client.post("/submit/", LEAST).cookies.output(header=""))["form"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/", "Lax", True)
    assert 0 < int(cookie["max-age"]) <= 600


def test_a_forged_cookie_is_ignored(client):
    client.cookies["form"] = "forged"
    assert client.post("/submit/", EVERYTHING | REVIEW).context["sent"] is None


def test_it_is_never_stored_by_a_browser(client):
    assert "no-store" in client.post("/submit/", EVERYTHING | REVIEW).headers["Cache-Control"]


def test_words_that_hold_personal_data_are_asked_about_before_it(client):
    blocked = EVERYTHING | REVIEW | {"body": "บัตรประชาชนของผม 1-1017-00230-70-8 หายที่ตลาด"}
    response = client.post("/submit/", blocked)
    assert set(response.context["form"].errors) == {"body"}
    kept = response.context["form"].mark_to_keep
    assert "public_lines" in client.post("/submit/", blocked | {"keeps_personal_data": kept}).context
