"""What became of an opinion, told to its author as steps: done, now, later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models import DevelopmentGoal, Submission, SubmissionEvent

Kind = SubmissionEvent.Kind
Status = Submission.Status
When = Literal["done", "now", "later"]

# What the author is told; the rest is between members of the staff.
TITLES: dict[str, Any] = {
    Kind.RECEIVED: gettext_lazy("We received your opinion"),
    Kind.EDITED: gettext_lazy("You changed your words"),
    Kind.PUBLISHED: gettext_lazy("Staff published it"),
    Kind.REJECTED: gettext_lazy("Staff decided not to publish it"),
    Kind.RESTORED: gettext_lazy("Staff took their decision back"),
    Kind.MOVED: gettext_lazy("Staff put it with another goal"),
    Kind.ANSWERED: gettext_lazy("The city answered"),
    Kind.APPEALED: gettext_lazy("You appealed"),
    Kind.APPEAL_UPHELD: gettext_lazy("Your appeal was decided: it stays unpublished"),
    Kind.APPEAL_GRANTED: gettext_lazy("Your appeal was granted"),
    Kind.WITHDRAWN: gettext_lazy("You took it back"),
    Kind.ERASURE_ASKED: gettext_lazy("You asked us to erase it"),
    Kind.ERASED: gettext_lazy("We erased it"),
}


@dataclass(frozen=True)
class Step:
    """One step on the way of an opinion."""

    when: When
    title: str
    text: str = ""
    at: datetime | None = None


def steps(submission: Submission, *, asked_for_erasure: bool | None = None) -> list[Step]:
    """Return the way of a submission in the active language: what happened, where it stands, what may follow."""
    if asked_for_erasure is None:
        asked_for_erasure = hasattr(submission, "erasure_request")
    events = list(submission.events.filter(kind__in=TITLES).select_related("reason").order_by("pk"))
    if submission.status != Status.PENDING:
        # Where it stands comes last; a move changes nothing of that.
        events.append(events.pop(max(n for n, event in enumerate(events) if event.kind != Kind.MOVED)))
    told = [Step("done", str(TITLES[event.kind]), _because(event), event.at) for event in events]
    if not submission.is_kept:
        return [*told[:-1], _as_it_stands(told[-1], _erased())]
    if asked_for_erasure:
        return [
            *told,
            Step("now", _("Staff look into your request"), _("Until then nobody else can read it.")),
        ]
    match submission.status:
        case Status.PENDING:
            return [*told, *_in_moderation(), _answer()]
        case Status.PUBLISHED:
            return [*told[:-1], *_before_the_public(told[-1], {event.kind for event in events})]
        case Status.WITHDRAWN:
            gone = _("It is not shown anywhere. It still counts as received and withdrawn.")
            return [*told[:-1], _as_it_stands(told[-1], gone)]
    in_appeal = [*told, *_in_appeal()]
    return in_appeal if submission.is_appealed else [*told[:-1], _as_it_stands(told[-1], told[-1].text)]


def _because(event: SubmissionEvent) -> str:
    if event.kind == Kind.MOVED:
        return _from_goal_to_goal(event)
    if event.kind == Kind.RESTORED:
        return _("It is read once more and decided anew.")
    if event.kind == Kind.APPEAL_GRANTED:
        return _("The decision not to publish it no longer stands.")
    if event.kind == Kind.APPEAL_UPHELD:
        return _("The reason stands below, in your appeal.")
    return str(event.reason.explanation) if event.reason else ""


def _from_goal_to_goal(event: SubmissionEvent) -> str:
    goals = {
        row.code: str(row.title)
        for row in DevelopmentGoal.objects.filter(code__in=(event.before, event.after))
    }
    before, after = (
        goals.get(code, code) or _("the plan as a whole") for code in (event.before, event.after)
    )
    return _("It was counted with “%(before)s” and is now counted with “%(after)s”.") % {
        "before": before,
        "after": after,
    }


def _as_it_stands(last: Step, text: str) -> Step:
    return Step("now", last.title, text, last.at)


def _erased() -> str:
    return _(
        "Your words, your name, your contact details and your files are gone for good."
        " That an opinion was received still counts."
    )


def _before_the_public(last: Step, kinds: set[str]) -> list[Step]:
    if Kind.ANSWERED not in kinds:
        return [_as_it_stands(last, _("Everybody can read it.")), _answer()]
    return [_as_it_stands(last, _("Everybody can read your opinion and the answer, which stands below."))]


def _in_moderation() -> list[Step]:
    waits = _("Staff have not decided yet. It waits its turn; the oldest is read first.")
    return [
        Step("now", _("In moderation"), waits),
        Step("later", _("Published, or not published with the reason")),
    ]


def _in_appeal() -> list[Step]:
    other = _("Somebody who took no part in the decision reads your opinion and your appeal.")
    return [Step("now", _("Another member of the staff looks at it"), other), Step("later", _("Decided"))]


def _answer() -> Step:
    return Step("later", _("Answered"), _("If the city answers, you read it here."))
