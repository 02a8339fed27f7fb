"""The official report on the staff's site: as a Word document, or as a page to print."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from django import forms
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.admin.base import signed_in
from comments.admin.planners import AsOfForm, for_planners
from comments.exports import download
from comments.exports.report import compose, docx_file, facts, html_file
from comments.models import Plan

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin

DOCX, PAGE = "docx", "page"


class ReportForm(AsOfForm):
    """On which plan, as of when, in which form."""

    field_order = ("plan",)

    plan = forms.ModelChoiceField(
        Plan.objects.all(), label=gettext_lazy("Plan"), to_field_name="fiscal_year", empty_label=None
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[(DOCX, gettext_lazy("Word document (DOCX)")), (PAGE, gettext_lazy("page to print"))],
    )


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the address of the report."""
    return [path("report/", for_planners(model_admin, report), name="comments_submission_report")]


def report(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponseBase:
    """Draw the form; with a valid choice, hand the report over."""
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _made(request, form)
        except download.NOT_MADE as error:
            form.add_error(None, download.why_not(error))
    context = model_admin.context(request, title=_("Official report"), form=form)
    return TemplateResponse(request, "admin/comments/submission/report.html", context)


def _made(request: HttpRequest, form: ReportForm) -> FileResponse:
    asked = form.cleaned_data
    with closing(facts.gather(asked["plan"], at=asked["as_of"], actor=signed_in(request))) as found:
        response = _document(found) if asked["format"] == DOCX else _page(found)
    response["X-Export-Record"] = str(found.record.pk)
    response["Cache-Control"] = "no-store"
    return response


def _document(found: facts.Facts) -> FileResponse:
    response = FileResponse(_written(compose.write_docx, found), content_type=docx_file.CONTENT_TYPE)
    name = f"รายงานผลการรับฟังความคิดเห็น-{found.plan.fiscal_year}.docx"
    response["Content-Disposition"] = (
        f"attachment; filename=\"report-{found.plan.fiscal_year}.docx\"; filename*=UTF-8''{quote(name)}"
    )
    return response


def _page(found: facts.Facts) -> FileResponse:
    return FileResponse(_written(compose.write_page, found), content_type=html_file.CONTENT_TYPE)


def _written(write: Callable[[facts.Facts, IO[bytes]], None], found: facts.Facts) -> IO[bytes]:
    """Return the whole report: a full disk is told before the first byte leaves."""
    file = TemporaryFile()  # noqa: SIM115 - the response closes it when the last byte is sent
    try:
        write(found, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
