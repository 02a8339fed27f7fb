"""People who came to a meeting, and browsers that pressed something: neither are opinions."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from comments.models import Assessment, Attendance, DevelopmentGoal, Meeting, Sector, Submission, Vote


@dataclass(frozen=True)
class Attended:
    """How many people came to a meeting, or to several, by sector, None where it was not recorded."""

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
    return _by_sector(dict(meeting.attendance.values_list("sector", "people")))


def _by_sector(people: dict[int, int]) -> Attended:
    return Attended(
        [(row, people.get(row.pk)) for row in Sector.objects.all() if row.is_active or row.pk in people]
    )


def reached(meetings: QuerySet[Meeting]) -> Attended:
    """Return how many people came to `meetings` together; who came to two of them is counted at both."""
    found = Attendance.objects.filter(meeting__in=meetings.order_by()).order_by()
    people = dict(found.values_list("sector").annotate(n=Sum("people")))
    return _by_sector(people)


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
