"""The planner's pages on the staff's site: export, and the summary whose totals equal the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import tally
from comments.admin import export_jobs, summaries
from comments.admin.base import signed_in
from comments.admin.planners import AsOfForm, for_planners
from comments.exports import csv_file, download, opinions
from comments.exports.filters import ExportFilter
from comments.exports.layouts import LayoutForm
from comments.exports.register import Order
from comments.intake import check_storable
from comments.models import ExportJob, ExportRecord, Submission

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from comments.admin.submissions import SubmissionAdmin

# What the summary is handed over as, by the format that is asked for.
TABLES = {"table_csv": "csv", "table_xlsx": "xlsx"}


class ExportForm(AsOfForm, ExportFilter):
    """Which opinions, as of when, as what kind of file, and what for."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=ExportRecord.Format.choices, initial="csv", required=False
    )
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        help_text=gettext_lazy("What the file is for, in a few words; the register of exports keeps it."),
        max_length=200,
        required=False,
        validators=[check_storable],
    )

    def order(self, person: User) -> Order:
        """Return what is asked for; the form must be valid."""
        asked = self.cleaned_data
        return Order(
            opinions.chosen(self),
            asked["format"] or "csv",
            ExportRecord.Door.PAGE,
            person,
            asked["purpose"],
            asked["as_of"],
        )


@admin.action(permissions=["export"], description=gettext_lazy("Export as CSV"))
def export_selected(
    _model_admin: Any, request: HttpRequest, queryset: QuerySet[Submission]
) -> HttpResponseBase:
    """Download the opinions that are ticked; the file has no place for replies."""
    order = Order(opinions.ticked(queryset), "csv", ExportRecord.Door.ACTION, signed_in(request))
    return export_jobs.hand_over(order, signed_in(request))


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the planner's addresses below the queue."""
    pages = {"export": export, "summary": summary}
    own = [
        path(f"{name}/", for_planners(model_admin, page), name=f"comments_submission_{name}")
        for name, page in pages.items()
    ]
    large = [
        path(route, for_planners(model_admin, page), name=f"comments_submission_{name}")
        for route, name, page in export_jobs.PAGES
    ]
    return [*own, *large]


def export(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponseBase:
    """Draw the filters; with a valid choice, hand over the file."""
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return export_jobs.hand_over(form.order(signed_in(request)), signed_in(request))
        except download.NOT_MADE as error:
            form.add_error(None, download.why_not(error))
    context = model_admin.context(
        request,
        title=_("Export opinions"),
        form=form,
        totals=tally.totals(Submission.objects.all()),
        jobs=ExportJob.objects.with_file().filter(actor=signed_in(request)),
    )
    return TemplateResponse(request, "admin/comments/submission/export.html", context)


def summary(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponseBase:
    """Show the table that was asked for, or hand it over; or all things at once, as the CSV of the contract."""
    form, layout = ExportFilter(request.GET), LayoutForm(request.GET)
    asked = request.GET.get("format")
    if asked == "csv" and form.is_valid():
        return download.summary_csv(form.rows())
    table = totals = None
    if form.is_valid() and layout.is_valid():
        with csv_file.snapshot():
            pivot, totals = layout.pivot(form), tally.totals(form.rows())
        if asked in TABLES:
            table = summaries.table(pivot, form, layout)
            return download.table_file(table.rows, summaries.account(table, form), form=TABLES[asked])
        if len(pivot.columns) > summaries.MOST_COLUMNS:
            layout.add_error("columns", summaries.too_wide(len(pivot.columns)))
        else:
            table = summaries.table(pivot, form, layout)
    context = model_admin.context(
        request,
        title=_("Summary of opinions"),
        form=form,
        layout=layout,
        table=table,
        totals=totals,
        reached=summaries.reached(form) if form.is_valid() else None,
        csv_query=_with(request, format="csv"),
        table_queries=[(name.upper(), _with(request, format=value)) for value, name in TABLES.items()],
    )
    return TemplateResponse(request, "admin/comments/submission/summary.html", context)


def _with(request: HttpRequest, **more: str) -> str:
    query = request.GET.copy()
    query.update(more)
    return query.urlencode()
