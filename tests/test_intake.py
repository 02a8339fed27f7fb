from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from comments import intake, references
from comments.models import Contact, Plan, Submission
from tests.factories import BODY, receive

pytestmark = pytest.mark.django_db


def test_statement_is_stored_exactly_as_it_came():
    body = "  บรรทัดแรก\r\n\tเเม่นํ้า ๒๕๖๗ 👨‍👩‍👧  "
    receipt = receive(body=body, goal="G67-1.1-01")
    stored = Submission.objects.get(reference=receipt.submission.reference)
    assert stored.body == body
    assert (stored.status, stored.language, stored.goal.code) == ("pending", "th", "G67-1.1-01")
    assert [event.kind for event in stored.events.all()] == ["received"]


def test_same_statement_with_the_same_key_is_one_row_and_one_receipt():
    first, second = receive(key="k"), receive(key="k")
    assert (first.is_new, second.is_new) == (True, False)
    assert (first.submission, first.secret) == (second.submission, second.secret)
    assert Submission.objects.count() == 1
    assert first.submission.events.count() == 1


@pytest.mark.parametrize(
    "change", [{"body": BODY + "!"}, {"stance": "agree"}, {"email": "a@example.org"}, {"shows_name": True}]
)
def test_other_words_under_a_used_key_are_not_dropped_in_silence(change):
    first = receive(key="k")
    with pytest.raises(intake.AlreadySentError) as caught:
        receive(key="k", **change)
    assert caught.value.submission == first.submission


def test_retry_after_the_servers_key_was_replaced_shows_no_secret_that_opens_nothing(settings):
    receive(key="k")
    settings.SECRET_KEY = "another key, as long as it must be, and then some"
    with pytest.raises(intake.AlreadySentError):
        receive(key="k")


def test_secret_is_kept_as_a_hash_only():
    receipt = receive(key="k")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM comments_submission")
        row = " ".join(map(str, cursor.fetchone()))
    assert receipt.secret not in row
    assert references.hash_secret(receipt.secret) in row


def test_contact_details_are_apart_and_encrypted():
    receipt = receive(email="somchai@example.org", phone="02 123 4567", wants_updates=True)
    contact = Contact.objects.get(submission=receipt.submission)
    assert (contact.email, contact.phone, contact.wants_updates) == (
        "somchai@example.org",
        "02 123 4567",
        True,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT email, phone FROM comments_contact")
        assert all("example" not in cell and "123" not in cell for cell in cursor.fetchone())


def test_no_contact_row_without_contact_details():
    receive()
    assert not Contact.objects.exists()


def test_closed_plan_takes_nothing_new_but_gives_the_receipt_again():
    first = receive(key="k")
    Plan.objects.update(closes_at=timezone.now())
    assert receive(key="k").secret == first.secret
    with pytest.raises(intake.NotAcceptingError):
        receive(key="another")
    assert Submission.objects.count() == 1


def test_accepting_and_its_twin_agree_at_both_edges():
    plan = Plan.objects.current()
    plan.opens_at, plan.closes_at = timezone.now(), timezone.now() + timedelta(days=2)
    plan.save()
    tick = timedelta(microseconds=1)
    edges = [plan.opens_at - tick, plan.opens_at, plan.closes_at - tick, plan.closes_at]
    assert [plan.is_accepting(at) for at in edges] == [False, True, True, False]
    assert [Plan.objects.accepting(at).exists() for at in edges] == [False, True, True, False]
    plan.closes_at = None
    plan.save()
    far = plan.opens_at + timedelta(days=4000)
    assert plan.is_accepting(far)
    assert Plan.objects.accepting(far).exists()
    plan.opens_at = None
    plan.save()
    assert not plan.is_accepting()
    assert not Plan.objects.accepting().exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("สั้นไป", "too_short"),
        (" \u200b" * 50, "too_short"),
        ("ก" + "\u0e49" * 50, "too_short"),
        ("ก" * 8001, "too_long"),
        ("ก" + "\u0e49" * 90_000, "too_long"),
        ("น้ำท่วมทุกปี\x00", "nul"),
        ("น้ำท่วมทุกปี\udfff", "unreadable"),
    ],
)
def test_body_that_cannot_be_received_is_refused_with_its_reason(body, code):
    with pytest.raises(ValidationError) as caught:
        receive(body=body)
    assert caught.value.code == code
    assert not Submission.objects.exists()


@pytest.mark.parametrize("body", ["ก้" * 10, "น้ำ" * 8000, "👨‍👩‍👧" * 10])
def test_length_is_counted_as_a_person_would(body):
    assert receive(body=body).submission.body == body
