import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from comments import authoring, moderation
from comments.models import Contact, Submission, SubmissionVersion
from tests.factories import BODY, receive, staff
from tests.test_redaction import BODY as WITH_ID

pytestmark = pytest.mark.django_db

OTHER = "ขอเปลี่ยนเป็นเรื่องไฟส่องสว่างริมคลองทุกสายในเขตของเรา"
DEEDS = ["edit", "wishes", "withdraw", "erasure", "copy"]


@pytest.fixture
def receipt():
    return receive(email="somebody@example.org", phone="081 234 5678")


@pytest.fixture
def _sends(settings):
    settings.SENDS_EMAIL = True


def keys(receipt):
    return {"reference": receipt.submission.reference, "secret": receipt.secret}


def post(client, receipt, deed="", prefix="", **data):
    path = f"{prefix}/receipt/{deed}/" if deed else f"{prefix}/receipt/"
    return client.post(path, keys(receipt) | data)


def edit(client, receipt, body=OTHER, edition=1, **data):
    return post(client, receipt, "edit", prefix="/en", body=body, edition=edition, **data)


def test_the_author_changes_the_words_and_still_reads_the_first_ones(client, receipt):
    page = edit(client, receipt).content.decode()
    assert "Your new words are saved" in page
    assert OTHER in page
    assert BODY in page
    assert "As first received" in page
    assert 'name="edition" value="2"' in page
    assert "You changed your words" in page


def test_the_same_press_twice_is_one_version_and_no_failure(client, receipt):
    edit(client, receipt)
    response = edit(client, receipt)
    assert response.status_code == 200
    assert "Your new words are saved" in response.content.decode()
    assert SubmissionVersion.objects.count() == 1


def test_the_same_words_are_no_change(client, receipt):
    assert "Nothing was changed" in edit(client, receipt, body=BODY).content.decode()
    assert Submission.objects.get().edition == 1


def test_a_decision_in_between_is_told_and_keeps_what_was_typed(client, receipt):
    moderation.publish(receipt.submission, actor=staff())
    response = edit(client, receipt)
    page = response.content.decode()
    assert response.status_code == 409
    assert "can no longer be changed" in page
    assert f"{OTHER}</textarea>" in page
    assert Submission.objects.get().words == BODY


def test_other_words_from_another_page_are_told_and_keep_what_was_typed(client, receipt):
    edit(client, receipt)
    response = edit(client, receipt, body="คำอื่นจากอีกหน้าหนึ่งที่เปิดไว้")
    assert response.status_code == 409
    assert "from another page" in response.content.decode()
    assert "คำอื่นจากอีกหน้าหนึ่งที่เปิดไว้</textarea>" in response.content.decode()
    assert Submission.objects.get().words == OTHER
    # Who has read how they stand now, and presses again, means it.
    edit(
        client,
        receipt,
        body="คำอื่นจากอีกหน้าหนึ่งที่เปิดไว้",
        edition=response.context["edit_form"]["edition"].value(),
    )
    assert Submission.objects.get().words == "คำอื่นจากอีกหน้าหนึ่งที่เปิดไว้"


def test_after_24_hours_the_form_is_gone_and_a_late_press_is_told(client):
    receipt = receive(at=timezone.now() - timedelta(hours=24))
    assert "Change my words" not in post(client, receipt, prefix="/en").content.decode()
    response = edit(client, receipt)
    assert response.status_code == 409
    assert f"{OTHER}</textarea>" in response.content.decode()
    late = edit(client, receipt, body="สั้นไป").content.decode()
    assert "สั้นไป</textarea>" in late


@pytest.mark.parametrize(
    "bad",
    [
        {"body": "สั้นไป"},
        {"body": ""},
        {"body": "มีอักขระ\x00ว่างในข้อความ"},
        {"edition": "9" * 5_000},
        {"edition": "x"},
        {"edition": ""},
    ],
)
def test_what_can_not_be_saved_is_told_and_kept(client, receipt, bad):
    response = edit(client, receipt, **bad)
    assert response.status_code == 200
    assert response.context["edit_form"].errors
    assert Submission.objects.get().words == BODY
    assert f"{bad.get('body', OTHER)}</textarea>" in response.content.decode()


def test_personal_data_that_is_never_published_is_asked_about_once(client, receipt):
    response = edit(client, receipt, body=WITH_ID)
    mark = response.context["edit_form"].mark_to_keep
    assert "Such numbers are never published" in response.content.decode()
    assert Submission.objects.get().words == BODY
    edit(client, receipt, body=WITH_ID, keeps_personal_data=mark)
    assert Submission.objects.get().words == WITH_ID


def test_contact_details_are_shown_masked_only(client, receipt):
    page = post(client, receipt).content.decode()
    assert "s…@e….org" in page
    assert "…78" in page
    assert "somebody@example.org" not in page
    assert not re.search(r"\b234\b", page)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({}, ("somebody@example.org", "081 234 5678", False)),
        ({"email": "new@example.org"}, ("new@example.org", "081 234 5678", False)),
        ({"remove_email": "on", "consent_updates": "on"}, ("", "081 234 5678", True)),
        ({"remove_email": "on", "remove_phone": "on"}, ("", "", False)),
        ({"phone": "02 123 4567", "remove_email": "on"}, ("", "02 123 4567", False)),
    ],
)
def test_wishes_are_changed_kept_and_removed(client, receipt, typed, stored):
    assert post(client, receipt, "wishes", **typed).status_code == 200
    contact = Contact.objects.get()
    assert (contact.email, contact.phone, contact.wants_updates) == stored


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"email": "new@example.org", "remove_email": "on"}, "email"),
        ({"remove_email": "on", "remove_phone": "on", "consent_updates": "on"}, "email"),
    ],
)
def test_wishes_that_can_not_be_saved_are_told_and_kept(client, receipt, typed, field):
    response = post(client, receipt, "wishes", **typed)
    assert field in response.context["wishes_form"].errors
    assert Contact.objects.get().email == "somebody@example.org"
    assert typed.get("email", typed.get("phone", "")) in response.content.decode()


def test_who_gave_no_address_may_give_one_later(client):
    receipt = receive()
    post(client, receipt, "wishes", email="late@example.org", consent_updates="on")
    assert Contact.objects.get().email == "late@example.org"


def test_asking_for_erasure_takes_it_back_and_stands_on_the_timeline(client, receipt):
    moderation.publish(receipt.submission, actor=staff())
    page = post(client, receipt, "erasure", prefix="/en").content.decode()
    assert "You asked us to erase it" in page
    assert "Staff look into your request" in page
    assert "Ask to erase my opinion" not in page
    assert client.get(f"/comments/{receipt.submission.reference}/").status_code == 404


@pytest.mark.parametrize("deed", DEEDS)
def test_without_the_secret_nothing_is_done(client, receipt, deed):
    response = client.post(f"/receipt/{deed}/", keys(receipt) | {"secret": "x", "body": OTHER, "edition": 1})
    assert response.context["form"].errors
    row = Submission.objects.get()
    assert (row.status, row.words, row.events.count()) == ("pending", BODY, 1)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.usefixtures("_sends")
def test_no_cache_keeps_it(client, receipt, deed):
    data = {"body": OTHER, "edition": 1}
    assert "no-store" in post(client, receipt, deed, **data).headers["Cache-Control"]
    assert "no-store" in client.get(f"/receipt/{deed}/").headers["Cache-Control"]


def test_an_expired_page_gives_the_typed_words_back_for_a_second_press(receipt):
    data = keys(receipt) | {"body": OTHER, "edition": "1"}
    response = Client(enforce_csrf_checks=True).post("/receipt/edit/", data)
    page = response.content.decode()
    assert response.status_code == 403
    assert f"{OTHER}</textarea>" in page
    assert '<input type="hidden" name="edition" value="1">' in page
    assert 'action="/receipt/edit/"' in page


@pytest.mark.parametrize("reference", [None, "67-0000-0000"])
def test_too_many_wrong_secrets_are_refused_alike_for_any_reference(client, receipt, reference):
    wrong = keys(receipt) | {"secret": "wrong"} | ({"reference": reference} if reference else {})
    statuses = [client.post("/en/receipt/", wrong).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    response = client.post("/en/receipt/edit/", wrong | {"body": OTHER, "edition": 1})
    page = response.content.decode()
    assert 0 < int(response.headers["Retry-After"]) <= 15 * 60
    assert "Please try again in 15 minutes" in page
    assert f"{OTHER}</textarea>" in page
    assert f'value="{wrong["reference"]}"' in page


def test_the_link_of_the_receipt_fills_the_reference_in_and_holds_no_secret(client):
    client.post("/submit/", {"body": BODY, "sector": "citizen", "idempotency_key": "f" * 32})
    response = client.get("/receipt/")
    link, secret = response.context["link"], response.context["secret"]
    assert secret not in link
    assert 'class="qr"' in response.content.decode()
    page = client.get(link).content.decode()
    assert f'name="reference" value="{Submission.objects.get().reference}"' in page


@pytest.mark.parametrize("reference", ["x", "%00", "9" * 9_000, "67-0000-0001", "%ED%A0%80"])
def test_a_link_with_something_else_in_it_fills_nothing_in(client, reference):
    page = client.get(f"/receipt/?reference={reference}").content.decode()
    assert re.search(r'name="reference" (?!value)', page)


def test_a_copy_is_offered_only_where_e_mail_is_sent(client, receipt, settings):
    client.post("/submit/", {"body": BODY, "sector": "citizen", "idempotency_key": "f" * 32})
    assert "/receipt/copy/" not in client.get("/receipt/").content.decode()
    assert post(client, receipt, "copy").status_code == 404


@pytest.mark.parametrize(("typed", "to"), [("", "somebody@example.org"), ("b@example.org", "b@example.org")])
@pytest.mark.usefixtures("_sends")
def test_a_copy_goes_to_the_address_typed_or_known(client, receipt, typed, to):
    page = post(client, receipt, "copy", prefix="/en", email=typed).content.decode()
    assert "The copy is on its way" in page
    assert receipt.secret in page
    (sent,) = outbox.outbox
    assert sent.to == [to]
    assert f"/en/receipt/?reference={receipt.submission.reference}" in sent.body


@pytest.mark.usefixtures("_sends")
def test_without_any_address_a_copy_asks_for_one_and_the_receipt_stays(client):
    receipt = receive()
    response = post(client, receipt, "copy", email="none")
    assert response.context["copy_form"].errors
    assert receipt.secret in response.content.decode()
    assert not outbox.outbox


@pytest.mark.usefixtures("_sends")
def test_a_copy_that_fails_never_loses_the_receipt(client, receipt, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = post(client, receipt, "copy", prefix="/en")
    assert response.status_code == 503
    assert "could not be sent" in response.content.decode()
    assert receipt.secret in response.content.decode()


@pytest.mark.usefixtures("_sends")
def test_a_second_copy_has_to_wait(client, receipt):
    post(client, receipt, "copy")
    response = post(client, receipt, "copy", prefix="/en")
    assert (response.status_code, "Retry-After" in response.headers) == (429, True)
    assert receipt.secret in response.content.decode()


def test_an_edited_receipt_shows_what_staff_covered_in_the_new_words(client, receipt):
    authoring.edit(receipt.submission, OTHER)
    moderation.redact(Submission.objects.get(), [(0, 9, "other")], actor=staff())
    assert f"<mark>{OTHER[:9]}</mark>" in post(client, receipt).content.decode()
