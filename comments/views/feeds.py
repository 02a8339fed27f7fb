"""The published opinions as a feed, by the same filters as the list."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments.forms import FilterForm
from comments.models import Submission, SubmissionEvent
from comments.views import floods
from comments.views.caching import public
from comments.views.current import current_plan
from comments.views.listing import once_each
from comments.views.stale import may_be_old

MOST = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SETTING = (SubmissionEvent.Kind.PUBLISHED, SubmissionEvent.Kind.REDACTED)
# When the words that the public reads became what they are.
_CHANGED = Subquery(
    SubmissionEvent.objects.filter(submission=OuterRef("pk"), kind__in=_SETTING)
    .order_by("-pk")
    .values("at")[:1]
)


@require_safe
@public(max_age=30, heeds_arrivals=False)
@floods.of_searches
@may_be_old
def feed(request: HttpRequest) -> HttpResponse:
    """Give the opinions that were published last, as Atom; a campaign once, as in the list."""
    plan = current_plan()
    form = FilterForm(request.GET, plan=plan)
    if not form.is_valid():
        raise BadRequest("no such filter")
    rows = form.narrow(Submission.objects.published())
    rows = rows if form.cleaned_data["campaign"] else once_each(rows)
    # By the decision, not by arrival: what waited long would else never be seen by whoever follows.
    newest = list(rows.order_by("-moderated_at", "-pk").values_list("pk", flat=True)[:MOST])
    found = Submission.objects.published().with_labels().annotate(changed_at=_CHANGED)
    entries: list[Any] = list(found.filter(pk__in=newest).order_by("-moderated_at", "-pk"))
    context = {
        "plan": plan,
        # Not in the template: texts are collected from .html and .py.
        "title": _("Opinions"),
        "nameless": _("Name not given"),
        "entries": entries,
        "updated": max((row.changed_at for row in entries), default=plan.opens_at or _EPOCH),
        "origin": f"{request.scheme}://{request.get_host()}",
        "host": request.get_host().partition(":")[0],
        "own_address": request.build_absolute_uri(),
        "chips": form.chips(),
    }
    return render(
        request, "submissions/feed.xml", context, content_type="application/atom+xml; charset=utf-8"
    )
