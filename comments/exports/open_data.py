"""The open data of a plan: what anybody may take along, without names and without small groups.

Each dataset is a table you can read: a column has a name, a type, a meaning, and how a row gives it. The files, the
dictionary and the answers of the interface for programs all come from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comments import tally
from comments.models import Answer, DevelopmentGoal, Meeting, Plan, Submission
from comments.models.answers import of_the_answer
from comments.models.submissions import OUTSIDE

# Grows when a column changes its meaning or goes; a new column at the end leaves it as it is.
SCHEMA_VERSION = 1
TITLE = _("Bangkok listens: open data")

Value = str | int | None


@dataclass(frozen=True)
class Column:
    """A column: its name, the JSON type of its values ("string" or "integer"), what it means, its value, its codes."""

    name: str
    type: str
    meaning: Promise
    value: Callable[[Any], Value]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """A table of open data: its name in addresses, its title, and its rows of a plan."""

    name: str
    title: Promise
    about: Promise
    columns: tuple[Column, ...]
    rows: Callable[[Plan], Iterable[Any]]

    def row(self, row: Any) -> dict[str, Value]:
        """Return one row as names and values; empty text is null."""
        return {column.name: column.value(row) for column in self.columns}


def _day(moment: datetime | None) -> str | None:
    return timezone.localdate(moment).isoformat() if moment else None


def _isoformat(day: date | None) -> str | None:
    return day.isoformat() if day else None


def published(plan: Plan) -> Any:
    """Return the published opinions of `plan` with all that their columns need, the first received first."""
    rows = Submission.objects.published().filter(plan=plan)
    return with_answers(rows).order_by("received_at", "pk")


def with_answers(rows: Any) -> Any:
    """Return `rows` of opinions with what a list shows of them and the newest answer to each."""
    return rows.with_labels().annotate(
        answered_at=of_the_answer("approved_at"), answer_outcome=of_the_answer("outcome")
    )


def _strategy(row: Any) -> str | None:
    goal = row if isinstance(row, DevelopmentGoal) else row.goal
    return (goal.strategy.parent or goal.strategy).code if goal else None


def _district(row: Submission) -> str | None:
    if row.is_outside_bangkok:
        return OUTSIDE
    return row.district.code if row.district else None


OPINIONS = Dataset(
    "opinions",
    _("Published opinions"),
    _("Every published opinion as the public reads it, without names."),
    (
        Column("reference", "string", _("public reference number"), lambda row: row.reference),
        Column("received_on", "string", _("day of receipt in Bangkok"), lambda row: _day(row.received_at)),
        Column("strategy_code", "string", _("strategy that the goal belongs to"), _strategy),
        Column(
            "goal_code",
            "string",
            _("development goal; empty: the plan as a whole"),
            lambda row: row.goal and row.goal.code,
        ),
        Column(
            "about",
            "string",
            _("about the goals or about the city's past work"),
            lambda row: row.about,
            codes=tuple(Submission.About.values),
        ),
        Column(
            "kind",
            "string",
            _("what sort of statement"),
            lambda row: row.kind,
            codes=tuple(Submission.Kind.values),
        ),
        Column(
            "stance",
            "string",
            _("what its author said of the goal; empty: nothing"),
            lambda row: row.stance or None,
            codes=tuple(Submission.Stance.values),
        ),
        Column("sector", "string", _("as whom its author spoke"), lambda row: row.sector.key),
        Column(
            "district_code",
            "string",
            _("district, by the code of the Ministry of Interior; or not from Bangkok"),
            _district,
            codes=("1001", "…", "1050", OUTSIDE),
        ),
        Column(
            "meeting", "integer", _("number of the meeting where it was given"), lambda row: row.meeting_id
        ),
        Column("channel", "string", _("how it came in"), lambda row: row.channel),
        Column("language", "string", _("language of the words, by their letters"), lambda row: row.language),
        Column(
            "body",
            "string",
            _("the words as the public reads them; ▇▇▇ is covered personal data"),
            lambda row: row.public_body or None,
        ),
        Column(
            "campaign",
            "integer",
            _("number of the group of texts alike; empty: it stands alone"),
            lambda row: row.campaign_id,
        ),
        Column("agree", "integer", _("readers who pressed agree"), lambda row: row.agree_count),
        Column("disagree", "integer", _("readers who pressed disagree"), lambda row: row.disagree_count),
        Column("replies", "integer", _("published replies"), lambda row: row.reply_count),
        Column("answered_on", "string", _("day of the city's answer"), lambda row: _day(row.answered_at)),
        Column(
            "answer_outcome",
            "string",
            _("what the answer says of it"),
            lambda row: row.answer_outcome,
            codes=tuple(Answer.Outcome.values),
        ),
    ),
    published,
)

GOALS = Dataset(
    "goals",
    _("Development goals"),
    _("The goals that people were asked about, in both languages."),
    (
        Column("goal_code", "string", _("code of the goal"), lambda row: row.code),
        Column("strategy_code", "string", _("strategy that the goal belongs to"), _strategy),
        Column("title_th", "string", _("wording in Thai"), lambda row: row.title_th),
        Column("title_en", "string", _("wording in English"), lambda row: row.title_en or None),
        Column("indicator_th", "string", _("indicator in Thai"), lambda row: row.indicator_th or None),
        Column("indicator_en", "string", _("indicator in English"), lambda row: row.indicator_en or None),
        Column(
            "lead_office",
            "string",
            _("lead office"),
            lambda row: row.lead_office and row.lead_office.title_th,
        ),
        Column("agree", "integer", _("readers who pressed agree"), lambda row: row.agree_count),
        Column("disagree", "integer", _("readers who pressed disagree"), lambda row: row.disagree_count),
    ),
    lambda plan: (
        DevelopmentGoal.objects.public()
        .filter(plan=plan)
        .select_related("strategy__parent", "lead_office")
        .order_by("code")
    ),
)

MEETINGS = Dataset(
    "meetings",
    _("Meetings"),
    _("The hearings, past and coming."),
    (
        Column("meeting", "integer", _("number of the meeting"), lambda row: row.pk),
        Column("held_on", "string", _("day of the meeting"), lambda row: _isoformat(row.held_on)),
        Column("title_th", "string", _("title in Thai"), lambda row: row.title_th),
        Column("title_en", "string", _("title in English"), lambda row: row.title_en or None),
    ),
    lambda plan: Meeting.objects.public().filter(plan=plan).order_by("pk"),
)


TALLIES = Dataset(
    "tallies",
    _("Numbers"),
    _(
        "The numbers of the results page. Small ones, and as many others as it takes to hide them, are given as a range."
    ),
    (
        Column(
            "table",
            "string",
            _("what is counted by"),
            lambda row: row.table,
            codes=tally.TABLES,
        ),
        Column(
            "row",
            "string",
            _("code of the row; empty: not said, or the plan as a whole"),
            lambda row: row.row or None,
        ),
        Column(
            "column",
            "string",
            _("code of the column: a status or a stance; empty: not said"),
            lambda row: row.column or None,
        ),
        Column(
            "opinions",
            "integer",
            _("number of opinions; empty where it is not told"),
            lambda row: row.cell.number,
        ),
        Column("at_least", "integer", _("the least that it may be"), lambda row: row.cell.least),
        Column(
            "at_most",
            "integer",
            _("the most that it may be; empty where that is not told"),
            lambda row: row.cell.most,
        ),
    ),
    tally.figures,
)

DATASETS = {each.name: each for each in (OPINIONS, GOALS, MEETINGS, TALLIES)}
