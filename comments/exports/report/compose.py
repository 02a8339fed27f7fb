"""Say the facts in the order in which a council reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from comments.exports.columns import local
from comments.exports.report import docx_file, html_file
from comments.exports.report.blocks import Block, Heading, Paragraph, Report, Table
from comments.exports.report.facts import Facts, Status
from comments.models import DevelopmentGoal, District, RejectionReason, Sector, Submission
from comments.models.clocks import Clock
from comments.text import buddhist_era

_STATUSES = (Status.PUBLISHED, Status.PENDING, Status.REJECTED, Status.WITHDRAWN)
_STANCES = (*Submission.Stance.values, "")


def compose(facts: Facts) -> Report:
    """Return the report; its annex is read while it is written."""
    at = local(facts.at)
    moment = _("As of %(day)s, %(time)s") % {"day": _day(at), "time": f"{at:%H.%M:%S}"}
    return Report(_("Report on the public consultation"), (facts.plan.title, moment), _blocks(facts))


def _blocks(facts: Facts) -> Iterator[Block]:
    yield from _hearing(facts)
    yield from _clocks(facts)
    yield from _participation(facts)
    yield from _by_goal(facts)
    yield from _responses(facts)
    yield from _method(facts)
    yield from _annex(facts)


def _hearing(facts: Facts) -> Iterator[Block]:
    yield Heading(_("1. The consultation"))
    yield Paragraph(facts.plan.question)
    yield Paragraph(
        _("Opinions were taken from %(opens)s to %(closes)s.")
        % {"opens": _day_or(facts.plan.opens_at), "closes": _day_or(facts.plan.closes_at)}
    )
    if not facts.meetings:
        yield Paragraph(_("No meeting was held."))
    for meeting, attended in facts.meetings:
        yield Heading(meeting.title, 2)
        yield Paragraph(f"{_day(meeting.held_on)} · {meeting.get_mode_display()}")
        for purpose in filter(None, map(str.strip, meeting.purpose.splitlines())):
            yield Paragraph(purpose, is_item=True)
        known = [(sector.title, number) for sector, number in attended.sectors if number is not None]
        if known:
            yield _counted(_("People who came, by sector"), _("Sector"), known, _("People"))
        else:
            yield Paragraph(_("How many came was not recorded."))


def _clocks(facts: Facts) -> Iterator[Block]:
    yield Heading(_("2. Notice and summary"))
    yield Paragraph(
        _("A hearing is announced at least 15 days before, and its summary published within 15 days after.")
    )
    rows = []
    for meeting, _attended in facts.meetings:
        for what, clock in ((_("Notice"), meeting.notice_clock), (_("Summary"), meeting.summary_clock)):
            if clock:
                rows.append(
                    (meeting.title, what, _day(clock.due_on), _day_or(clock.done_on), _state(facts, clock))
                )
    if rows:
        head = (_("Meeting"), _("Duty"), _("Due by"), _("Done on"), _("State"))
        yield Table(_("The two clocks"), head, rows, (4, 2, 3, 3, 2))
    else:
        yield Paragraph(_("No meeting to which the two clocks apply."))


def _state(facts: Facts, clock: Clock) -> str:
    return str(clock.state(local(facts.at).date()).label)


def _participation(facts: Facts) -> Iterator[Block]:
    totals = facts.totals
    yield Heading(_("3. Participation"))
    yield Paragraph(
        _(
            "Received %(received)s = published %(published)s + awaiting review %(pending)s + "
            "not published %(rejected)s + withdrawn %(withdrawn)s."
        )
        % {
            name: f"{getattr(totals, name):,}"
            for name in ("received", "published", "pending", "rejected", "withdrawn")
        }
    )
    yield Paragraph(
        _("The published opinions hold %(texts)s different texts; copies of one text count as one of these.")
        % {"texts": f"{facts.texts:,}"}
    )
    by_reason = facts.several("reason_id")
    rejected = [
        (reason.title, by_reason[reason.pk])
        for reason in RejectionReason.objects.all()
        if reason.pk in by_reason
    ]
    if rejected:
        yield _counted(_("Not published, by reason"), _("Reason"), rejected)
    sectors = [
        (sector.title, [facts.number("sector_id", "status", of=(sector.pk, status)) for status in _STATUSES])
        for sector in Sector.objects.all()
    ]
    yield _crossed(_("Opinions by sector"), _("Sector"), sectors)
    places: list[tuple[str, tuple[int | None, bool]]] = [
        (district.title, (district.pk, False)) for district in District.objects.all()
    ]
    places += [(_("Outside Bangkok"), (None, True)), (_("not stated"), (None, False))]
    names = ("district_id", "is_outside_bangkok", "status")
    districts = [
        (title, [facts.number(*names, of=(*place, status)) for status in _STATUSES])
        for title, place in places
    ]
    yield _crossed(_("Opinions by district"), _("District"), [row for row in districts if any(row[1])])
    channels = dict(Submission.Channel.choices)
    counted = sorted(facts.several("channel").items(), key=lambda each: -each[1])
    yield _counted(_("Opinions by channel"), _("Channel"), [(str(channels[code]), n) for code, n in counted])


def _by_goal(facts: Facts) -> Iterator[Block]:
    yield Heading(_("4. What was said about each goal"))
    yield Paragraph(_("Published opinions, by what their authors said of the goal."))
    names = ("goal_id", "stance", "status")
    rows = [
        (title, [facts.number(*names, of=(pk, stance, Status.PUBLISHED)) for stance in _STANCES])
        for title, pk in _goals(facts)
    ]
    head = (_("Development goal"), *map(str, Submission.Stance.labels), _("not stated"), _("All"))
    yield _summed(_("Published opinions by goal and stance"), head, rows, (7, 2, 3, 2, 2, 2, 2))


def _goals(facts: Facts) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = [(f"{goal.code} {goal.title}", goal.pk) for goal in facts.goals]
    return [*found, (_("The plan as a whole"), None)]


def _responses(facts: Facts) -> Iterator[Block]:
    yield Heading(_("5. What the city answered"))
    yield Paragraph(
        _("An answer is due within %(days)s days of publication.") % {"days": facts.plan.answer_within_days}
    )
    rows = []
    for title, pk in _goals(facts):
        published = facts.number("goal_id", "status", of=(pk, Status.PUBLISHED))
        answered = facts.number("goal_id", "is_answered", of=(pk, True))
        late = facts.number("goal_id", "is_overdue", of=(pk, True))
        rows.append((title, [published, answered, published - answered, late]))
    head = (_("Development goal"), str(Status.PUBLISHED.label), _("Answered"), _("Unanswered"), _("Overdue"))
    sums = ("", *(f"{sum(row[n] for _title, row in rows):,}" for n in range(4)))
    lines = [(title, *(f"{n:,}" for n in row)) for title, row in rows]
    total = (pgettext("sum", "Total"), *sums[1:])
    yield Table(
        _("The response matrix"),
        head,
        [*lines, total],
        (6, 2, 2, 2, 2),
        frozenset(range(1, 5)),
        has_total=True,
    )
    answers = [
        (
            _day(answer.approved_at),
            answer.office.title,
            answer.get_outcome_display(),
            answer.text_th,
            f"{answer.told:,}",
        )
        for answer in facts.answers
    ]
    if answers:
        head = (_("Day"), _("Agency"), _("Outcome"), _("Answer"), _("Opinions"))
        yield Table(_("The answers"), head, answers, (3, 3, 3, 8, 2), frozenset({4}))
    else:
        yield Paragraph(_("No answer has been approved yet."))


def _method(facts: Facts) -> Iterator[Block]:
    record = facts.record
    yield Heading(_("6. How it was counted"))
    for text in (
        _(
            "One form is one opinion. Nobody had to sign in, so one person may have sent several; who wrote here chose to do so."
        ),
        _(
            "Every opinion received is counted in one of four states, which add up. What was withdrawn or erased stays in the count."
        ),
        _(
            "Opinions stand as they stood at the moment on the first page; answers are those approved by then. What is said of meetings is as it is known today."
        ),
        _("Readers' presses of agree and disagree are no opinions and count in no table."),
    ):
        yield Paragraph(text, is_item=True)
    yield Paragraph(
        _(
            "All numbers come from export %(number)s: %(rows)s rows, as of %(moment)s, columns version %(version)s, SHA-256 %(sha256)s. Made again as of this moment, the file is the same, byte for byte."
        )
        % {
            "number": record.pk,
            "rows": f"{record.rows:,}",
            "moment": local(record.as_of).isoformat(),
            "version": record.schema_version,
            "sha256": record.sha256,
        }
    )


def _annex(facts: Facts) -> Iterator[Block]:
    yield Heading(_("Annex: all opinions"))
    yield Paragraph(
        _(
            "Published opinions with their words as the public reads them, ▇▇▇ for covered personal data; of the others the state and the reason."
        )
    )
    goals = {goal.pk: goal for goal in facts.goals}
    sectors = {sector.pk: sector.title for sector in Sector.objects.all()}
    reasons = {reason.pk: reason.title for reason in RejectionReason.objects.all()}
    head = (_("Reference"), _("Day"), _("Goal"), _("Sector"), _("Opinion"))
    rows = (_line(row, goals, sectors, reasons) for row in facts.annex)
    yield Table(_("Every opinion received"), head, rows, (3, 3, 3, 3, 10))


def _line(
    row: dict[str, object],
    goals: dict[int, DevelopmentGoal],
    sectors: dict[int, str],
    reasons: dict[int, str],
) -> tuple[str, ...]:
    goal = goals.get(row["goal_id"])  # type: ignore[call-overload]
    if row["status"] == Status.PUBLISHED:
        words = str(row["words"]) or _("erased for good")
    else:
        said = [str(Status(str(row["status"])).label), reasons.get(row["reason_id"], "")]  # type: ignore[call-overload]
        words = f"({' · '.join(filter(None, said))})"
    return (
        str(row["reference"]),
        str(row["day"]),
        goal.code if goal else _("The plan as a whole"),
        sectors[row["sector_id"]],  # type: ignore[index]
        words,
    )


def _counted(caption: str, what: str, rows: list[tuple[str, int]], unit: str = "") -> Table:
    return _summed(caption, (what, unit or _("Opinions")), [(title, [n]) for title, n in rows], (6, 2))


def _crossed(caption: str, what: str, rows: list[tuple[str, list[int]]]) -> Table:
    head = (what, *(str(status.label) for status in _STATUSES), _("All"))
    return _summed(caption, head, rows, (5, 2, 2, 2, 2, 2))


def _summed(
    caption: str, head: tuple[str, ...], rows: list[tuple[str, list[int]]], shares: tuple[int, ...]
) -> Table:
    """Return a table of numbers with the sum of each column, and of each row where there are several."""
    several = len(head) > 2
    places = range(len(head) - 1 - several)
    total = (pgettext("sum", "Total"), [sum(numbers[n] for _t, numbers in rows) for n in places])
    lines = [
        (title, *(f"{n:,}" for n in ([*numbers, sum(numbers)] if several else numbers)))
        for title, numbers in [*rows, total]
    ]
    return Table(caption, head, lines, shares, frozenset(range(1, len(head))), has_total=True)


def _day(day: date) -> str:
    return buddhist_era.long_th(local(day).date() if isinstance(day, datetime) else day)


def _day_or(day: date | None) -> str:
    return _day(day) if day else _("not announced")


def write_docx(facts: Facts, file: IO[bytes]) -> None:
    """Write the report to `file` as a Word document, in Thai."""
    with override("th"):
        docx_file.write(compose(facts), file, at=facts.at)


def write_page(facts: Facts, file: IO[bytes]) -> None:
    """Write the report to `file` as a page to print, in Thai."""
    with override("th"):
        html_file.write(compose(facts), file)
