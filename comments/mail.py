"""Send what somebody asked for by e-mail, never more often than a person would."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPException

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from comments.limits import Limit, TooManyTriesError
from comments.models import Submission

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
