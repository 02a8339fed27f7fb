"""Send what somebody asked for by e-mail, never more often than a person would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from comments.limits import Limit, TooManyTriesError
from comments.models import AnswerNotice, Submission
from comments.text import buddhist_era

Mail = AnswerNotice.Mail

COPIES_OF_A_RECEIPT = Limit("copy", most=1, within=timedelta(minutes=5))
COPIES_TO_AN_ADDRESS = Limit("address", most=5, within=timedelta(hours=1))


class NotSentError(Exception):
    """The e-mail could not be handed over."""


def send_receipt(submission: Submission, secret: str, *, to: str, link: str) -> None:
    """Send both codes and the `link` that has the reference in it to the address `to`, in the active language.

    Raises TooManyTriesError when there was a copy of this receipt or were many to this address just now,
    NotSentError when the e-mail could not be handed over; then the next try doesn't have to wait.
    """
    address = to.lower()
    COPIES_OF_A_RECEIPT.take(submission.reference)
    try:
        COPIES_TO_AN_ADDRESS.take(address)
        send_mail(_subject(submission), _text(submission, secret, link), None, [to])
    except TooManyTriesError:
        COPIES_OF_A_RECEIPT.give_back(submission.reference)
        raise
    # An address may look right and still be none to the mail library: ValueError.
    except (OSError, SMTPException, ValueError) as error:
        COPIES_OF_A_RECEIPT.give_back(submission.reference)
        COPIES_TO_AN_ADDRESS.give_back(address)
        raise NotSentError(submission.reference) from error


@dataclass
class Outcome:
    """How many e-mails were handed over, and how many could not be."""

    sent: int = 0
    failed: int = 0


def send_answers(*, most: int = 1_000, at: datetime | None = None) -> Outcome:
    """Tell authors who asked that they were answered: at most `most` of those that are due at `at`.

    Each is claimed before it is sent, so nobody is told twice of one answer, whoever else sends; one that
    was being sent when the process ended stays so, and is not sent again. A failure waits longer each time.
    """
    at = at or timezone.now()
    outcome = Outcome()
    due = AnswerNotice.objects.filter(mail=Mail.WAITING, due_at__lte=at).order_by("due_at", "pk")
    for pk in list(due.values_list("pk", flat=True)[:most]):
        claimed = AnswerNotice.objects.filter(pk=pk, mail=Mail.WAITING, due_at__lte=at)
        if not claimed.update(mail=Mail.SENDING, due_at=None):
            continue
        notice = AnswerNotice.objects.select_related("answer__office", "submission__contact").get(pk=pk)
        _send_answer(notice, at, outcome)
    return outcome


def _send_answer(notice: AnswerNotice, at: datetime, outcome: Outcome) -> None:
    row, contact = notice.submission, getattr(notice.submission, "contact", None)
    # Between the answer and now the author may have changed their mind.
    if not (contact and contact.wants_updates and contact.email and row.status == row.Status.PUBLISHED):
        notice.mail = Mail.NOT_WANTED
    else:
        notice.tries += 1
        try:
            with translation.override("en" if row.language == "en" else "th"):
                send_mail(_answer_subject(row), _answer_text(notice), None, [contact.email])
        except (OSError, SMTPException, ValueError):
            outcome.failed += 1
            later = dict(enumerate(AnswerNotice.PAUSES, start=1)).get(notice.tries)
            notice.mail = Mail.WAITING if later else Mail.GIVEN_UP
            notice.due_at = at + later if later else None
        else:
            outcome.sent += 1
            notice.mail, notice.sent_at = Mail.SENT, timezone.now()
    notice.save(update_fields=["mail", "tries", "due_at", "sent_at"])


def tell_of_telephone(account: User, *, at: datetime | None = None) -> bool:
    """Tell the owner of an account that a telephone was set up for it; tell whether an e-mail was handed over."""
    if not account.email:
        return False
    day = timezone.localtime(at)
    said = [
        _("The second step of signing in was set up for your account %(name)s: %(day)s %(time)s.")
        % {"name": account.get_username(), "day": buddhist_era.slashed(day.date()), "time": f"{day:%H:%M}"},
        _("If it was you, there is nothing to do."),
        _(
            "If not, somebody else knows your password. Tell an administrator at once, who takes the second step "
            "away and gives you another password."
        ),
    ]
    try:
        send_mail(
            _("A telephone was set up for your account, BMA Consult"),
            "\n\n".join(said),
            None,
            [account.email],
        )
    except (OSError, SMTPException, ValueError):
        return False
    return True


def _answer_subject(row: Submission) -> str:
    return _("Your opinion %(reference)s has been answered, BMA Consult") % {"reference": row.reference}


def _answer_text(notice: AnswerNotice) -> str:
    answer, reference = notice.answer, notice.submission.reference
    where = f"{settings.SITE_URL}{reverse('receipt')}?reference={reference}" if settings.SITE_URL else ""
    said = [
        _("The city has answered your opinion on Bangkok's development goals."),
        _("Reference number: %(reference)s") % {"reference": reference},
        _("Outcome: %(outcome)s") % {"outcome": answer.get_outcome_display()},
        answer.text,
        str(answer.office),
        where and _("Follow up your opinion: %(link)s") % {"link": where},
        _(
            "You get this e-mail because you asked for news of the answer. "
            "You can change that on the receipt page with both codes."
        ),
    ]
    return "\n\n".join(filter(None, said))


def _subject(submission: Submission) -> str:
    return _("Your receipt %(reference)s, BMA Consult") % {"reference": submission.reference}


def _text(submission: Submission, secret: str, link: str) -> str:
    return "\n\n".join(
        [
            _(
                "Your opinion on Bangkok's development goals has arrived. With these two codes you can follow it up."
            ),
            _("Reference number: %(reference)s") % {"reference": submission.reference},
            _("Secret code: %(secret)s") % {"secret": secret},
            _("Follow up your opinion: %(link)s") % {"link": link},
            _(
                "Anyone who has both codes can change the opinion or take it back. Please do not pass this e-mail on."
            ),
            _(
                "You get this e-mail because somebody asked for it on the receipt page. If it was not you, please delete it."
            ),
        ]
    )
