import pytest
from django.core import mail as outbox
from django.utils import translation

from comments import mail
from comments.limits import TooManyTriesError
from tests.factories import BODY, receive

pytestmark = pytest.mark.django_db

LINK = "https://consult.example.org/receipt/?reference=67-9PP2-891R"


def send(receipt, to="a@example.org"):
    mail.send_receipt(receipt.submission, receipt.secret, to=to, link=LINK)


@pytest.mark.parametrize(("language", "word"), [("th", "รหัสลับ"), ("en", "Secret code")])
def test_it_holds_both_codes_and_the_link_but_not_the_opinion(language, word):
    receipt = receive()
    with translation.override(language):
        send(receipt)
    (sent,) = outbox.outbox
    assert sent.to == ["a@example.org"]
    assert receipt.submission.reference in sent.subject
    assert receipt.secret not in sent.subject
    for part in (receipt.submission.reference, receipt.secret, LINK, word):
        assert part in sent.body
    assert BODY not in sent.body


def test_one_receipt_is_sent_once_in_a_few_minutes():
    receipt = receive()
    send(receipt)
    with pytest.raises(TooManyTriesError):
        send(receipt, to="b@example.org")
    assert len(outbox.outbox) == 1


def test_nobody_is_sent_more_than_five_an_hour():
    for _ in range(5):
        send(receive())
    last = receive()
    with pytest.raises(TooManyTriesError):
        send(last, to="A@example.org")
    # The receipt itself has not been used up by that.
    send(last, to="b@example.org")


def test_what_could_not_be_handed_over_may_be_tried_again_at_once(settings):
    receipt = receive()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(mail.NotSentError):
        send(receipt)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send(receipt)
    assert len(outbox.outbox) == 1
