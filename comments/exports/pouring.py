"""Write the lines of the CSV from the bytes that SQLite keeps.

Words that are made into letters, looked at letter by letter and made into bytes again cost several times what they cost as
they are. And where the database would compute each moment in Bangkok and look each name up in a table, there is a
dictionary here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import IO, Any

from comments import tally
from comments.exports import columns, csv_file, former
from comments.models.submissions import OUTSIDE

# The longest opinions take 24 kB each, and there are three copies of them at once.
ROWS_AT_ONCE = 100
# So many hours are remembered at once: more than a year has.
_HOURS = 10_000
# The key of no district.
_OUTSIDE = 0

_CODE = "CAST(told.{} AS BLOB)"
WORDS = "COALESCE(NULLIF(told.redacted_body, ''), NULLIF(told.edited_body, ''), told.body)"
_OR_NOTHING = "COALESCE(CAST({} AS BLOB), x'')"
# What the cells are made of, in their order; neighbours that are told by one column have one name, the first one's.
CELLS = {
    "reference": _CODE.format("reference"),
    "received_at": _CODE.format("received_at"),
    "plan_year": "told.plan_id",
    "strategy_code": "told.goal_id",
    "about": _CODE.format("about"),
    "kind": _CODE.format("kind"),
    "stance": _CODE.format("stance"),
    "sector": "told.sector_id",
    "district_code": f"CASE WHEN told.is_outside_bangkok THEN {_OUTSIDE} ELSE told.district_id END",
    "district": "told.district_id",
    "meeting": "told.meeting_id",
    "channel": _CODE.format("channel"),
    "display_name": "CASE WHEN told.shows_name THEN CAST(told.display_name AS BLOB) END",
    "organisation": _CODE.format("organisation"),
    "body": f"CAST({WORDS} AS BLOB)",
    "language": _CODE.format("language"),
    "status": _CODE.format("status"),
    "reason_code": "told.reason_id",
    "moderated_at": _CODE.format("moderated_at"),
    "campaign": _OR_NOTHING.format("told.campaign_id"),
    "campaign_size": _OR_NOTHING.format("size.n"),
    "agree": _CODE.format("agree_count"),
    "disagree": _CODE.format("disagree_count"),
    "answered_at": "CAST(answer.approved_at AS BLOB)",
    "answer_outcome": _OR_NOTHING.format("answer.outcome"),
    "attachments": "CAST(COALESCE(files.number, 0) AS BLOB)",
}
_STATUS = list(CELLS).index("status")


def write(cursor: Any, file: IO[bytes]) -> tally.Totals:
    """Write what a SELECT of the `CELLS` gives; return how many rows stand where."""
    made, account = _made(), tally.Account(["status"])
    makers = [(place, made[name]) for place, name in enumerate(CELLS) if name in made]
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        account.count("status", (row[_STATUS].decode() for row in rows))
        file.write(b"".join([_line(list(row), makers) for row in rows]))
    return account.totals


def _line(cells: list[Any], makers: list[tuple[int, Callable[[Any], bytes]]]) -> bytes:
    for place, make in makers:
        cells[place] = make(cells[place])
    return b",".join(cells) + b"\r\n"


def _made() -> dict[str, Callable[[Any], bytes]]:
    """Return how those cells are made that the database does not give as they are."""
    labels, hours = former.labels(), _Hours()
    districts = _told(labels["district_id"], "district_code") | {_OUTSIDE: OUTSIDE.encode()}
    return {
        "received_at": hours.with_day,
        "plan_year": _told(labels["plan_id"], "plan_year").__getitem__,
        "strategy_code": _told(
            labels["goal_id"], "strategy_code", "strategy", "goal_code", "goal"
        ).__getitem__,
        "sector": _told(labels["sector_id"], "sector").__getitem__,
        "district_code": districts.__getitem__,
        "district": _told(labels["district_id"], "district").__getitem__,
        "meeting": _told(labels["meeting_id"], "meeting").__getitem__,
        "display_name": csv_file.cell,
        "organisation": csv_file.cell,
        "body": csv_file.cell,
        "reason_code": _told(labels["reason_id"], "reason_code").__getitem__,
        "moderated_at": hours.local,
        "answered_at": hours.local,
    }


def _told(known: former.Labels, *names: str) -> dict[int | None, bytes]:
    """Return, for each row that is referred to, its cells side by side."""
    return {pk: b",".join(_label(name, row[name]) for name in names) for pk, row in known.items()}


def _label(name: str, told: Any) -> bytes:
    text = b"" if told is None else str(told).encode()
    return csv_file.cell(text) if columns.SUBMISSIONS[name].type == "text" else text


class _Hours(dict[bytes, tuple[bytes, bytes]]):
    """What the clocks of Bangkok show for an hour of UTC, as SQLite keeps it: day and hour, and the day of the Buddhist era."""

    def __missing__(self, hour: bytes) -> tuple[bytes, bytes]:
        moment = datetime.fromisoformat(f"{hour.decode()}:00+00:00")
        if len(self) == _HOURS:
            self.clear()
        day = columns.day_of_receipt({"received_at": moment})
        self[hour] = columns.local(moment).isoformat()[:13].encode(), day.encode()
        return self[hour]

    def local(self, moment: bytes | None) -> bytes:
        """Return a moment in Bangkok, without the parts of a second."""
        return b"%b%b+07:00" % (self[moment[:13]][0], moment[13:19]) if moment else b""

    def with_day(self, moment: bytes) -> bytes:
        """Return a moment in Bangkok, and beside it its day."""
        local, day = self[moment[:13]]
        return b"%b%b+07:00,%b" % (local, moment[13:19], day)
