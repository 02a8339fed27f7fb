"""`manage.py send_mail_queue`: tell late members of campaigns of their answer, and send the e-mails that are due."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from comments import answering, mail


class Command(BaseCommand):
    """Send what is due; harmless when run again, or twice at once."""

    help = "Send the e-mails about answers that are due. Run it every few minutes."

    def handle(self, **_: Any) -> None:
        """Print how many were told, sent and failed. Raises CommandError when any failed."""
        told = answering.spread_all()
        if not settings.SENDS_EMAIL:
            self.stdout.write(f"{told} told of an answer; no EMAIL_URL is set, so no e-mail is sent")
            return
        outcome = mail.send_answers()
        self.stdout.write(f"{told} told of an answer; {outcome.sent} e-mails sent, {outcome.failed} failed")
        if outcome.failed:
            raise CommandError("some e-mails could not be handed over; they are tried again later")
