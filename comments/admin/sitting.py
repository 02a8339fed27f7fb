"""What a moderator has done since signing in: kept in the session, seen by nobody else, never compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comments import leases

if TYPE_CHECKING:
    from django.http import HttpRequest

KEY = "triage"
# The session is read with every request, so it stays small.
_MOST_SET_ASIDE = 500


@dataclass
class Sitting:
    """What is in hand, what was set aside or passed over, the pace, what can be undone.

    `token` is that of the lease, `query` the filters and the order under which it was taken; `undoable`
    are the keys of the events of the last decision.
    """

    token: str = ""
    query: str = ""
    skipped: list[int] = field(default_factory=list)
    passed: list[int] = field(default_factory=list)
    decisions: int = 0
    seconds: float = 0
    undoable: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, request: HttpRequest) -> Sitting:
        """Return the sitting of this session, a new one at first."""
        kept: dict[str, Any] = request.session.get(KEY, {})
        return cls(**kept)

    def keep(self, request: HttpRequest) -> None:
        """Store it in the session."""
        request.session[KEY] = asdict(self)

    def count(self, taken_at: datetime, events: Iterable[int]) -> None:
        """Count one decision, and the time since the item came up; longer pauses are no work."""
        spent = (timezone.now() - taken_at).total_seconds()
        self.seconds += min(max(spent, 0), leases.LASTS.total_seconds())
        self.decisions += 1
        self.undoable = list(events)
        self.token = ""

    def set_aside(self, pk: int) -> None:
        """Leave an item to others until the moderator asks for it again."""
        self.skipped = [*self.skipped, pk][-_MOST_SET_ASIDE:]
        self.token = ""

    def pass_over(self, pk: int) -> None:
        """Come back to an item when everything else has been looked at."""
        self.passed = [*self.passed, pk][-_MOST_SET_ASIDE:]
        self.token = ""

    @property
    def per_minute(self) -> float:
        """Return how many decisions a minute of work brought; 0 before the first."""
        return self.decisions * 60 / max(self.seconds, 1) if self.decisions else 0
