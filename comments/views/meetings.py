"""The hearings, past and coming."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comments import tally
from comments.models import Meeting, Participant, Sector, Submission
from comments.views.current import current_plan

NEWEST = 10


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """List the meetings of the current plan, the latest first."""
    rows = list(Meeting.objects.public().filter(plan=current_plan()))
    today = timezone.localdate()
    context = {
        "coming": sorted((row for row in rows if row.held_on >= today), key=lambda row: row.held_on),
        "past": [row for row in rows if row.held_on < today],
    }
    return render(request, "meetings/list.html", context)


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one meeting and the opinions given there."""
    row = get_object_or_404(Meeting.objects.public().select_related("plan"), pk=pk)
    people = list(row.participants.all())
    opinions = Submission.objects.published().filter(meeting=row).with_labels()
    context = {
        "meeting": row,
        "is_open": row.plan.is_accepting(),
        "people": [person for person in people if person.role != Participant.Role.GROUP],
        "groups": [person for person in people if person.role == Participant.Role.GROUP],
        "attendance": _attendance(row),
        "opinions": opinions[:NEWEST],
        "count": tally.count(opinions),
    }
    return render(request, "meetings/detail.html", context)


def _attendance(meeting: Meeting) -> list[tuple[Sector, int | None]]:
    """Return every sector with the people that came, None where it was not recorded."""
    people = dict(meeting.attendance.values_list("sector", "people"))
    return [(sector, people.get(sector.pk)) for sector in Sector.objects.all()]
