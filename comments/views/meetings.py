"""The hearings, past and coming."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from comments import tally
from comments.exports import calendar_file
from comments.models import Meeting, Participant, Submission
from comments.views import files
from comments.views.caching import public
from comments.views.current import current_plan
from comments.views.listing import listed, once_each
from comments.views.stale import may_be_old

NEWEST = 10
CACHED_SECONDS = 300


@require_safe
@public(max_age=30, heeds_arrivals=False)
@may_be_old
def meetings(request: HttpRequest) -> HttpResponse:
    """List the meetings of the current plan: the coming ones, the nearest first, then the past."""
    rows = Meeting.objects.public().filter(plan=current_plan())
    return render(request, "meetings/list.html", {"coming": rows.coming(), "past": rows.past()})


@require_safe
@public(max_age=30, heeds_arrivals=False)
@may_be_old
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one meeting and the opinions given there."""
    row = get_object_or_404(Meeting.objects.public().select_related("plan"), pk=pk)
    people = list(row.participants.all())
    given = Submission.objects.published().filter(meeting=row)
    context = {
        "meeting": row,
        "is_open": row.plan.is_accepting(),
        "people": [person for person in people if person.role != Participant.Role.GROUP],
        "groups": [person for person in people if person.role == Participant.Role.GROUP],
        "attended": tally.attended(row),
        "opinions": listed(list(once_each(given)[:NEWEST]), lambda: given),
        "heard": tally.heard(given),
    }
    return render(request, "meetings/detail.html", context)


@require_safe
@conditional_page
@cache_control(public=True, max_age=CACHED_SECONDS)
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out one meeting as a file for calendars."""
    row = get_object_or_404(Meeting.objects.public(), pk=pk)
    address = request.build_absolute_uri(row.get_absolute_url())
    body = calendar_file.meeting(row, address=address, host=request.get_host())
    response = HttpResponse(body, content_type=calendar_file.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="meeting-{row.pk}.ics"'
    return response


@require_safe
@cache_control(public=True, max_age=CACHED_SECONDS)
def document(request: HttpRequest, pk: int, document: int) -> FileResponse:
    """Hand out a paper of a meeting that is kept here."""
    row = get_object_or_404(Meeting.objects.public(), pk=pk)
    paper = get_object_or_404(row.documents.exclude(file=""), pk=document)
    return files.download(paper.file, f"{paper.title}.pdf")
