"""What authors are told of personal data in their words, before and while they send them."""

import re

import pytest
from django.test import Client

from comments import moderation
from comments.models import Submission, SubmissionEvent
from tests.factories import staff, submission

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef0123456789abcdef"
WORDS = "อยากให้ทางเท้าหน้าโรงเรียนเดินได้สะดวก"
NATIONAL_ID = "1-1017-00230-70-8"
PHONE = "081-000-0000"
BLOCKED = f"{WORDS}\r\nเลขบัตรประชาชน {NATIONAL_ID} ครับ"
FORM = {
    "body": BLOCKED,
    "sector": "academic",
    "display_name": "คนริมคลอง",
    "email": "a@example.org",
    "idempotency_key": KEY,
}


def offered(response):
    """Return what the page offers to send so that the words are kept, and whether it is ticked."""
    tag = re.search(r'<input[^>]*name="keeps_personal_data"[^>]*>', response.content.decode())
    return (re.search(r'value="(\w+)"', tag[0])[1], " checked" in tag[0]) if tag else None


def test_a_telephone_number_does_not_stop_the_form(client):
    assert client.post("/submit/", FORM | {"body": f"{WORDS} โทร {PHONE}"}).status_code == 303


@pytest.mark.parametrize("number", [NATIONAL_ID, "บัญชีกสิกร 123-4-56789-0", "4111 1111 1111 1111"])
def test_what_is_never_published_brings_the_form_back_with_all_that_was_typed(client, number):
    body = f"{WORDS} {number}"
    response = client.post("/en/submit/", FORM | {"body": body})
    page = response.content.decode()
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["body"]
    assert page.count("Such numbers are never published.") == 2
    assert all(
        response.context["form"][name].value() == said for name, said in (FORM | {"body": body}).items()
    )
    assert not Submission.objects.exists()


def test_it_is_sent_when_its_author_keeps_it(client):
    mark, is_ticked = offered(client.post("/submit/", FORM))
    assert not is_ticked
    assert client.post("/submit/", FORM | {"keeps_personal_data": mark}).status_code == 303
    assert Submission.objects.get().body == BLOCKED


def test_it_is_sent_when_its_author_mends_it(client):
    client.post("/submit/", FORM)
    assert client.post("/submit/", FORM | {"body": WORDS}).status_code == 303


@pytest.mark.parametrize("kept", ["", "on", "0" * 16, "ก", "x" * 10_000])
def test_nothing_but_the_mark_of_these_words_keeps_them(client, kept):
    assert client.post("/submit/", FORM | {"keeps_personal_data": kept}).status_code == 200
    assert not Submission.objects.exists()


def test_other_words_are_looked_at_anew(client):
    mark, _ = offered(client.post("/submit/", FORM))
    other = FORM | {"body": f"{BLOCKED} และ 4111 1111 1111 1111", "keeps_personal_data": mark}
    response = client.post("/submit/", other)
    assert response.status_code == 200
    assert offered(response)[0] != mark


def test_another_error_comes_first_and_then_leave_that_was_given_stays(client):
    response = client.post("/submit/", FORM | {"email": "x"})
    assert list(response.context["form"].errors) == ["email"]
    assert offered(response) is None
    mark, _ = offered(client.post("/submit/", FORM))
    again = client.post("/submit/", FORM | {"email": "x", "keeps_personal_data": mark})
    assert offered(again) == (mark, True)


def test_a_form_without_its_key_asks_both_at_once(client):
    response = client.post("/submit/", FORM | {"idempotency_key": ""})
    fresh = response.context["form"]["idempotency_key"].value()
    again = FORM | {"idempotency_key": fresh, "keeps_personal_data": offered(response)[0]}
    assert client.post("/submit/", again).status_code == 303


def test_sent_twice_with_leave_it_is_one_opinion(client):
    mark, _ = offered(client.post("/submit/", FORM))
    for _ in range(2):
        assert client.post("/submit/", FORM | {"keeps_personal_data": mark}).status_code == 303
    assert Submission.objects.count() == 1


def test_an_ordinary_text_is_offered_nothing(client):
    assert offered(client.get("/submit/")) is None
    assert offered(client.post("/submit/", FORM | {"body": WORDS, "email": "x"})) is None


def test_a_script_may_ask_before_sending(client, django_assert_num_queries):
    body = f"👨‍👩‍👧 {NATIONAL_ID} โทร {PHONE}"
    with django_assert_num_queries(0):
        response = client.post("/en/submit/check/", {"body": body})
    answer = response.json()
    found = [(one["kind"], one["severity"], body[one["start"] : one["end"]]) for one in answer["findings"]]
    assert found == [("national_id", "block", NATIONAL_ID), ("mobile_phone", "mask", PHONE)]
    assert answer["findings"][1]["label"] == "mobile telephone number"
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


def test_what_the_script_is_given_keeps_the_words_as_the_browser_sends_them(client):
    mark = client.post("/submit/check/", {"body": BLOCKED.replace("\r\n", "\n")}).json()["keep"]
    assert client.post("/submit/", FORM | {"keeps_personal_data": mark}).status_code == 303


def test_the_answer_is_short_however_much_there_is(client):
    assert len(client.post("/submit/check/", {"body": f"โทร {PHONE} " * 500}).json()["findings"]) == 20


def test_a_name_is_for_the_moderators_to_weigh(client):
    assert client.post("/submit/check/", {"body": "ขอให้นายสมชาย ใจดี ดูเรื่องทางเท้า"}).json()["findings"] == []


@pytest.mark.parametrize("body", ["", "ก\x00", "ก\ufffd", "ก" * 100_001])
def test_what_cannot_be_words_is_answered_with_nothing(client, body):
    response = client.post("/submit/check/", {"body": body})
    assert (response.status_code, response.json()) == (400, {})


def test_only_our_own_form_may_ask_and_only_by_post(client):
    assert Client(enforce_csrf_checks=True).post("/submit/check/", {"body": BLOCKED}).status_code == 403
    assert client.get("/submit/check/").status_code == 405


def test_nothing_asked_is_kept_or_logged(client, caplog):
    client.post("/submit/check/", {"body": BLOCKED})
    assert not Submission.objects.exists()
    assert not SubmissionEvent.objects.exists()
    assert {record.name for record in caplog.records} == {"comments.views.request_log"}
    assert NATIONAL_ID not in caplog.text


def covered():
    row = submission(body=f"{WORDS} โทร {PHONE} หรือ 02 123 4567 หรือ {PHONE}")
    spans = [(match.start(), match.end(), "mobile_phone") for match in re.finditer(PHONE, row.body)]
    start = row.body.index("02 123")
    moderation.redact(row, [*spans, (start, start + 11, "landline")], actor=staff("lek"), note="บันทึกภายใน")
    moderation.publish(row, actor=staff("lek"))
    return row


def test_the_page_of_an_opinion_says_which_kinds_are_covered_each_once(client):
    page = client.get(f"/en/comments/{covered().reference}/").content.decode()
    assert "โทร ▇▇▇ หรือ ▇▇▇ หรือ ▇▇▇" in page
    said = re.search(r'<p class="covered[^>]*>(.*?)</p>', page)[1]
    assert "mobile telephone number, telephone number." in said
    assert "Covered" not in client.get(f"/en/comments/{submission('published').reference}/").content.decode()


@pytest.mark.parametrize(
    "path", ["/comments/", "/comments/{}/", "/en/comments/?q=โทร", "/goals/G67-1.1-01/", "/"]
)
def test_what_is_covered_is_nowhere_to_be_read(client, path):
    page = client.get(path.format(covered().reference)).content.decode()
    for secret in (PHONE, "02 123 4567", "บันทึกภายใน", "lek"):
        assert secret not in page


def test_only_a_covered_text_costs_two_questions_more(client, django_assert_num_queries):
    hidden, plain = covered(), submission("published")
    with django_assert_num_queries(3):
        client.get(f"/comments/{plain.reference}/")
    with django_assert_num_queries(5):
        client.get(f"/comments/{hidden.reference}/")
