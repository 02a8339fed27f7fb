import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from comments.models import Contact, Meeting, Plan, Submission

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef0123456789abcdef"
BODY = "  อยากให้ลอกท่อหน้าโรงเรียน\r\nก่อนหน้าฝน 👨‍👩‍👧 <b>&amp;  "
EVERYTHING = {
    "goal": "G67-1.1-01",
    "about": "past_work",
    "kind": "need",
    "stance": "disagree",
    "sector": "academic",
    "district": "1001",
    "body": BODY,
    "display_name": "คนริมคลอง",
    "organisation": "ชุมชนริมคลอง",
    "email": "somying@example.org",
    "phone": "02 123 4567",
    "consent_display_name": "on",
    "consent_updates": "on",
    "idempotency_key": KEY,
}
LEAST = {"body": BODY, "sector": "citizen", "idempotency_key": KEY}


def errors(response):
    return response.context["form"].errors


def keeps_everything(response, data):
    """Tell whether the page draws every value that was sent."""
    form, page = response.context["form"], response.content.decode()
    values = {name: form[name].value() for name in data if name != "idempotency_key"}
    sent = {name: True if value == "on" else value for name, value in data.items() if name in values}
    return values == sent and escape(data["body"]).strip() in page


def test_the_form_has_the_fields_of_the_contract(client):
    names = set(re.findall(r'name="(\w+)"', client.get("/submit/").content.decode()))
    assert names >= {*EVERYTHING, "meeting", "csrfmiddlewaretoken"}


def test_everything_said_is_stored_as_it_came(client):
    response = client.post("/submit/", EVERYTHING)
    assert (response.status_code, response.headers["Location"]) == (303, "/receipt/")
    row = Submission.objects.get()
    assert row.body == BODY
    assert (row.goal.code, row.about, row.kind, row.stance) == ("G67-1.1-01", "past_work", "need", "disagree")
    assert (row.sector.key, row.district.code, row.channel) == ("academic", "1001", "web")
    assert (row.display_name, row.organisation, row.shows_name) == ("คนริมคลอง", "ชุมชนริมคลอง", True)
    contact = Contact.objects.get()
    assert (contact.email, contact.phone, contact.wants_updates) == (
        "somying@example.org",
        "02 123 4567",
        True,
    )


def test_words_and_sector_are_enough(client):
    assert client.post("/submit/", LEAST).status_code == 303
    row = Submission.objects.get()
    assert (row.goal, row.meeting, row.about, row.kind, row.stance) == (None, None, "goals", "opinion", "")
    assert not Contact.objects.exists()


def test_outside_bangkok_is_a_place_to_live(client):
    client.post("/submit/", LEAST | {"district": "outside"})
    row = Submission.objects.get()
    assert (row.is_outside_bangkok, row.district) == (True, None)


def test_a_meeting_can_be_named(client):
    meeting = Meeting.objects.get()
    client.post("/submit/", LEAST | {"meeting": meeting.pk})
    assert Submission.objects.get().meeting == meeting


def test_in_english_it_leads_to_the_english_receipt(client):
    assert client.post("/en/submit/", LEAST).headers["Location"] == "/en/receipt/"


def test_sent_twice_it_is_one_opinion_and_the_same_receipt(client):
    shown = []
    for _ in range(2):
        client.post("/submit/", EVERYTHING)
        shown.append(re.findall(r'id="receipt-\w+">([^<]+)<', client.get("/receipt/").content.decode()))
    assert Submission.objects.count() == 1
    assert len(shown[0]) == 2
    assert shown[0] == shown[1]


def test_other_words_under_the_same_key_are_kept_and_can_be_sent_again(client):
    client.post("/submit/", LEAST)
    other = LEAST | {"body": "คราวนี้เป็นเรื่องทางเท้าหน้าตลาด"}
    response = client.post("/submit/", other)
    assert response.status_code == 409
    assert keeps_everything(response, other)
    assert Submission.objects.get().reference in response.content.decode()
    again = other | {"idempotency_key": response.context["form"]["idempotency_key"].value()}
    assert client.post("/submit/", again).status_code == 303
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("key", [None, "", "short", KEY.upper(), KEY + "0"])
def test_without_its_key_the_form_asks_for_a_second_press(client, key):
    data = {name: value for name, value in EVERYTHING.items() if name != "idempotency_key"}
    response = client.post("/submit/", data if key is None else data | {"idempotency_key": key})
    assert response.status_code == 200
    assert keeps_everything(response, data)
    fresh = response.context["form"]["idempotency_key"].value()
    assert not Submission.objects.exists()
    assert client.post("/submit/", data | {"idempotency_key": fresh}).status_code == 303


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "Please write your opinion."),
        ("สั้นไป", "at least 10 characters"),
        (" \t\n" * 20, "at least 10 characters"),
        ("\u200b\u200c\u2060" * 20, "at least 10 characters"),
        ("ก" * 8001, "At most 8000"),
        ("ข้อความที่มีตัวอักษรว่าง\x00", "null character"),
        ("ข้อความที่อ่านไม่ออก \ufffd", "can&#x27;t be read"),
    ],
)
def test_words_that_cannot_be_received_are_given_back_with_the_reason(client, body, said):
    response = client.post("/en/submit/", EVERYTHING | {"body": body})
    assert response.status_code == 200
    assert set(errors(response)) == {"body"}
    assert said in response.content.decode()
    assert response.context["form"]["body"].value() == body
    assert not Submission.objects.exists()


def test_a_lone_surrogate_is_no_text(client):
    raw = "sector=citizen&idempotency_key=" + KEY + "&body=abcdefghijkl%ED%A0%80"
    response = client.post("/submit/", raw, content_type="application/x-www-form-urlencoded")
    assert set(errors(response)) == {"body"}


def test_a_mark_to_keep_that_cannot_be_read_keeps_the_words(client):
    response = client.post("/submit/", LEAST | {"keeps_personal_data": "\x00"})
    assert set(errors(response)) == {"keeps_personal_data"}
    assert keeps_everything(response, LEAST)


def test_8000_thai_characters_with_their_marks_survive_byte_for_byte(client):
    body = "กี่" * 8000
    assert client.post("/submit/", LEAST | {"body": body}).status_code == 303
    assert Submission.objects.get().body == body


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("goal", "G67-9.9-99"),
        ("meeting", "0"),
        ("sector", "nobody"),
        ("sector", ""),
        ("district", "1051"),
        ("about", "x"),
        ("kind", "x"),
        ("stance", "x"),
        ("email", "not an address"),
        ("phone", "12"),
        ("display_name", "ก" * 121),
        ("display_name", "ก\x00"),
        ("organisation", "ก\ufffd"),
    ],
)
def test_a_wrong_value_is_an_error_beside_its_field_and_nothing_is_lost(client, name, value):
    data = EVERYTHING | {name: value}
    response = client.post("/submit/", data)
    assert response.status_code == 200
    assert set(errors(response)) == {name}
    page = response.content.decode()
    assert f'id="id_{name}_error"' in page
    assert f'aria-describedby="id_{name}' in page
    assert keeps_everything(response, data)
    assert not Submission.objects.exists()


def test_the_summary_leads_to_each_field(client):
    page = client.post("/submit/", {"idempotency_key": KEY}).content.decode()
    for target in re.findall(r'<a href="#(id_\w+)">', page):
        assert f'id="{target}"' in page
    assert 'href="#id_body"' in page
    assert 'href="#id_sector_0"' in page


def test_a_meeting_of_another_plan_is_refused(client):
    other = Plan.objects.get()
    other.pk, other.fiscal_year = None, 2566
    other.save()
    foreign = Meeting.objects.create(
        plan=other, slug="other", title_th="อื่น", title_en="Other", held_on=timezone.localdate(), mode="online"
    )
    assert set(errors(client.post("/submit/", LEAST | {"meeting": foreign.pk}))) == {"meeting"}


def test_news_of_the_answer_needs_a_way_to_send_it(client):
    response = client.post("/submit/", LEAST | {"consent_updates": "on"})
    assert set(errors(response)) == {"email"}


@pytest.mark.parametrize(("opens", "closes"), [(-2, -1), (1, 2)])
def test_a_closed_plan_gives_the_words_back(client, opens, closes):
    now = timezone.now()
    Plan.objects.update(opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))
    response = client.post("/submit/", EVERYTHING)
    assert response.status_code == 409
    assert keeps_everything(response, EVERYTHING)
    assert not Submission.objects.exists()
    assert "<textarea" not in client.get("/submit/").content.decode()


def test_an_expired_token_gives_the_words_back_with_a_fresh_one():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/submit/", EVERYTHING | {"csrfmiddlewaretoken": "x" * 64})
    assert response.status_code == 403
    assert keeps_everything(response, EVERYTHING)
    assert not Submission.objects.exists()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode())[1]
    assert client.post("/submit/", EVERYTHING | {"csrfmiddlewaretoken": token}).status_code == 303


def test_more_than_can_be_read_is_a_page_of_its_own(client):
    response = client.post("/submit/", LEAST | {"body": "x" * 11_000_000}, headers={"accept-language": "en"})
    assert response.status_code == 413
    assert "ขนาดใหญ่เกินไป" in response.content.decode()
    assert client.post("/en/submit/", LEAST | {"body": "x" * 11_000_000}).status_code == 413
    assert not Submission.objects.exists()


def test_a_link_can_choose_goal_and_meeting(client):
    meeting = Meeting.objects.get()
    page = client.get(f"/submit/?goal=G67-1.1-01&meeting={meeting.pk}").content.decode()
    assert '<option value="G67-1.1-01" selected' in page
    assert f'<option value="{meeting.pk}" selected>' in page


@pytest.mark.parametrize("query", ["goal=nope", "meeting=0", "goal=%00", "meeting=%ED%A0%80"])
def test_a_link_to_something_unknown_says_so_and_chooses_nothing(client, query):
    response = client.get(f"/en/submit/?{query}")
    assert response.status_code == 200
    assert "we do not know" in response.content.decode()
    assert response.context["form"]["goal"].value() is None


def test_each_drawing_has_a_key_of_its_own(client):
    keys = {client.get("/submit/").context["form"]["idempotency_key"].value() for _ in range(3)}
    assert len(keys) == 3


def test_the_secret_travels_in_a_cookie_that_no_script_and_no_other_site_gets(client):
    response = client.post("/submit/", LEAST)
    cookie = SimpleCookie(response.cookies.output(header=""))["receipt"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/", "Lax", True)
    assert 0 < int(cookie["max-age"]) <= 600
    assert "?" not in response.headers["Location"]


def test_the_back_button_may_restore_the_empty_form_but_typed_text_is_never_stored(client):
    assert set(client.get("/submit/").headers["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert "no-store" in client.post("/submit/", EVERYTHING | {"body": ""}).headers["Cache-Control"]


def test_other_methods_are_refused(client):
    assert client.put("/submit/").status_code == 405


def test_drawing_the_form_takes_five_questions_to_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(5):
        client.get("/submit/")
