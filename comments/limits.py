"""Allow only so many tries of a thing in a stretch of time.

A `Limit` counts over all processes and machines. The thing itself isn't kept: its keyed hash chooses one of a fixed number
of counters. Two things may share one, which is rare, and which nobody can bring about without the key.

A `Burst` is counted by each process for itself, in memory, and costs no query: a flood ends there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from comments.models import Tries

SLOTS = 1 << 20
# The things that a process counts at most; beyond them it forgets the one that it has known for longest.
MOST_KNOWN = 20_000
_bursts: dict[tuple[str, str], tuple[datetime, int]] = {}
_lock = Lock()


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
        # The usual case, in one statement.
        goes_on = Tries.objects.filter(slot=slot, since__gt=at - self.within, count__range=(1, self.most - 1))
        if goes_on.update(count=F("count") + 1):
            return
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


@dataclass(frozen=True)
class Burst:
    """At most `most` tries of the same thing `within` the time since the first of them, in this process."""

    purpose: str
    most: int
    within: timedelta

    def take(self, thing: str, *, at: datetime | None = None) -> None:
        """Count a try before it is made. Raises TooManyTriesError."""
        at = at or timezone.now()
        key = (self.purpose, thing)
        with _lock:
            since, count = _bursts.get(key, (at, 0))
            if since <= at - self.within:
                since, count = at, 0
            if count >= self.most:
                raise TooManyTriesError(ceil((since + self.within - at).total_seconds()))
            if count == 0:
                _bursts.pop(key, None)
                if len(_bursts) >= MOST_KNOWN:
                    del _bursts[next(iter(_bursts))]
            _bursts[key] = (since, count + 1)

    def give_back(self, thing: str) -> None:
        """Uncount a try that turned out not to be one of those that are limited."""
        key = (self.purpose, thing)
        with _lock:
            since, count = _bursts.get(key, (None, 0))
            if since and count:
                _bursts[key] = (since, count - 1)
