"""Allow only so many tries of a thing in a stretch of time, over all processes and machines.

The thing itself isn't kept: its keyed hash chooses one of a fixed number of counters. Two things may share one, which is
rare, and which nobody can bring about without the key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from comments.models import Tries

SLOTS = 1 << 20


class TooManyTriesError(Exception):
    """There were as many tries as are allowed; the next is possible in `seconds`."""

    def __init__(self, seconds: int) -> None:
        """Keep how long to wait."""
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds

    @property
    def minutes(self) -> int:
        """Return how long to wait in whole minutes, at least one."""
        return max(1, ceil(self.seconds / 60))


@dataclass(frozen=True)
class Limit:
    """At most `most` tries of the same thing `within` the time since the first of them."""

    purpose: str
    most: int
    within: timedelta

    def take(self, thing: str, *, at: datetime | None = None) -> None:
        """Count a try before it is made, so that of many at once none slips by. Raises TooManyTriesError."""
        at = at or timezone.now()
        slot = self._slot(thing)
        with transaction.atomic():
            Tries.objects.get_or_create(slot=slot, defaults={"since": at})
            # Both UPDATEs ask again under the lock of the row, so the order of arrival decides.
            rows = Tries.objects.filter(slot=slot)
            rows.filter(since__lte=at - self.within).update(count=0, since=at)
            rows.filter(count=0).update(since=at)
            if rows.filter(count__lt=self.most).update(count=F("count") + 1):
                return
            since = rows.get().since
        raise TooManyTriesError(ceil((since + self.within - at).total_seconds()))

    def give_back(self, thing: str) -> None:
        """Uncount a try that turned out not to be one of those that are limited."""
        Tries.objects.filter(slot=self._slot(thing), count__gt=0).update(count=F("count") - 1)

    def _slot(self, thing: str) -> int:
        digest = salted_hmac(f"comments.limits.{self.purpose}", thing).digest()
        return int.from_bytes(digest[:8], "big") % SLOTS
