"""Every count in the system; nobody else counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Count, DateField, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import TruncMonth

from comments.models import (
    Assessment,
    Attachment,
    DevelopmentGoal,
    District,
    Meeting,
    Plan,
    Sector,
    Submission,
    Vote,
)
from comments.models.submissions import OUTSIDE

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
    counted = rows.order_by().values_list("status").annotate(n=Count("pk"))
    return Totals(**dict(counted))


def plan_totals(plan: Plan) -> Totals:
    """Return the row-accounted totals of a plan."""
    return totals(Submission.objects.filter(plan=plan))


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
    counted = rows.aggregate(
        opinions=Count("pk"),
        alone=Count("pk", filter=Q(campaign=None)),
        campaigns=Count("campaign", distinct=True),
    )
    return Heard(counted["opinions"], counted["alone"] + counted["campaigns"])


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
    members = rows.order_by().filter(campaign__isnull=False)
    return dict(members.values_list("campaign").annotate(n=Count("pk")))


def attachments(rows: Iterable[Submission]) -> dict[int, int]:
    """Return how many files came with each of `rows`, by its key; those without any are not in it."""
    files = Attachment.objects.filter(submission__in=list(rows)).order_by()
    return dict(files.values_list("submission").annotate(n=Count("pk")))


def stances(rows: QuerySet[Submission]) -> dict[str, int]:
    """Return how many of `rows` take each stance; "" is none."""
    return dict(rows.order_by().values_list("stance").annotate(n=Count("pk")))


def rejected_by_reason(rows: QuerySet[Submission]) -> dict[str, int]:
    """Return how many of `rows` are rejected for each reason, by code."""
    rejected = rows.filter(status=Status.REJECTED).order_by()
    return dict(rejected.values_list("reason__code").annotate(n=Count("pk")).order_by("reason__position"))


def published_by_goal(plan: Plan) -> dict[int | None, int]:
    """Return the number of published submissions of a plan by goal; None is the plan as a whole."""
    rows = Submission.objects.published().filter(plan=plan).order_by()
    return dict(rows.values_list("goal").annotate(n=Count("pk")))


def published_by_strategy(plan: Plan, goals: Iterable[DevelopmentGoal]) -> Counter[int]:
    """Return the number of published submissions of a plan by top-level strategy of its `goals`."""
    by_goal = published_by_goal(plan)
    counts: Counter[int] = Counter()
    # Folded here: joining three tables for each submission takes fifty times as long.
    for goal in goals:
        counts[goal.strategy.parent_id or goal.strategy_id] += by_goal.get(goal.pk, 0)
    return counts


@dataclass(frozen=True)
class Counted:
    """A number of rows; when `is_more`, there are more than that."""

    number: int
    is_more: bool = False


def count_up_to(rows: QuerySet[Submission], most: int = MOST_COUNTED) -> Counted:
    """Return how many `rows` there are, exactly up to `most`: as many as a list of hits needs to say."""
    found = rows.order_by()[: most + 1].count()
    return Counted(min(found, most), is_more=found > most)


def count(rows: QuerySet[Submission]) -> int:
    """Return how many `rows` there are."""
    return rows.order_by().count()


@dataclass(frozen=True)
class Cell:
    """How many submissions share a goal, sector, district and stance.

    No goal: the plan as a whole. `district` is a code, "outside", or empty where none was given.
    """

    goal: DevelopmentGoal | None
    sector: Sector
    district: District | None
    is_outside_bangkok: bool
    stance: str
    opinions: int

    @property
    def district_code(self) -> str:
        """Return the code as exports write it."""
        if self.is_outside_bangkok:
            return OUTSIDE
        return self.district.code if self.district else ""


def summary(rows: QuerySet[Submission]) -> list[Cell]:
    """Return the count of every goal × sector × district × stance that occurs, in stable order.

    The counts add up to the number of `rows`.
    """
    keys = ("goal", "sector", "district", "is_outside_bangkok", "stance")
    grouped = rows.order_by().values_list(*keys).annotate(n=Count("pk"))
    goals = DevelopmentGoal.objects.in_bulk()
    sectors = Sector.objects.in_bulk()
    districts = District.objects.in_bulk()
    cells = [
        Cell(goals.get(goal), sectors[sector], districts.get(district), outside, stance, n)
        for goal, sector, district, outside, stance, n in grouped
    ]
    return sorted(cells, key=_position)


def _position(cell: Cell) -> tuple[Any, ...]:
    stances = ["", *Submission.Stance.values]
    return (
        cell.goal.code if cell.goal else "",
        cell.sector.position,
        cell.district_code,
        stances.index(cell.stance),
    )


Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Table(Generic[Key]):
    """Counts by a row's key and a column's key, with totals of each and of all."""

    columns: tuple[str, ...]
    rows: list[tuple[Key, list[int], int]]

    @property
    def column_totals(self) -> list[int]:
        """Return the total of each column."""
        return [sum(counts[n] for _, counts, _ in self.rows) for n in range(len(self.columns))]

    @property
    def total(self) -> int:
        """Return the total of all."""
        return sum(total for _, _, total in self.rows)


def by_stance(cells: Iterable[Cell], row: Callable[[Cell], Key]) -> Table[Key]:
    """Return the counts of `cells` by `row` and stance; no stance is the last column."""
    columns = (*Submission.Stance.values, "")
    counts: dict[Key, list[int]] = {}
    for cell in cells:
        counts.setdefault(row(cell), [0] * len(columns))[columns.index(cell.stance)] += cell.opinions
    return Table(columns, [(key, line, sum(line)) for key, line in counts.items()])


def totals_by_sector(plan: Plan) -> dict[int, Totals]:
    """Return the row-accounted totals of a plan by sector, of those sectors that have any."""
    rows = Submission.objects.filter(plan=plan).order_by()
    found: dict[int, dict[str, int]] = {}
    for sector, status, n in rows.values_list("sector", "status").annotate(n=Count("pk")):
        found.setdefault(sector, {})[status] = n
    return {sector: Totals(**counts) for sector, counts in found.items()}


def published_by_district(plan: Plan) -> dict[int | str, int]:
    """Return the number of published submissions by district; also "outside", and "" where none was given."""
    counts: Counter[int | str] = Counter()
    for district, is_outside, n in _published_by(plan, "district", "is_outside_bangkok"):
        counts[OUTSIDE if is_outside else district or ""] += n
    return counts


def published_by_goal_and_stance(plan: Plan) -> dict[tuple[int | None, str], int]:
    """Return the number of published submissions by goal (None: the plan as a whole) and stance ("": none)."""
    return {(goal, stance): n for goal, stance, n in _published_by(plan, "goal", "stance")}


def published_by_kind(plan: Plan) -> dict[str, int]:
    """Return the number of published submissions of a plan by kind."""
    return dict(_published_by(plan, "kind"))


def published_by_meeting(plan: Plan) -> dict[int | None, int]:
    """Return the number of published submissions of a plan by meeting; None is none."""
    return dict(_published_by(plan, "meeting"))


def published_by_month(plan: Plan) -> dict[date, int]:
    """Return the number of published submissions by the month of their receipt in Bangkok, named by its first day."""
    return dict(_published_by(plan, TruncMonth("received_at", output_field=DateField())))


def _published_by(plan: Plan, *keys: Any) -> QuerySet[Submission, Any]:
    rows = Submission.objects.published().filter(plan=plan).order_by()
    return rows.values_list(*keys).annotate(n=Count("pk"))


def by_sector(rows: QuerySet[Submission]) -> dict[int, int]:
    """Return how many of `rows` each sector sent, by the sector's key."""
    return dict(rows.order_by().values_list("sector").annotate(n=Count("pk")))


@dataclass(frozen=True)
class Attended:
    """How many people came to a meeting by sector, None where it was not recorded."""

    sectors: list[tuple[Sector, int | None]]

    @property
    def people(self) -> int | None:
        """Return how many came of the sectors that were recorded, None where none was."""
        recorded = [people for _, people in self.sectors if people is not None]
        return sum(recorded) if recorded else None

    @property
    def is_whole(self) -> bool:
        """Tell whether every sector was recorded."""
        return all(people is not None for _, people in self.sectors)


def attended(meeting: Meeting) -> Attended:
    """Return who came to `meeting`: every sector in use, and each other that was recorded."""
    people = dict(meeting.attendance.values_list("sector", "people"))
    return Attended(
        [(row, people.get(row.pk)) for row in Sector.objects.all() if row.is_active or row.pk in people]
    )


@dataclass(frozen=True)
class Pressed:
    """How many browsers pressed the one and the other; nobody chose them to stand for others."""

    agree: int = 0
    disagree: int = 0

    @property
    def total(self) -> int:
        """Return how many pressed either."""
        return self.agree + self.disagree


def votes(target: DevelopmentGoal | Submission) -> Pressed:
    """Return the votes on `target`, counted from their rows; its own columns say the same, sooner."""
    rows = Vote.objects.filter(**{"goal" if isinstance(target, DevelopmentGoal) else "submission": target})
    return Pressed(**dict(rows.values_list("value").annotate(n=Count("pk"))))


def assessments(goal: DevelopmentGoal) -> dict[str, Pressed]:
    """Return how many said yes (agree) and no (disagree) to each of the five questions, in their order."""
    rows = Assessment.objects.filter(goal=goal).values_list("question", "is_yes")
    counted = {(question, is_yes): n for question, is_yes, n in rows.annotate(n=Count("pk"))}
    return {
        question: Pressed(counted.get((question, True), 0), counted.get((question, False), 0))
        for question in Assessment.Question.values
    }
