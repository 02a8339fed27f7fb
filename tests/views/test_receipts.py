import re

import pytest
from django.test import Client

from comments import moderation
from comments.models import Submission
from tests.factories import BODY, reason, receive, staff

pytestmark = pytest.mark.django_db

FORM = {"body": BODY, "sector": "citizen", "idempotency_key": "f" * 32}


@pytest.fixture
def receipt():
    return receive()


def keys(receipt):
    return {"reference": receipt.submission.reference, "secret": receipt.secret}


def state(client, receipt, path="/receipt/"):
    response = client.post(path, keys(receipt))
    return re.search(r'data-status="(\w+)"', response.content.decode())[1]


def test_after_sending_it_shows_reference_and_secret_once(client):
    client.post("/submit/", FORM)
    page = client.get("/receipt/").content.decode()
    assert re.search(r'id="receipt-reference">67-\w{4}-\w{4}<', page)
    assert re.search(r'id="receipt-secret">[\w-]{32,}<', page)
    again = client.get("/receipt/").content.decode()
    assert "receipt-secret" not in again
    assert 'name="secret"' in again


def test_it_works_in_english_too(client):
    client.post("/en/submit/", FORM)
    assert "receipt-secret" in client.get("/en/receipt/").content.decode()


def test_a_forged_cookie_shows_the_look_up(client):
    client.cookies["receipt"] = "WyI2Ny0wMDAwLTAwMDAiLCJ4Il0:1:x"
    assert 'name="secret"' in client.get("/receipt/").content.decode()


def test_no_cache_keeps_any_of_it(client, receipt):
    client.post("/submit/", FORM)
    for response in (
        client.get("/receipt/"),
        client.get("/receipt/"),
        client.post("/receipt/", keys(receipt)),
        client.post("/receipt/withdraw/", keys(receipt)),
    ):
        assert "no-store" in response.headers["Cache-Control"]


def test_both_keys_open_the_state_and_the_words(client, receipt):
    response = client.post("/receipt/", keys(receipt))
    assert BODY in response.content.decode()
    assert state(client, receipt) == "pending"


def test_keys_typed_loosely_open_it_too(client, receipt):
    loose = {name: value.lower().replace("-", " ") for name, value in keys(receipt).items()}
    assert BODY in client.post("/receipt/", loose).content.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [("reference", "67-0000-0000"), ("reference", "x"), ("reference", ""), ("secret", "x"), ("secret", "")],
)
def test_without_both_keys_nothing_is_shown(client, receipt, name, value):
    response = client.post("/receipt/", keys(receipt) | {name: value})
    assert response.context["form"].errors
    assert BODY not in response.content.decode()


def test_the_secret_of_another_opinion_does_not_open_it(client, receipt):
    other = receive(body="ความคิดเห็นของคนอื่นเรื่องน้ำท่วม")
    response = client.post("/receipt/", keys(receipt) | {"secret": other.secret})
    assert BODY not in response.content.decode()


def test_a_published_opinion_links_to_its_page(client, receipt):
    moderation.publish(receipt.submission, actor=staff())
    page = client.post("/receipt/", keys(receipt)).content.decode()
    assert f'href="/comments/{receipt.submission.reference}/"' in page


def test_one_that_is_not_published_shows_the_public_reason_and_never_the_note(client, receipt):
    moderation.reject(receipt.submission, actor=staff("first-moderator"), reason=reason(), note="บันทึกภายใน")
    page = client.post("/receipt/", keys(receipt)).content.decode()
    assert reason().explanation_th in page
    assert "บันทึกภายใน" not in page
    assert "first-moderator" not in page


def test_the_author_reads_all_words_and_which_parts_the_public_does_not_see(client):
    receipt = receive(body="โทรหาผมได้ที่ 081-000-0000 เรื่องทางเท้าหน้าโรงเรียน")
    assert "What the public does not see" not in client.post("/en/receipt/", keys(receipt)).content.decode()
    moderation.redact(
        receipt.submission, [(14, 26, "mobile_phone")], actor=staff("first-moderator"), note="บันทึกภายใน"
    )
    page = client.post("/en/receipt/", keys(receipt)).content.decode()
    assert "โทรหาผมได้ที่ <mark>081-000-0000</mark> เรื่องทางเท้าหน้าโรงเรียน" in page
    assert re.search(r"<li><mark>081-000-0000</mark>.*mobile telephone number", page)
    assert "บันทึกภายใน" not in page
    assert "first-moderator" not in page


def test_what_was_uncovered_again_is_told_no_longer(client):
    receipt = receive(body="โทรหาผมได้ที่ 081-000-0000 เรื่องทางเท้าหน้าโรงเรียน")
    moderation.redact(receipt.submission, [(14, 26, "mobile_phone")], actor=staff())
    moderation.redact(receipt.submission, [], actor=staff())
    assert "<mark>" not in client.post("/receipt/", keys(receipt)).content.decode()


def new_receipt(client, body):
    client.post("/en/submit/", FORM | {"body": body})
    return client.get("/en/receipt/").content.decode()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("โทรหาผมได้ที่ 081-000-0000 เรื่องทางเท้า", "Staff will cover it before publication."),
        ("เบอร์บ้านโทร 02 123 4567 เรื่องทางเท้า", "Staff will decide whether to cover it"),
        (BODY, None),
    ],
)
def test_the_receipt_tells_what_looks_like_personal_data(client, body, said):
    page = new_receipt(client, body)
    assert ("looks like personal data" in page) == bool(said)
    assert (said or "") in page


@pytest.mark.parametrize(
    ("body", "told"),
    [("ไฟทางดับในซอยทดสอบ 5 มาสามวันแล้วครับ", True), ("ควรกำหนดเป้าหมายซ่อมไฟทางดับในซอยทุกเขต", False)],
)
def test_one_defect_at_one_place_is_told_of_traffy_fondue_and_accepted(client, body, told):
    page = new_receipt(client, body)
    assert ("Traffy Fondue" in page) == told
    assert "traffy" not in page.replace("Traffy Fondue", "")
    assert Submission.objects.get().body == body


def test_looks_into_the_contact_details_are_not_told(client):
    receipt = receive(email="a@example.org")
    moderation.reveal_contact(receipt.submission, actor=staff(), reason="โทรกลับ")
    response = client.post("/receipt/", keys(receipt))
    assert [step.title for step in response.context["steps"] if step.at] == ["เราได้รับความคิดเห็นของคุณแล้ว"]


def test_the_author_takes_it_back(client, receipt):
    moderation.publish(receipt.submission, actor=staff())
    assert state(client, receipt, "/receipt/withdraw/") == "withdrawn"
    assert Submission.objects.get().status == "withdrawn"
    assert client.get(f"/comments/{receipt.submission.reference}/").status_code == 404


def test_taking_back_twice_says_how_it_stands(client, receipt):
    client.post("/receipt/withdraw/", keys(receipt))
    response = client.post("/receipt/withdraw/", keys(receipt))
    assert response.status_code == 409
    assert receipt.submission.events.filter(kind="withdrawn").count() == 1


def test_nobody_takes_it_back_without_the_secret(client, receipt):
    client.post("/receipt/withdraw/", keys(receipt) | {"secret": "x"})
    assert Submission.objects.get().status == "pending"


def test_the_address_for_taking_back_leads_to_the_look_up(client):
    assert client.get("/en/receipt/withdraw/").headers["Location"] == "/en/receipt/"


def test_other_methods_are_refused(client):
    assert client.put("/receipt/").status_code == 405
    assert client.put("/receipt/withdraw/").status_code == 405


@pytest.mark.parametrize(
    "address", ["/receipt/", "/receipt/withdraw/", "/receipt/edit/", "/receipt/erasure/"]
)
def test_an_expired_page_gives_the_typed_keys_back(address):
    row = receive()
    keys = {"reference": row.submission.reference, "secret": row.secret}
    response = Client(enforce_csrf_checks=True).post(address, keys)
    page = response.content.decode()
    assert response.status_code == 403
    for typed in keys.values():
        assert f'value="{typed}"' in page
    assert "หน้านี้หมดอายุแล้ว" in page
    assert Submission.objects.get().status == "pending"
