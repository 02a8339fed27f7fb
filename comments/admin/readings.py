"""How the staff read an opinion: what is covered, what looks like personal data, why to look first."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments import campaigns, moderation, roles, tally
from comments.models import Redaction, Submission, SubmissionEvent
from comments.text import attention, personal_data, similarity, tone
from comments.text.personal_data import Finding, Severity
from comments.text.spans import Span

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SEVERITIES: dict[Severity, Any] = {
    "block": _("never published"),
    "mask": _("usually covered"),
    "warn": _("cover it if it is not needed"),
    "review": _("please check"),
}
NUDGES: dict[tone.Code, Any] = {
    "link": _("has a link"),
    "shouting": _("written in capitals"),
    "repetition": _("repeated characters"),
    "profanity": _("coarse words"),
    "street_level": _("one street's problem: also for Traffy Fondue or 1555"),
}
NEVER_PUBLISHED = _("personal data that is never published")
PERSONAL_DATA = _("personal data")


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Item = TypeVar("Item", bound=_Placed)


@dataclass(frozen=True)
class Piece:
    """A stretch of the words that is shown in one way."""

    text: str
    redaction: Redaction | None = None
    finding: Finding | None = None
    is_own: bool = False

    @property
    def kind(self) -> str:
        """Return what sort of personal data it looks like, for people."""
        return str(Redaction.Reason(self.finding.kind).label) if self.finding else ""


@dataclass(frozen=True)
class Reading:
    """A submission as one member of the staff reads it.

    `findings` are those that are not covered; `attention` holds code and label of each reason to look
    at it first; `asked` is why it waits for a second person; `alike` counts its campaign, itself included; `files` counts what is attached; `flagged` says what readers reported.
    """

    submission: Submission
    words: list[Piece]
    covered: list[Redaction]
    findings: list[Finding]
    attention: list[tuple[str, Any]]
    alike: int = 0
    is_the_common_text: bool = False
    files: int = 0
    asked: SubmissionEvent | None = None
    flagged: str = ""

    @property
    def seen(self) -> str:
        """Return in what state, and with what covered, it is shown: a page carries this to the decision."""
        return seen(self.submission)

    @property
    def outline(self) -> list[tuple[Finding, str, Any, str]]:
        """Return each finding with its kind and gravity for people, and its words."""
        body = self.submission.words
        return [
            (one, str(Redaction.Reason(one.kind).label), SEVERITIES[one.severity], body[one.start : one.end])
            for one in self.findings
        ]


def seen(row: Submission) -> str:
    """Return the key and state of `row`, the number of an edited wording, who asked for a second person, and a digest where something is covered.

    The digest is of what the public would read: whatever is covered or uncovered changes those words.
    """
    state = f"{row.pk}:{row.status}" if row.edition == 1 else f"{row.pk}:{row.status}:{row.edition}"
    if row.asked_id:
        state += f":?{row.asked_id}"
    if not row.redacted_body:
        return state
    return f"{state}:{hashlib.sha256(row.redacted_body.encode()).hexdigest()[:32]}"


def of(rows: Iterable[Submission], *, user: User, common: str = "") -> list[Reading]:
    """Return how `user` reads each of `rows`; beside the `common` text of their campaign, if given.

    Who does not moderate reads what the public does, or will: what is covered stays sealed.
    """
    rows = list(rows)
    if not user.has_perm(roles.MODERATE):
        return [Reading(row, [Piece(row.public_body)], [], [], []) for row in rows]
    covered = moderation.covered_in(rows)
    sizes, files, asked = _sizes(rows), tally.attachments(rows), _asked(rows)
    flagged = tally.flags(rows) if any(row.flag_count for row in rows) else {}
    found = (
        _reading(row, covered[row.pk], sizes.get(row.campaign_id or 0, 0), common, files.get(row.pk, 0))
        for row in rows
    )
    return [
        replace(
            one,
            asked=asked.get(one.submission.asked_id or 0),
            flagged=_flagged(one.submission, flagged.get(one.submission.pk, [])),
        )
        for one in found
    ]


def pieces(
    body: str, covered: Sequence[Redaction], findings: Sequence[Finding], own: Sequence[Span] = ()
) -> list[Piece]:
    """Return `body` cut where the way to show it changes; what is covered is shown as nothing else."""
    placed: list[_Placed] = [*covered, *findings, *own]
    edges = sorted({0, len(body), *(edge for one in placed for edge in (one.start, one.end))})
    redaction_at, finding_at, own_at = _lookup(covered), _lookup(findings), _lookup(own)

    def shown_as(stretch: tuple[int, int]) -> tuple[Redaction | None, Finding | None, bool]:
        if redaction := redaction_at(stretch[0]):
            return redaction, None, False
        return None, finding_at(stretch[0]), own_at(stretch[0]) is not None

    found = []
    for (redaction, finding, is_own), group in groupby(pairwise(edges), shown_as):
        stretches = list(group)
        text = body[stretches[0][0] : stretches[-1][1]]
        found.append(Piece(text, redaction, finding, is_own))
    return found


def _reading(row: Submission, covered: list[Redaction], alike: int, common: str, files: int) -> Reading:
    left = attention.in_sight(personal_data.find(row.words), [(one.start, one.end) for one in covered])
    is_common = bool(common) and similarity.squeeze(row.words) == similarity.squeeze(common)
    own = campaigns.own_additions(row, common) if common and not is_common else []
    return Reading(
        row,
        pieces(row.words, covered, left, own),
        covered,
        left,
        _attention(row, left) if row.status == Submission.Status.PENDING else [],
        alike,
        is_common,
        files,
    )


def _flagged(row: Submission, by_reason: list[tuple[str, int]]) -> str:
    """Say how often readers reported it, and for what."""
    if not by_reason:
        return ""
    told = ngettext("reported by %d reader", "reported by %d readers", row.flag_count) % row.flag_count
    return f"{told}: {', '.join(f'{label} {n}' for label, n in by_reason)}"


def _attention(row: Submission, findings: list[Finding]) -> list[tuple[str, Any]]:
    """Return why a moderator should look at it first, the gravest first."""
    reasons: list[tuple[str, Any]] = []
    if any(one.severity == "block" for one in findings):
        reasons.append(("block", NEVER_PUBLISHED))
    elif findings:
        reasons.append(("personal_data", PERSONAL_DATA))
    return reasons + [(nudge.code, NUDGES[nudge.code]) for nudge in tone.nudges(row.public_body)]


def _sizes(rows: list[Submission]) -> dict[int, int]:
    of_campaigns = {row.campaign_id for row in rows if row.campaign_id}
    if not of_campaigns:
        return {}
    return tally.campaign_sizes(Submission.objects.filter(campaign__in=of_campaigns))


def _asked(rows: list[Submission]) -> dict[int, SubmissionEvent]:
    keys = [row.asked_id for row in rows if row.asked_id]
    return SubmissionEvent.objects.select_related("actor", "reason").in_bulk(keys) if keys else {}


def _lookup(items: Sequence[Item]) -> Callable[[int], Item | None]:
    """Return a function that finds which of `items`, in order and apart, stands at a position."""
    starts = [item.start for item in items]

    def at(position: int) -> Item | None:
        index = bisect_right(starts, position) - 1
        return items[index] if index >= 0 and position < items[index].end else None

    return at
