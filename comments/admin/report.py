"""The official report on the staff's site: as a Word document, or as a page to print."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from comments.admin.base import signed_in
from comments.admin.date_fields import MomentField
from comments.exports import csv_file, download, moments
from comments.exports.report import compose, docx_file, facts
from comments.models import Plan

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin

DOCX, PAGE = "docx", "page"


class ReportForm(forms.Form):
    """On which plan, as of when, in which form."""

    plan = forms.ModelChoiceField(
        Plan.objects.all(), label=gettext_lazy("Plan"), to_field_name="fiscal_year", empty_label=None
    )
    as_of = MomentField(
        label=gettext_lazy("As of"),
        help_text=gettext_lazy("How opinions stood at this moment; empty: now."),
        required=False,
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[(DOCX, gettext_lazy("Word document (DOCX)")), (PAGE, gettext_lazy("page to print"))],
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a moment of which nothing is known."""
        cleaned = super().clean() or {}
        if at := cleaned.get("as_of"):
            try:
                moments.check(at, plan=cleaned.get("plan"))
            except forms.ValidationError as error:
                self.add_error("as_of", error)
        return cleaned


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the address of the report."""

    def view(request: HttpRequest) -> HttpResponseBase:
        if not model_admin.has_export_permission(request):
            raise PermissionDenied
        return report(request, model_admin)

    return [path("report/", model_admin.admin_site.admin_view(view), name="comments_submission_report")]


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


def _made(request: HttpRequest, form: ReportForm) -> HttpResponseBase:
    asked = form.cleaned_data
    found = facts.gather(asked["plan"], at=asked["as_of"], actor=signed_in(request))
    if asked["format"] == DOCX:
        return _document(found)
    # Drawn at once: the annex is read while it is.
    with csv_file.snapshot(), override("th"):
        page = TemplateResponse(request, "reports/report.html", {"report": compose.compose(found)}).render()
    page["Cache-Control"] = "no-store"
    return page


def _document(found: facts.Facts) -> FileResponse:
    file = TemporaryFile()  # noqa: SIM115 - the response closes it when the last byte is sent
    try:
        compose.write_docx(found, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    response = FileResponse(file, content_type=docx_file.CONTENT_TYPE)
    name = f"รายงานผลการรับฟังความคิดเห็น-{found.plan.fiscal_year}.docx"
    response["Content-Disposition"] = (
        f"attachment; filename=\"report-{found.plan.fiscal_year}.docx\"; filename*=UTF-8''{quote(name)}"
    )
    response["X-Export-Record"] = str(found.record.pk)
    response["Cache-Control"] = "no-store"
    return response
