"""Opinions as they stood at a moment: the rows as they are, with what was changed since put back.

Everything is read in steps, in the caller's snapshot; see `comments.models.watching` for what is put back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from comments import search, tally
from comments.exports import former
from comments.exports.columns import Row, public_words
from comments.models import AnswerNotice, Attachment, Submission
from comments.text.query import Query

BATCH = 1_000
FIELDS = (
    "pk",
    "reference",
    "received_at",
    "plan_id",
    "goal_id",
    "meeting_id",
    "about",
    "kind",
    "stance",
    "sector_id",
    "district_id",
    "is_outside_bangkok",
    "channel",
    "display_name",
    "shows_name",
    "organisation",
    "body",
    "edited_body",
    "redacted_body",
    "language",
    "status",
    "reason_id",
    "moderated_at",
    "campaign_id",
    "agree_count",
    "disagree_count",
)
ATTACHMENTS = Coalesce(
    Subquery(
        Attachment.objects.filter(submission=OuterRef("pk"))
        .order_by()
        .values("submission")
        .annotate(number=Count("pk"))
        .values("number")
    ),
    0,
    output_field=IntegerField(),
)
_TABLE = Submission._meta.db_table


def rows(
    chosen: QuerySet[Submission],
    at: datetime,
    then: Mapping[str, set[Any]],
    *,
    query: Query | None = None,
    after: tuple[datetime, int] | None = None,
) -> Iterator[Row]:
    """Yield those of `chosen` that were there at `at`, oldest first.

    Of these, the ones that had one of the values in each column of `then`, and whose words matched the `query`. `after`
    is the `received_at` and `pk` of the row to go on after.
    """
    past = _Past(at)
    there = chosen.filter(written_by(at))
    if after:
        there = there.filter(received_at__gte=after[0]).exclude(received_at=after[0], pk__lte=after[1])
    for column, values in then.items():
        changed = former.later(at, _TABLE, column).values("of_row")
        there = there.filter(Q(**{f"{column}__in": values}) | Q(pk__in=changed))
    reworded = former.later(at, _TABLE, "edited_body", "redacted_body").values_list("of_row", flat=True)
    others = set(reworded) if query else set()
    if others:
        found = search.matching(Submission.objects.all(), query or "", audience="public")
        there = there.filter(Q(pk__in=found.values("pk")) | Q(pk__in=reworded))
    elif query:
        there = search.matching(there, query, audience="public")
    stored = there.order_by("received_at", "pk").values_list(*FIELDS, ATTACHMENTS).iterator(chunk_size=BATCH)
    while batch := [dict(zip((*FIELDS, "attachments"), one, strict=True)) for one in islice(stored, BATCH)]:
        for row in past.of(batch):
            is_found = not query or row["pk"] not in others or search.finds(query, public_words(row))
            if is_found and all(row[column] in values for column, values in then.items()):
                yield row


def written_by(at: datetime) -> Q:
    """Choose the rows that were there at `at`."""
    return Q(recorded_at=None) | Q(recorded_at__lte=at)


class _Past:
    """What the rows of an export, and what they refer to, said at one moment."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.is_past = not former.is_still(at)
        self.sizes = self._sizes()
        self.labels = former.labels(at if self.is_past else None)

    def of(self, batch: list[Row]) -> list[Row]:
        """Put back in `batch` what was changed since, and add what each row refers to."""
        known = {row["pk"]: row for row in batch}
        if self.is_past:
            former.put_back(known, former.later(self.at, _TABLE).filter(of_row__in=known))
        answers = self._answers(known)
        for row in batch:
            row["answered_at"], row["answer_outcome"] = answers.get(row["pk"], (None, None))
            row["campaign_size"] = row["campaign_id"] and self.sizes[row["campaign_id"]]
            for column, labels in self.labels.items():
                row.update(labels[row[column]])
        return batch

    def _answers(self, known: Iterable[int]) -> dict[int, tuple[datetime, str]]:
        """Return when the newest answer that had reached each opinion was approved, and its outcome."""
        told = AnswerNotice.objects.filter(written_by(self.at), submission__in=known).order_by("answer_id")
        found = told.values_list("submission_id", "answer__approved_at", "answer__outcome")
        return {pk: (approved_at, outcome) for pk, approved_at, outcome in found}

    def _sizes(self) -> Mapping[int | None, int]:
        """Return how many members each campaign had, of all that were stored, not only of those in the file."""
        sizes: Counter[int | None] = Counter(tally.campaign_sizes(Submission.objects.all()))
        if not self.is_past:
            return sizes
        was = dict(former.later(self.at, _TABLE, "campaign_id").values_list("of_row", "value"))
        moved = Submission.objects.filter(Q(pk__in=was) | Q(recorded_at__gt=self.at))
        for pk, recorded_at, now in moved.values_list("pk", "recorded_at", "campaign_id"):
            sizes[now] -= 1
            if recorded_at is None or recorded_at <= self.at:
                before = was.get(pk, now)
                sizes[int(before) if before else None] += 1
        return sizes
