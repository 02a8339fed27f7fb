"""From a checked row to a statement that is ready to be received."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from comments import intake, storing
from comments.models import DevelopmentGoal, District, ImportRow, Meeting, Plan, Sector, Submission
from comments.models.submissions import OUTSIDE

_WORKED_OUT = "worked_out"


def prepare(row: ImportRow, known: Known) -> intake.Prepared | Exception:
    """Return what a row says, ready to be received, or why it can't be."""
    said = json.loads(row.said)
    at = datetime.fromisoformat(said["at"]) if said["at"] else None
    channel = Submission.Channel.IMPORT
    try:
        statement = known.statement(said)
        worked_out = said.get(_WORKED_OUT)
        return intake.prepare(statement, idempotency_key=row.key, channel=channel, at=at, known=worked_out)
    except (ValidationError, KeyError) as error:
        return error


def work_out(row: ImportRow, known: Known) -> None:
    """Let a row know what takes long to work out of its words, so that `prepare` is quick from now on."""
    prepared = prepare(row, known)
    if isinstance(prepared, intake.Prepared):
        said = json.loads(row.said) | {_WORKED_OUT: storing.worked_out(prepared.new)}
        row.said = json.dumps(said, ensure_ascii=False)


class Known:
    """The rows that statements refer to, read once for many."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.goals = DevelopmentGoal.objects.filter(plan=plan).in_bulk()
        self.meetings = Meeting.objects.filter(plan=plan).in_bulk()
        self.sectors = Sector.objects.in_bulk()
        self.districts = District.objects.in_bulk()

    def statement(self, said: Mapping[str, Any]) -> intake.Statement:
        """Return what a row says. Raises KeyError when a row that it refers to is gone."""
        place = said["district"]
        return intake.Statement(
            plan=self.plan,
            sector=self.sectors[said["sector"]],
            body=said["body"],
            goal=self.goals[said["goal"]] if said["goal"] else None,
            meeting=self.meetings[said["meeting"]] if said["meeting"] else None,
            about=said["about"] or Submission.About.GOALS,
            kind=said["kind"] or Submission.Kind.OPINION,
            stance=said["stance"] or "",
            district=self.districts[place] if place and place != OUTSIDE else None,
            is_outside_bangkok=place == OUTSIDE,
            display_name=said["display_name"],
            organisation=said["organisation"],
            shows_name=said["shows_name"],
            email=said["email"],
            phone=said["phone"],
        )
