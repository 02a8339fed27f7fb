"""Who asked for news is told once of each answer, and of nothing else."""

import logging
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from comments import mail, moderation
from comments.models import AnswerNotice, Contact, Submission
from tests.factories import answered, submission, unlike

pytestmark = pytest.mark.django_db

ADDRESS = "somebody@example.org"


class Failing(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, _messages):
        raise ConnectionRefusedError("no")


@pytest.fixture(autouse=True)
def _sends(settings):
    settings.SENDS_EMAIL = True
    settings.SITE_URL = "https://consult.example.org"


@pytest.fixture
def row():
    found = submission("published", body=unlike())
    Contact.objects.create(submission=found, email=ADDRESS, wants_updates=True)
    return found


def run():
    out = StringIO()
    call_command("send_mail_queue", stdout=out)
    return out.getvalue()


def state():
    return AnswerNotice.objects.values_list("mail", flat=True).get()


def test_who_asked_is_told_once_in_their_language_and_reads_no_words_but_the_answer(row):
    answer = answered(row, outcome="already_done", text_th="กำลังซ่อมทางเท้าอยู่")
    assert "1 e-mails sent" in run()
    assert "0 e-mails sent" in run()
    (sent,) = outbox.outbox
    assert sent.to == [ADDRESS]
    assert row.reference in sent.subject
    for part in ("กำลังซ่อมทางเท้าอยู่", answer.office.title_th, str(answer.get_outcome_display())):
        assert part in sent.body
    assert f"https://consult.example.org/receipt/?reference={row.reference}" in sent.body
    assert row.body not in sent.body
    assert state() == "sent"


def test_who_wrote_english_reads_english():
    found = submission("published", body="Please mend the pavement in front of the school.")
    Contact.objects.create(submission=found, email=ADDRESS, wants_updates=True)
    answered(found, text_en="It will be mended this year.")
    run()
    (sent,) = outbox.outbox
    assert "It will be mended this year." in sent.body
    assert "The city has answered your opinion" in sent.body
    assert "/en/receipt/" in sent.body


def test_a_correction_is_told_once_more(row):
    answered(row)
    run()
    answered(row, text_th="คำตอบฉบับแก้ไข")
    run()
    run()
    assert len(outbox.outbox) == 2


def test_nobody_else_is_told():
    answered(submission("published", body=unlike()))
    assert "0 e-mails sent" in run()
    assert outbox.outbox == []


def test_who_changed_their_mind_is_not_told(row):
    answered(row)
    Contact.objects.filter(submission=row).update(wants_updates=False)
    run()
    assert (outbox.outbox, state()) == ([], "not_wanted")


def test_who_took_the_opinion_back_is_not_told(row):
    answered(row)
    moderation.withdraw(Submission.objects.get(pk=row.pk))
    run()
    assert (outbox.outbox, state()) == ([], "not_wanted")


def test_a_failure_is_tried_again_later_and_given_up_at_last_without_a_word_of_the_address(
    row, settings, caplog
):
    settings.EMAIL_BACKEND = f"{Failing.__module__}.Failing"
    caplog.set_level(logging.DEBUG)
    answered(row)
    with pytest.raises(CommandError) as error:
        run()
    assert ADDRESS not in str(error.value) + caplog.text
    at = timezone.now()
    assert mail.send_answers(at=at).failed == 0
    for pause in AnswerNotice.PAUSES:
        at += pause + timedelta(seconds=1)
        assert mail.send_answers(at=at).failed == 1
    assert state() == "given_up"
    assert mail.send_answers(at=at + timedelta(days=30)).failed == 0


def test_what_failed_is_sent_when_the_server_is_back(row, settings):
    settings.EMAIL_BACKEND = f"{Failing.__module__}.Failing"
    answered(row)
    mail.send_answers()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail.send_answers(at=timezone.now() + timedelta(minutes=6)).sent == 1
    assert len(outbox.outbox) == 1


def test_one_that_was_being_sent_when_the_process_ended_is_not_sent_again(row):
    answered(row)
    AnswerNotice.objects.update(mail="sending")
    run()
    assert outbox.outbox == []


def test_without_an_address_to_send_to_everything_waits(row, settings):
    settings.SENDS_EMAIL = False
    answered(row)
    assert "no EMAIL_URL" in run()
    assert (outbox.outbox, state()) == ([], "waiting")
