"""Opinions as they stood at a moment: the rows as they are, with what was changed since put back.

Everything is read in steps, in the caller's snapshot; see `comments.models.watching` for what is put back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from comments import tally
from comments.exports.columns import Row
from comments.models import (
    AnswerNotice,
    Attachment,
    DevelopmentGoal,
    District,
    FormerValue,
    Meeting,
    Plan,
    RejectionReason,
    Sector,
    Strategy,
    Submission,
)

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
    after: tuple[datetime, int] | None = None,
) -> Iterator[Row]:
    """Yield those of `chosen` that were there at `at`, oldest first, with one of the values in each column of `then`.

    `after` is the `received_at` and `pk` of the row to go on after.
    """
    past = _Past(at)
    there = chosen.filter(written_by(at))
    if after:
        there = there.filter(received_at__gte=after[0]).exclude(received_at=after[0], pk__lte=after[1])
    for column, values in then.items():
        changed = past.later(_TABLE, column).values("of_row")
        there = there.filter(Q(**{f"{column}__in": values}) | Q(pk__in=changed))
    found = there.order_by("received_at", "pk").values_list(*FIELDS, ATTACHMENTS)
    stored = found.iterator(chunk_size=BATCH)
    while batch := [dict(zip((*FIELDS, "attachments"), one, strict=True)) for one in islice(stored, BATCH)]:
        for row in past.of(batch):
            if all(row[column] in values for column, values in then.items()):
                yield row


def written_by(at: datetime) -> Q:
    """Choose the rows that were there at `at`."""
    return Q(recorded_at=None) | Q(recorded_at__lte=at)


def is_still(at: datetime) -> bool:
    """Tell whether nothing that a file reads was changed after `at`."""
    return not FormerValue.objects.filter(recorded_at__gt=at).exists()


class _Past:
    """What the rows of an export, and what they refer to, said at one moment."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.is_past = not is_still(at)
        self.sizes = self._sizes()
        self.labels = self._labels()

    def later(self, table: str, *columns: str) -> QuerySet[FormerValue]:
        """Return what was changed since, the latest change first."""
        found = FormerValue.objects.filter(of_table=table, recorded_at__gt=self.at).order_by("-pk")
        return found.filter(of_column__in=columns) if columns else found

    def of(self, batch: list[Row]) -> list[Row]:
        """Put back in `batch` what was changed since, and add what each row refers to."""
        known = {row["pk"]: row for row in batch}
        if self.is_past:
            _put_back(known, self.later(_TABLE).filter(of_row__in=known))
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
        former = dict(self.later(_TABLE, "campaign_id").values_list("of_row", "value"))
        moved = Submission.objects.filter(Q(pk__in=former) | Q(recorded_at__gt=self.at))
        for pk, recorded_at, now in moved.values_list("pk", "recorded_at", "campaign_id"):
            sizes[now] -= 1
            if recorded_at is None or recorded_at <= self.at:
                before = former.get(pk, now)
                sizes[int(before) if before else None] += 1
        return sizes

    def _labels(self) -> dict[str, dict[int | None, Row]]:
        """Return what the file says of each row that a column of the opinions refers to, by that column."""
        return {
            "plan_id": _named(self._then(Plan, "fiscal_year"), plan_year="fiscal_year"),
            "goal_id": self._goals(),
            "sector_id": _named(self._then(Sector, "key"), sector="key"),
            "district_id": _named(
                self._then(District, "code", "title_th"), district_code="code", district="title_th"
            ),
            "meeting_id": _named(self._then(Meeting, "title_th"), meeting="title_th"),
            "reason_id": _named(self._then(RejectionReason, "code"), reason_code="code"),
        }

    def _goals(self) -> dict[int | None, Row]:
        strategies = self._then(Strategy, "code", "title_th", "parent_id")
        found = {}
        for pk, goal in self._then(DevelopmentGoal, "code", "title_th", "strategy_id").items():
            own = strategies.get(goal["strategy_id"], strategies[None])
            strategy = strategies.get(own["parent_id"], own) if own["parent_id"] else own
            found[pk] = {
                "strategy_code": strategy["code"],
                "strategy": strategy["title_th"],
                "goal_code": goal["code"],
                "goal": goal["title_th"],
            }
        return found

    def _then(self, model: type[Any], *names: str) -> dict[int | None, Row]:
        """Return what every row of `model` said, by its key; nothing for None."""
        known: dict[int | None, Row] = {
            row["pk"]: row for row in model._default_manager.order_by().values("pk", *names)
        }
        if self.is_past:
            _put_back(known, self.later(model._meta.db_table))
        return known | {None: dict.fromkeys(names)}


def _named(known: dict[int | None, Row], **names: str) -> dict[int | None, Row]:
    return {pk: {ours: row[theirs] for ours, theirs in names.items()} for pk, row in known.items()}


def _put_back(known: Mapping[Any, Row], later: QuerySet[FormerValue]) -> None:
    """Undo change after change, the latest first; what was deleted since is referred to by nothing."""
    for pk, column, value in later.values_list("of_row", "of_column", "value"):
        if pk in known:
            known[pk][column] = _typed(column, value)


def _typed(column: str, value: str | None) -> Any:
    """Return a former value, which is kept as text, as the database gives the column."""
    if value is None:
        return None
    if column.endswith(("_id", "_count", "_year")):
        return int(value)
    if column.endswith("_at"):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if column.startswith("is_"):
        return value in {"1", "true"}
    return value
