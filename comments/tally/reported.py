"""What became of what readers reported; who reported, and who looked, plays no part."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Value, When

from comments.models import Flag, Plan, SubmissionEvent

Kind = SubmissionEvent.Kind


@dataclass(frozen=True)
class Reported:
    """How many reports of readers there were, each in one place; `erased` are those whose text was erased meanwhile."""

    withheld: int = 0
    covered: int = 0
    left: int = 0
    erased: int = 0
    waiting: int = 0

    @property
    def closed(self) -> int:
        """Return how many nobody needs to look at any more."""
        return self.withheld + self.covered + self.left + self.erased

    @property
    def received(self) -> int:
        """Return how many there were."""
        return self.closed + self.waiting


def reported(plan: Plan) -> Reported:
    """Return what became of the reports about opinions of `plan` and replies to them."""
    events = SubmissionEvent.objects.filter(submission=OuterRef("submission"))
    by_rejection = events.filter(kind=Kind.REJECTED, at=OuterRef("closed_at"))
    # Covered because of the report or for another reason: it is what the reader finds.
    covering = events.filter(
        kind__in=(Kind.REDACTED, Kind.FILE_WITHHELD), at__gte=OuterRef("at"), at__lte=OuterRef("closed_at")
    )
    outcome = Case(
        When(closed_at=None, then=Value("waiting")),
        When(closed_by=None, then=Value("erased")),
        When(Exists(by_rejection), then=Value("withheld")),
        When(Exists(covering), then=Value("covered")),
        default=Value("left"),
        output_field=CharField(),
    )
    rows = Flag.objects.filter(submission__plan=plan).order_by().annotate(outcome=outcome)
    return Reported(**dict(rows.values_list(F("outcome")).annotate(n=Count("pk"))))
