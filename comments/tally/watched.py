"""What those who watch the machines want to know of what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from comments.models import AnswerNotice, ExportJob, Submission
from comments.tally.grouped import grouped

Mail = AnswerNotice.Mail


@dataclass(frozen=True)
class Watched:
    """Opinions and replies by channel and status, the age of the queue, and what waits for a timer."""

    submissions: dict[tuple[str, str], int]
    oldest_seconds: float
    mails_due: int
    mails_given_up: int
    exports_unfinished: int


def watched(at: datetime) -> Watched:
    """Return it as it stands at `at`."""
    rows = grouped(Submission.everything.all(), "channel", "status")
    oldest = Submission.everything.pending().order_by().aggregate(oldest=Min("received_at"))["oldest"]
    notices = AnswerNotice.objects.order_by()
    return Watched(
        submissions={(channel, status): n for channel, status, n in rows},
        oldest_seconds=(at - oldest).total_seconds() if oldest else 0,
        mails_due=notices.filter(mail=Mail.WAITING, due_at__lte=at).count(),
        mails_given_up=notices.filter(mail=Mail.GIVEN_UP).count(),
        exports_unfinished=ExportJob.objects.unfinished().count(),
    )
