"""What waits for a timer, and whether it moves on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.doctor.findings import Finding, remark, trouble
from comments.models import AnswerNotice, ExportJob

LATE = timedelta(hours=1)
Mail = AnswerNotice.Mail


def exports() -> Iterator[Finding]:
    """Find large exports at which nobody works."""
    if count := ExportJob.objects.unfinished().filter(asked_at__lt=timezone.now() - LATE).count():
        yield trouble(
            _("large exports that have waited for more than an hour: %(count)d") % {"count": count},
            _("manage.py run_exports makes them; run it every minute."),
        )


def notices() -> Iterator[Finding]:
    """Find e-mails about answers that nobody sends, or that could not be sent."""
    rows = AnswerNotice.objects.order_by()
    due = rows.filter(mail=Mail.WAITING, due_at__lt=timezone.now() - LATE)
    if settings.SENDS_EMAIL and (count := due.count()):
        yield trouble(
            _("e-mails that have been due for more than an hour: %(count)d") % {"count": count},
            _("manage.py send_mail_queue sends them; run it every five minutes."),
        )
    if count := rows.filter(mail__in=(Mail.SENDING, Mail.GIVEN_UP)).count():
        yield remark(
            _("e-mails that were given up, or broke off while they were being sent: %(count)d")
            % {"count": count},
            _("They are not tried again. See the addresses and the mail server's log."),
        )
