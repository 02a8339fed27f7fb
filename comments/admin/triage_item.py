"""One item of the triage view: an opinion or a campaign, and what helps to decide on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from comments import campaigns, roles, tally
from comments.admin import attachments, readings
from comments.admin.campaigns import MOST_SHOWN, fitting, is_for_another
from comments.admin.covering import RedactForm
from comments.admin.readings import Reading
from comments.models import Attachment, Lease, Submission, SubmissionEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from comments.models.submissions import SubmissionQuerySet

MOST_EARLIER = 3
Status = Submission.Status


def rows_of(lease: Lease, user: User) -> SubmissionQuerySet:
    """Return what a lease stands for, whatever has become of it: one opinion, or the members of its campaign."""
    same = Q(campaign=lease.campaign_id) if lease.campaign_id else Q(pk=lease.submission_id)
    return roles.visible_submissions(user).filter(same)


@dataclass(frozen=True)
class Item:
    """What one moderator has in hand.

    `reading` stands for all; `members` are those of a campaign that wait, itself included, or nobody;
    `not_shown` more come up right after them.
    """

    lease: Lease
    reading: Reading
    members: list[Reading]
    not_shown: int
    user: User
    data: Any = None

    @property
    def submission(self) -> Submission:
        """Return the opinion whose words are shown large."""
        return self.reading.submission

    @property
    def all(self) -> list[Reading]:
        """Return everything that is decided on."""
        return self.members or [self.reading]

    @cached_property
    def covers(self) -> list[RedactForm]:
        """Return a form for each opinion in which something can be covered or uncovered; one alone always has one."""
        return [
            RedactForm(self.data, reading=one, prefix=str(one.submission.pk))
            for one in self.all
            if one.findings or one.covered or not self.members
        ]

    @cached_property
    def earlier(self) -> list[Reading]:
        """Return the newest decisions on like texts."""
        decided = campaigns.like(self.submission).filter(status__in=(Status.PUBLISHED, Status.REJECTED))
        newest = decided.select_related("reason").order_by("-moderated_at", "-pk")[:MOST_EARLIER]
        return readings.of(newest, user=self.user)

    @property
    def asked(self) -> list[SubmissionEvent]:
        """Return, once each, the questions and proposals of others because of which it waits for a second person."""
        found = {
            (one.asked.actor_id, one.asked.note, one.asked.reason_id): one.asked
            for one in self.all
            if one.asked
        }
        return list(found.values())

    @property
    def is_proposed(self) -> bool:
        """Tell whether somebody else proposed to withhold it, or some of it."""
        return any(is_for_another(one, self.user) for one in self.all)

    def files(self, request: HttpRequest) -> list[Attachment]:
        """Return what is attached to the opinion that is shown large."""
        return list(attachments.of(self.submission, request)) if self.reading.files else []


def item_of(lease: Lease, user: User, data: Any = None) -> Item | None:
    """Return what waits of that for which `lease` stands; None when nothing does any more."""
    waiting = rows_of(lease, user).pending().not_asked_by(user)
    rows = fitting(list(waiting.with_labels().order_by("pk")[:MOST_SHOWN]))
    if not rows:
        return None
    waits = tally.count(waiting) if lease.campaign_id else 1
    chosen = campaigns.representative(waiting) if waits > 1 else None
    found = readings.of(rows, user=user, common=chosen.words if chosen else "")
    first = next((one for one in found if chosen and one.submission.pk == chosen.pk), found[0])
    members = found if waits > 1 else []
    return Item(lease, first, members, waits - len(found), user, data)
