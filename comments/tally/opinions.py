"""How many opinions there are, by where they stand and by what they say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window

from comments.models import Attachment, Flag, Submission
from comments.tally.grouped import different_texts, grouped
from comments.text.attention import PERSONAL_DATA

Status = Submission.Status
# Public lists show an exact number up to here, then "more than".
MOST_COUNTED = 1_000


@dataclass(frozen=True)
class Totals:
    """How many submissions stand where; `received` is always their sum."""

    published: int = 0
    rejected: int = 0
    withdrawn: int = 0
    pending: int = 0

    @property
    def received(self) -> int:
        """Return how many came in."""
        return sum(getattr(self, field.name) for field in fields(self))


def totals(rows: QuerySet[Submission]) -> Totals:
    """Return the row-accounted totals of `rows`."""
    return Totals(**dict(grouped(rows, "status")))


@dataclass(frozen=True)
class Heard:
    """How many opinions there are, and how many different texts when a campaign counts as one.

    When `is_more`, there are more than that of both.
    """

    opinions: int
    texts: int
    is_more: bool = False


def heard(rows: QuerySet[Submission]) -> Heard:
    """Return how many opinions and different texts `rows` hold, asking once."""
    return _heard(rows.order_by())


def heard_up_to(rows: QuerySet[Submission], most: int) -> Heard:
    """Return how many opinions and different texts `rows` hold, exactly up to `most` opinions."""
    found = _heard(rows.order_by()[: most + 1])
    return found if found.opinions <= most else Heard(most, most, is_more=True)


def _heard(rows: QuerySet[Submission]) -> Heard:
    return Heard(**rows.aggregate(opinions=Count("pk"), texts=different_texts()))


def distinct_texts(rows: QuerySet[Submission]) -> int:
    """Return how many different texts `rows` hold when a campaign counts as one."""
    return heard(rows).texts


def alike(rows: QuerySet[Submission]) -> Subquery:
    """Return what counts, beside a row, the others of `rows` in its campaign; NULL when it has none."""
    members = rows.order_by().filter(campaign=OuterRef("campaign")).values("campaign")
    return Subquery(members.annotate(others=Count("pk") - 1).values("others"))


def among_alike() -> Window:
    """Return what counts, beside a row, how many of the rows asked for are in its campaign; 0 when it has none.

    One pass over them all, for an order; to ask beside each row of a large campaign would take its square.
    """
    return Window(Count("campaign"), partition_by=F("campaign"))


def campaign_sizes(rows: QuerySet[Submission]) -> dict[int, int]:
    """Return how many of `rows` belong to each campaign, by its key."""
    return dict(by_campaign(rows))


def by_campaign(rows: QuerySet[Submission]) -> QuerySet[Submission, tuple[int, int]]:
    """Return what counts how many of `rows` (`n`) belong to each campaign (`campaign_id`)."""
    members = rows.order_by().filter(campaign__isnull=False)
    return members.values_list("campaign_id").annotate(n=Count("pk"))


def attachments(rows: Iterable[Submission]) -> dict[int, int]:
    """Return how many files each of `rows` has, by its key; those without any are not in it."""
    files = Attachment.objects.kept().filter(submission__in=list(rows)).order_by()
    return dict(files.values_list("submission").annotate(n=Count("pk")))


def flags(rows: Iterable[Submission]) -> dict[int, list[tuple[str, int]]]:
    """Return how many open reports about each of `rows` give which reason, by its key, the most first."""
    found = Flag.objects.open().filter(submission__in=list(rows)).order_by()
    by_reason: dict[int, list[tuple[str, int]]] = {}
    counted = found.values_list("submission", "reason").annotate(n=Count("pk"))
    for key, reason, n in counted.order_by("-n", "reason"):
        by_reason.setdefault(key, []).append((str(Flag.Reason(reason).label), n))
    return by_reason


def closed_flags(submission: Submission) -> list[dict[str, Any]]:
    """Return how many reports were closed at which moment, `closed_at`, and by whom, `name`; the last first."""
    closed = Flag.objects.closed().filter(submission=submission).order_by()
    rows = closed.values("closed_at", name=F("closed_by__username")).annotate(n=Count("pk"))
    return [dict(row) for row in rows.order_by("-closed_at")]


def stances(rows: QuerySet[Submission]) -> dict[str, int]:
    """Return how many of `rows` take each stance; "" is none."""
    return dict(grouped(rows, "stance"))


def noticed(rows: QuerySet[Submission]) -> tuple[int, int]:
    """Return in how many of `rows` personal data is in sight, and how many wait for a second person, asking once."""
    counted = rows.order_by().aggregate(
        personal_data=Count("pk", filter=Q(attention__gte=PERSONAL_DATA)),
        asked=Count("pk", filter=Q(asked__isnull=False)),
    )
    return counted["personal_data"], counted["asked"]


@dataclass(frozen=True)
class Counted:
    """A number of rows; when `is_more`, there are more than that."""

    number: int
    is_more: bool = False


def count_up_to(rows: QuerySet[Submission], most: int = MOST_COUNTED) -> Counted:
    """Return how many `rows` there are, exactly up to `most`: as many as a list of hits needs to say."""
    found = rows.order_by()[: most + 1].count()
    return Counted(min(found, most), is_more=found > most)


def count(rows: QuerySet[Any]) -> int:
    """Return how many `rows` there are."""
    return rows.order_by().count()
