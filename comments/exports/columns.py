"""The columns of each export, each with its type, from which every format makes its own cells.

docs/data-dictionary.md explains every column; a test compares it with these tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import timezone as fixed
from operator import itemgetter
from typing import Any, Literal

from django.utils import timezone

from comments import tally
from comments.models import SubmissionEvent
from comments.models.submissions import OUTSIDE

# What a spreadsheet would run as a formula, in both widths, and the guard itself. A tab or line
# break first would be skipped by some programs, and the formula behind it run.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
GUARD = "'"
_GUARDED = (*DANGEROUS, GUARD)


def guard(text: str) -> str:
    """Return `text` as a spreadsheet may safely read it.

    >>> guard("=1+1"), guard("- ข้อเสนอ"), guard("'quoted'"), guard("น้ำท่วม")
    ("'=1+1", "'- ข้อเสนอ", "''quoted'", 'น้ำท่วม')
    """
    return GUARD + text if text.startswith(_GUARDED) else text


def unguard(cell: str) -> str:
    """Return the exact text that `guard` was given.

    >>> unguard(guard("=1+1")), unguard(guard("'quoted'"))
    ('=1+1', "'quoted'")
    """
    return cell.removeprefix(GUARD)


# Of the columns and their formats; a file made anew under another number need not be the same.
SCHEMA_VERSION = 1

# Bangkok has kept +07:00, without summer time, since 1920.
_BANGKOK = fixed(timedelta(hours=7))

# A row of `reading.rows`: its columns by name.
Row = dict[str, Any]
# What a file says of one opinion, in the order of the columns; None for nothing.
Cells = list[Any]


@dataclass(frozen=True)
class Column:
    """What of a row a column holds, unless it is made of several, and of what type that is in every format.

    A "text" may begin with anything, a "code" is ours.
    """

    type: Literal["text", "code", "moment", "number"]
    holds: str
    made: Callable[[Row], Any] | None = None


def _text(name: str) -> Column:
    return Column("text", name)


def _code(name: str) -> Column:
    return Column("code", name)


def _moment(name: str) -> Column:
    return Column("moment", name)


def _number(name: str) -> Column:
    return Column("number", name)


def day_of_receipt(row: Row) -> str:
    """Return the day of receipt in Bangkok as dd/mm/yyyy of the Buddhist era."""
    day = local(row["received_at"])
    return f"{day.day:02}/{day.month:02}/{day.year + 543}"


def public_words(row: Row) -> str:
    """Return the words as the public reads them: what was covered or edited away leaves the database in no file."""
    words: str = row["redacted_body"] or row["edited_body"] or row["body"]
    return words


SUBMISSIONS: dict[str, Column] = {
    "reference": _code("reference"),
    "received_at": _moment("received_at"),
    "received_date_be": Column("code", "received_at", day_of_receipt),
    "plan_year": _number("plan_year"),
    "strategy_code": _text("strategy_code"),
    "strategy": _text("strategy"),
    "goal_code": _text("goal_code"),
    "goal": _text("goal"),
    "about": _code("about"),
    "kind": _code("kind"),
    "stance": _code("stance"),
    "sector": _code("sector"),
    "district_code": Column(
        "code",
        "district_code",
        lambda row: OUTSIDE if row["is_outside_bangkok"] else row["district_code"],
    ),
    "district": _text("district"),
    "meeting": _text("meeting"),
    "channel": _code("channel"),
    # A name that its author did not agree to show stays in the database.
    "display_name": Column(
        "text", "display_name", lambda row: row["display_name"] if row["shows_name"] else ""
    ),
    "organisation": _text("organisation"),
    "body": Column("text", "body", public_words),
    "language": _code("language"),
    "status": _code("status"),
    "reason_code": _code("reason_code"),
    "moderated_at": _moment("moderated_at"),
    "campaign": _number("campaign_id"),
    "campaign_size": _number("campaign_size"),
    "agree": _number("agree_count"),
    "disagree": _number("disagree_count"),
    "answered_at": _moment("answered_at"),
    "answer_outcome": _code("answer_outcome"),
    "attachments": _number("attachments"),
}


_HELD = itemgetter(*(column.holds for column in SUBMISSIONS.values()))
_MADE = [(place, column.made) for place, column in enumerate(SUBMISSIONS.values()) if column.made]


def values(row: Row) -> Cells:
    """Return the cells of `row` in the order of the columns, None for every empty one."""
    cells = list(_HELD(row))
    for place, made in _MADE:
        cells[place] = made(row)
    return [None if cell == "" else cell for cell in cells]


def places(kind: str) -> list[int]:
    """Return which columns are of a type."""
    return [place for place, column in enumerate(SUBMISSIONS.values()) if column.type == kind]


def local(moment: datetime) -> datetime:
    """Return `moment` as Bangkok's clocks show it."""
    return moment.astimezone(_BANGKOK)


RESPONSES: dict[str, Callable[[tally.Responses], object]] = {
    "goal_code": lambda row: row.goal and guard(row.goal.code),
    "goal": lambda row: row.goal and guard(row.goal.title_th),
    "lead_office": lambda row: row.goal and row.goal.lead_office and guard(row.goal.lead_office.title_th),
    "opinions": lambda row: row.opinions,
    "texts": lambda row: row.texts,
    "answered": lambda row: row.answered,
    "blank": lambda row: row.blank,
    "overdue": lambda row: row.overdue,
    "newest": lambda row: row.newest and timezone.localtime(row.newest).isoformat(timespec="seconds"),
}

EVENTS: dict[str, Callable[[SubmissionEvent], object]] = {
    "at": lambda event: local(event.at).isoformat(timespec="seconds"),
    "kind": lambda event: event.kind,
    "reference": lambda event: event.submission.reference,
    "plan_year": lambda event: event.submission.plan.fiscal_year,
    "from_status": lambda event: event.from_status,
    "to_status": lambda event: event.to_status,
    "before": lambda event: guard(event.before),
    "after": lambda event: guard(event.after),
    "reason_code": lambda event: event.reason and event.reason.code,
    # What colleagues tell each other stays in the house.
    "note": lambda event: "" if event.kind == SubmissionEvent.Kind.NOTED else guard(event.note),
    "actor": lambda event: event.actor and guard(event.actor.get_username()),
    "proposer": lambda event: event.proposer and guard(event.proposer.get_username()),
}

OVERSIGHT = ("measure", "of", "number")

SUMMARY: dict[str, Callable[[tally.Cell], object]] = {
    "goal_code": lambda cell: cell.goal and guard(cell.goal.code),
    "goal": lambda cell: cell.goal and guard(cell.goal.title_th),
    "sector": lambda cell: cell.sector.key,
    "district_code": lambda cell: cell.district_code,
    "district": lambda cell: cell.district and guard(cell.district.title_th),
    "stance": lambda cell: cell.stance,
    "opinions": lambda cell: cell.opinions,
    "kind": lambda cell: cell.kind,
    "channel": lambda cell: cell.channel,
    "texts": lambda cell: cell.texts,
}
