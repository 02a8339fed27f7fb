"""What the report says: every number from the rows of one export, as they stood at its moment.

The rows are read once. On their way into the file of the export they are counted, and what the annex says of each is put aside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from django.db.models import Count, Q

from comments import tally
from comments.exports import columns, csv_file, moments, opinions, reading, register
from comments.exports.columns import Row
from comments.exports.filters import ExportFilter
from comments.exports.register import Order
from comments.models import Answer, DevelopmentGoal, ExportRecord, Meeting, Plan, Submission

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User
    from django.db.models import QuerySet

Status = Submission.Status
PURPOSE = "รายงานผลการรับฟังความคิดเห็น"
_Passing = Callable[[Iterable[Row]], Iterator[Row]]


class Annex:
    """What the annex says of every opinion, in a file of its own, since there may be very many; to be closed."""

    def __init__(self) -> None:
        """Begin without opinions."""
        self._file: IO[str] = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by `close`
        self.close = self._file.close

    def passing(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield each row, kept. Words that are not before the public are not kept."""
        for row in rows:
            is_public = row["status"] == Status.PUBLISHED
            kept = {name: row[name] for name in ("reference", "status", "reason_id", "goal_id", "sector_id")}
            kept["day"] = columns.day_of_receipt(row)
            kept["words"] = columns.public_words(row) if is_public else ""
            self._file.write(json.dumps(kept, ensure_ascii=False) + "\n")
            yield row

    def __iter__(self) -> Iterator[Row]:
        """Yield what is kept, the first received first."""
        self._file.seek(0)
        return map(json.loads, self._file)


@dataclass(frozen=True)
class Facts:
    """A plan, the record of the file that the numbers come from, and the rows counted; to be closed, for the annex."""

    plan: Plan
    record: ExportRecord
    counted: tally.Crossed
    annex: Annex
    meetings: list[tuple[Meeting, tally.Attended]]
    goals: list[DevelopmentGoal]
    answers: QuerySet[Any]

    @property
    def at(self) -> datetime:
        """Return the moment that everything is told of."""
        return self.record.as_of

    def number(self, *names: str, of: tuple[Any, ...]) -> int:
        """Return how many rows say `of` in the columns `names` together."""
        return self.counted.by[names][of]

    @property
    def totals(self) -> tally.Totals:
        """Return how many opinions stand where."""
        return tally.Totals(**{status: n for (status,), n in self.counted.by["status",].items()})

    def several(self, name: str) -> dict[Any, int]:
        """Return how many rows say what in the column `name`."""
        return {value: n for (value,), n in self.counted.by[name,].items()}

    @property
    def texts(self) -> int:
        """Return how many different texts were published: the members of a campaign are one."""
        found = self.counted.by["status", "campaign_id"].items()
        published = {campaign: n for (status, campaign), n in found if status == Status.PUBLISHED}
        return published.pop(None, 0) + len(published)

    def close(self) -> None:
        """Let the annex go."""
        self.annex.close()


def gather(plan: Plan, *, at: datetime | None = None, actor: User | None = None, door: str = "page") -> Facts:
    """Return the facts of `plan` at a moment, by default now, and note the file that they rest on.

    The file is the CSV of all opinions on the plan. Where the register has it already, that record is named, so
    that the report of a moment is the same whoever makes it. Raises what `register.carry_out` raises.
    """
    at = moments.settle(at)
    counted = tally.Crossed(
        ("status",),
        ("reason_id",),
        ("channel",),
        ("sector_id", "status"),
        ("district_id", "is_outside_bangkok", "status"),
        ("goal_id", "stance", "status"),
        ("goal_id", "status"),
        ("goal_id", "is_answered"),
        ("goal_id", "is_overdue"),
        ("status", "campaign_id"),
    )
    annex = Annex()
    try:
        record = _record(plan, at, actor, door, lambda rows: annex.passing(counted.passing(rows)))
    except BaseException:
        annex.close()
        raise
    meetings = Meeting.objects.public().filter(plan=plan).order_by("held_on", "pk")
    told = Count("notices", filter=Q(notices__recorded_at=None) | Q(notices__recorded_at__lte=at))
    return Facts(
        plan,
        record,
        counted,
        annex,
        [(meeting, tally.attended(meeting)) for meeting in meetings],
        list(DevelopmentGoal.objects.with_places().filter(plan=plan)),
        # First the plan, then the count: the other way round each notice would be counted once for each.
        Answer.objects.filter(approved_at__lte=at, notices__submission__plan=plan)
        .annotate(told=told)
        .filter(told__gt=0)
        .select_related("office")
        .order_by("approved_at", "pk"),
    )


def _record(plan: Plan, at: datetime, actor: User | None, door: str, passing: _Passing) -> ExportRecord:
    form = ExportFilter({"plan": str(plan.fiscal_year)})
    form.is_valid()
    order = Order(opinions.chosen(form), "csv", door, actor, PURPOSE, at)
    with TemporaryFile() as file:
        with csv_file.snapshot():
            cells = map(columns.values, passing(_rows(plan, at)))
            totals = opinions.write_cells(cells, at, order.selection.filters, "csv", file)
        known = register.belonging_to(file).filter(as_of=at, format="csv").first()
        return known or register.note(order, at, totals, file)


def _rows(plan: Plan, at: datetime) -> Iterator[Row]:
    late = at - timedelta(days=plan.answer_within_days)
    for row in reading.rows(Submission.objects.filter(plan=plan), at, {}):
        is_published = row["status"] == Status.PUBLISHED
        row["is_answered"] = is_published and row["answered_at"] is not None
        row["is_overdue"] = is_published and not row["is_answered"] and row["moderated_at"] < late
        yield row
