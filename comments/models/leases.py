"""Who on the staff has which opinion in hand, so that no two decide on the same one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from comments.models.campaigns import Campaign
from comments.models.submissions import Submission

if TYPE_CHECKING:
    from typing import Self


class LeaseQuerySet(models.QuerySet["Lease"]):
    """Leases by whether they still hold."""

    def live(self, at: datetime | None = None) -> Self:
        """Return those that hold at `at`; the last moment itself is outside."""
        return self.filter(expires_at__gt=at or timezone.now())


class Lease(models.Model):
    """One opinion in one pair of hands for a few minutes, and with it the campaign for which it stands.

    Nothing is decided by a lease; it only spares two people the same work. Rows may be deleted at any time.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, primary_key=True, related_name="+")
    # So that of a campaign no second member is taken.
    campaign = models.OneToOneField(Campaign, models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.CharField(max_length=32, unique=True)
    taken_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    objects = LeaseQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.holder_id}"
