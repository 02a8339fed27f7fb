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

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from comments.models import Tries

SLOTS = 1 << 20
# One after the time, or after all were given back, is the first again; a try too many changes nothing.
_TAKE = f"""
INSERT INTO {Tries._meta.db_table} AS known (slot, count, since) VALUES (%s, 1, %s) ON CONFLICT (slot) DO UPDATE SET
since = CASE WHEN known.since <= %s OR known.count = 0 THEN excluded.since ELSE known.since END,
count = CASE WHEN known.since <= %s OR known.count = 0 THEN 1 ELSE known.count + 1 END
WHERE known.since <= %s OR known.count < %s
"""  # noqa: S608 - our own name
_GIVE_BACK = f"UPDATE {Tries._meta.db_table} SET count = count - 1 WHERE slot = %s AND count > 0"  # noqa: S608 - our own name
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
        moment = connection.ops.adapt_datetimefield_value
        with connection.cursor() as cursor:
            # Under the lock of the row, so the order of arrival decides.
            over = moment(at - self.within)
            cursor.execute(_TAKE, [slot, moment(at), over, over, over, self.most])
            if cursor.rowcount:
                return
        since = Tries.objects.filter(slot=slot).values_list("since", flat=True).first() or at
        raise TooManyTriesError(ceil((since + self.within - at).total_seconds()))

    def give_back(self, thing: str) -> None:
        """Uncount a try that turned out not to be one of those that are limited."""
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, [self._slot(thing)])

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
