"""The two official clocks of a hearing: a notice in good time before it, a summary soon after it.

The house keeps fifteen days on either side, named after ระเบียบสำนักนายกรัฐมนตรีว่าด้วยการรับฟังความคิดเห็นของประชาชน
พ.ศ. 2548 (the Rule of the Office of the Prime Minister on Public Consultation, B.E. 2548). Its wording was not
at hand when this was written: how the days are counted below is the rule of this house.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

NOTICE_DAYS = 15
SUMMARY_DAYS = 15


class State(models.TextChoices):
    """Where a clock stands."""

    OPEN = "open", _("still time")
    MET = "met", _("in time")
    MISSED = "missed", _("late")


@dataclass(frozen=True)
class Clock:
    """A duty with a last day, which is itself in time, and the day on which it was done."""

    due_on: date
    done_on: date | None = None

    def state(self, on: date | None = None) -> State:
        """Return whether the duty is done in time, late (done or not), or may still be done on the day `on`."""
        if (self.done_on or on or timezone.localdate()) > self.due_on:
            return State.MISSED
        return State.MET if self.done_on else State.OPEN


def notice(begins_on: date, published_on: date | None) -> Clock:
    """Return the clock of the notice: fifteen days lie between its day and that of the hearing.

    A hearing on the 30th is announced on the 15th at the latest.
    """
    return Clock(begins_on - timedelta(days=NOTICE_DAYS), published_on)


def summary(ended_on: date, published_on: date | None) -> Clock:
    """Return the clock of the summary: it is published on the fifteenth day after the hearing at the latest."""
    return Clock(ended_on + timedelta(days=SUMMARY_DAYS), published_on)
