import re

import pytest
from django.test import Client
from django.utils import translation

from comments import appeals, authoring, erasure, moderation
from comments.models import Appeal, Submission
from comments.views.timeline import steps
from tests.factories import BODY, reason, receive, reply, staff, submission

pytestmark = pytest.mark.django_db

WORDS = "My words are about the plan itself; please read them once more."
WHY = "They are about another city."


@pytest.fixture
def receipt():
    made = receive()
    moderation.reject(made.submission, actor=staff("first"), reason=reason())
    return made


def post(client, receipt, deed="appeal", prefix="/en", **data):
    path = f"{prefix}/receipt/{deed}/" if deed else f"{prefix}/receipt/"
    keys = {"reference": receipt.submission.reference, "secret": receipt.secret}
    return client.post(path, keys | data)


def page(client, receipt):
    return post(client, receipt, "").content.decode()


def told(receipt):
    with translation.override("en"):
        return [(step.when, step.title) for step in steps(Submission.objects.get(pk=receipt.submission.pk))][
            2:
        ]


def decide(receipt, outcome):
    appeal, other = Appeal.objects.get(submission=receipt.submission), staff("second")
    if outcome == "uphold":
        appeals.uphold(appeal, actor=other, words=WHY)
    else:
        appeals.grant(appeal, actor=other, words=WHY, publishes=outcome == "publish")


def test_the_author_appeals_once_and_reads_that_it_waits(client, receipt):
    assert 'id="appeal"' in page(client, receipt)
    response = post(client, receipt, body=WORDS)
    shown = response.content.decode()
    assert response.status_code == 200
    assert "We have your appeal" in shown
    assert WORDS in shown
    assert "It has not been decided yet" in shown
    assert 'id="appeal"' not in shown
    assert "no-store" in response["Cache-Control"]
    assert told(receipt) == [
        ("done", "You appealed"),
        ("now", "Another member of the staff looks at it"),
        ("later", "Decided"),
    ]


def test_a_double_press_is_one_appeal_and_no_failure(client, receipt):
    answers = [post(client, receipt, body=WORDS) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert "We have your appeal" in answers[1].content.decode()
    assert Appeal.objects.count() == 1


def test_other_words_after_it_are_refused_and_given_back(client, receipt):
    post(client, receipt, body=WORDS)
    response = post(client, receipt, body=f"{WORDS} And more.")
    assert response.status_code == 409
    assert "there is an appeal already" in response.content.decode()
    assert f"{WORDS} And more.</textarea>" in response.content.decode()


@pytest.mark.parametrize("outcome", ["uphold", "publish", "queue"])
def test_the_result_and_the_words_are_on_the_receipt(client, receipt, outcome):
    post(client, receipt, body=WORDS)
    decide(receipt, outcome)
    shown = page(client, receipt)
    said = "The decision stands" if outcome == "uphold" else "It was granted"
    assert said in shown
    assert WHY in shown
    assert WORDS in shown
    assert 'id="appeal"' not in shown
    steps_told = {
        "uphold": [("now", "Your appeal was decided: it stays unpublished")],
        "publish": [
            ("done", "Your appeal was granted"),
            ("done", "Staff took their decision back"),
            ("now", "Staff published it"),
            ("later", "Answered"),
        ],
    }
    if outcome in steps_told:
        assert told(receipt)[1:] == steps_told[outcome]


def test_a_rejection_that_is_taken_back_leaves_nothing_to_decide(client, receipt):
    post(client, receipt, body=WORDS)
    moderation.restore(Submission.objects.get(), actor=staff("first"))
    assert "It needs no decision any more" in page(client, receipt)


@pytest.mark.parametrize("status", ["pending", "published", "withdrawn"])
def test_what_is_not_rejected_offers_no_appeal_and_takes_none(client, status):
    receipt = receive()
    if status == "published":
        moderation.publish(receipt.submission, actor=staff())
    if status == "withdrawn":
        moderation.withdraw(receipt.submission)
    assert 'id="appeal"' not in page(client, receipt)
    response = post(client, receipt, body=WORDS)
    assert response.status_code == 409
    assert f"{WORDS}</textarea>" in response.content.decode()
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "Please write why"),
        ("too short", "at least 10"),
        ("ก" * 2_001, "At most 2000"),
        ("ก" * 200_000, "At most 2000"),
        (f"{WORDS}\x00", ""),
        (f"{WORDS}\ud800", ""),
    ],
)
def test_words_that_cannot_be_taken_stay_beside_what_is_wrong(client, receipt, body, said):
    response = post(client, receipt, body=body.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    shown = response.content.decode()
    if "\ud800" in body:
        assert response.status_code == 200
        return
    assert "data-error-summary" in shown
    assert re.search(r'id="appeal" open', shown)
    assert said in shown
    assert body.replace("\x00", "")[:20] in shown
    assert not Appeal.objects.exists()


def test_wrong_keys_keep_the_words_for_the_next_try(client, receipt):
    response = client.post(
        "/en/receipt/appeal/", {"reference": receipt.submission.reference, "secret": "wrong", "body": WORDS}
    )
    assert WORDS in response.content.decode()
    assert 'action="/en/receipt/appeal/"' in response.content.decode()
    assert not Appeal.objects.exists()


def test_an_expired_token_keeps_the_words(receipt):
    response = post(Client(enforce_csrf_checks=True), receipt, body=WORDS)
    assert response.status_code == 403
    assert WORDS in response.content.decode()


def test_a_reply_can_be_appealed_for_too(client):
    opinion = submission("published", body=BODY)
    row = reply(opinion, "rejected")
    appeals.lodge(row, WORDS)
    appeals.grant(Appeal.objects.get(), actor=staff("second"), publishes=True)
    opinion.refresh_from_db()
    assert opinion.reply_count == 1


def test_the_words_of_an_appeal_are_on_no_public_page(client, receipt):
    post(client, receipt, body=WORDS)
    decide(receipt, "publish")
    for path in (
        f"/en/comments/{receipt.submission.reference}/",
        "/en/comments/",
        "/comments/feed/",
        "/en/results/",
    ):
        shown = client.get(path).content.decode()
        assert WORDS not in shown
        assert WHY not in shown
    assert receipt.submission.reference in client.get("/en/comments/").content.decode()


def test_after_an_erasure_neither_words_nor_reply_are_shown(client, receipt):
    post(client, receipt, body=WORDS)
    decide(receipt, "uphold")
    row = Submission.objects.get()
    authoring.ask_for_erasure(row)
    erasure.erase(row, actor=staff("administrator"), ground="receipt")
    shown = page(client, receipt)
    assert WORDS not in shown
    assert WHY not in shown
    assert "The words have been removed" in shown
