"""Large exports on the staff's site: how far one is, a step more, the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from comments.admin.base import signed_in
from comments.exports import download, jobs
from comments.exports.register import Order
from comments.models import ExportJob

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from comments.admin.submissions import SubmissionAdmin

SECONDS_OF_A_STEP = 3.0
_PAGE = "admin:comments_submission_export_job"


def hand_over(order: Order, person: User) -> HttpResponseBase:
    """Return the file at once, or lead to the page where a large one is made. Raises as `register.carry_out`."""
    if jobs.is_large(order):
        return redirect(_PAGE, jobs.begin(order, person).pk)
    return download.opinions_file(order)


def show(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Show how far an export is, and its file when it is ready."""
    job = _own(request, pk)
    context = model_admin.context(request, title=_("Large export"), job=job, record=job.record)
    return TemplateResponse(request, "admin/comments/submission/export_job.html", context)


def go_on(request: HttpRequest, _model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Work on an export for a few seconds; without a script somebody presses the button again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    job = _own(request, pk)
    try:
        jobs.go_on(job, seconds=SECONDS_OF_A_STEP)
    except OSError as error:
        messages.error(request, download.why_not(error))
    return redirect(_PAGE, pk)


def file(request: HttpRequest, _model_admin: SubmissionAdmin, pk: int) -> HttpResponseBase:
    """Hand over the file, as long as it is there."""
    job = _own(request, pk)
    found = jobs.fetch(job)
    if found is None or job.record is None:
        return redirect(_PAGE, pk)
    return download.made_file(job.record, found)


def _own(request: HttpRequest, pk: int) -> ExportJob:
    return get_object_or_404(ExportJob.objects.select_related("record"), pk=pk, actor=signed_in(request))


PAGES = (
    ("export/<int:pk>/", "export_job", show),
    ("export/<int:pk>/go-on/", "export_go_on", go_on),
    ("export/<int:pk>/file/", "export_file", file),
)
