"""The response matrix: of each goal how much was said, answered, left blank and left too long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import tally
from comments.admin.planners import for_planners
from comments.exports import csv_file, download
from comments.models import Plan

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin


class MatrixForm(forms.Form):
    """Which plan; the newest public one while nothing is chosen."""

    plan = forms.ModelChoiceField(
        Plan.objects.all(),
        label=gettext_lazy("Plan"),
        to_field_name="fiscal_year",
        required=False,
        empty_label=None,
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter_%s")

    def chosen(self) -> Plan | None:
        """Return the plan, None where there is none; the form must be valid."""
        return self.cleaned_data["plan"] or Plan.objects.current()


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the address of the matrix."""
    return [path("matrix/", for_planners(model_admin, matrix), name="comments_submission_matrix")]


def matrix(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponseBase:
    """Show the matrix of a plan, or hand it over as CSV."""
    form = MatrixForm(request.GET)
    plan = form.chosen() if form.is_valid() else None
    if plan and request.GET.get("format") == "csv":
        return download.matrix_csv(plan)
    rows: list[tally.Responses] = []
    if plan:
        with csv_file.snapshot():
            rows = tally.responses(plan)
    context = model_admin.context(
        request,
        title=_("Response matrix"),
        form=form,
        plan=plan,
        rows=rows,
        sums=tally.responses_in_all(rows),
    )
    return TemplateResponse(request, "admin/comments/submission/matrix.html", context)
