"""The floor of a hearing: the way in for those who are there, and the wall that all of them read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from comments import tally
from comments.models import Meeting, Sector, Submission
from comments.models.submissions import SubmissionQuerySet
from comments.views.listing import listed, once_each

# How long an opinion stands on the wall, and how old what the wall shows may be.
SECONDS = 15
# How many opinions take turns.
NEWEST = 12


@require_safe
@cache_control(public=True, max_age=300)
def short(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the form with the meeting chosen: the address is short enough to be typed from a screen."""
    row = get_object_or_404(Meeting.objects.public(), pk=pk)
    return redirect(f"{reverse('submit')}?meeting={row.pk}")


@require_safe
@conditional_page
@cache_control(public=True, max_age=SECONDS)
def floor(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how to speak at one meeting: a QR code, a short address, a button for who stands before it."""
    row = get_object_or_404(Meeting.objects.public().select_related("plan"), pk=pk)
    context = {"meeting": row, "is_open": row.plan.is_accepting(), "link": _short_link(request, row)}
    return render(request, "meetings/floor.html", context)


@require_safe
@conditional_page
@cache_control(public=True, max_age=SECONDS)
def wall(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is counted at one meeting, and one published opinion after the other."""
    row = get_object_or_404(Meeting.objects.public().select_related("plan"), pk=pk)
    published = Submission.objects.published().filter(meeting=row)
    context = {
        "meeting": row,
        "is_open": row.plan.is_accepting(),
        "link": _short_link(request, row),
        "totals": tally.totals(Submission.objects.filter(meeting=row)),
        "stances": _stances(published),
        "sectors": _sectors(published),
        "submission": whose_turn(listed(list(once_each(published)[:NEWEST]), lambda: published)),
        "seconds": SECONDS,
        "stands_still": "still" in request.GET,
    }
    return render(request, "meetings/wall.html", context)


def whose_turn(
    rows: Sequence[Submission] | SubmissionQuerySet, at: datetime | None = None
) -> Submission | None:
    """Return the one of `rows` that stands on the wall at a moment: each for some seconds, in turn, on every screen."""
    found = list(rows)
    slot = int((at or timezone.now()).timestamp()) // SECONDS
    return found[slot % len(found)] if found else None


def _short_link(request: HttpRequest, row: Meeting) -> str:
    return request.build_absolute_uri(reverse("meeting_short", args=[row.pk]))


def _stances(rows: SubmissionQuerySet) -> list[tuple[Any, int]]:
    counts = tally.stances(rows)
    unsaid = [(gettext("did not say"), counts[""])] if "" in counts else []
    return [*((stance.label, counts.get(stance.value, 0)) for stance in Submission.Stance), *unsaid]


def _sectors(rows: SubmissionQuerySet) -> list[tuple[Any, int]]:
    counts = tally.by_sector(rows)
    return [
        (row.title, counts.get(row.pk, 0))
        for row in Sector.objects.all()
        if row.is_active or row.pk in counts
    ]
