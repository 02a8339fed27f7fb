"""The planner's pages on the staff's site: export, and the summary whose totals equal the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import tally
from comments.exports import csv_file, download
from comments.exports.filters import ExportFilter
from comments.models import Submission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from comments.admin.submissions import SubmissionAdmin


@admin.action(permissions=["export"], description=gettext_lazy("Export as CSV"))
def export_selected(
    _model_admin: Any, _request: HttpRequest, queryset: QuerySet[Submission]
) -> HttpResponseBase:
    """Download the opinions that are ticked; the file has no place for replies."""
    return download.submissions_csv(queryset.filter(parent=None))


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the planner's addresses below the queue."""
    pages = {"export": export, "summary": summary}
    return [
        path(f"{name}/", _for_planners(model_admin, page), name=f"comments_submission_{name}")
        for name, page in pages.items()
    ]


def _for_planners(
    model_admin: SubmissionAdmin, page: Callable[..., HttpResponseBase]
) -> Callable[..., HttpResponseBase]:
    def view(request: HttpRequest) -> HttpResponseBase:
        if not model_admin.has_export_permission(request):
            raise PermissionDenied
        return page(request, model_admin)

    return model_admin.admin_site.admin_view(view)


def export(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponseBase:
    """Draw the filters; with a valid choice, hand over the file."""
    form = ExportFilter(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return download.submissions_csv(form.rows())
    context = model_admin.context(
        request, title=_("Export opinions"), form=form, totals=tally.totals(Submission.objects.all())
    )
    return TemplateResponse(request, "admin/comments/submission/export.html", context)


def summary(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponseBase:
    """Show goal × stance, sector × stance and district × stance, or hand them over as CSV."""
    form = ExportFilter(request.GET)
    tables: list[tuple[str, tally.Table[str]]] = []
    totals = None
    if form.is_valid():
        if request.GET.get("format") == "csv":
            return download.summary_csv(form.rows())
        with csv_file.snapshot():
            cells, totals = tally.summary(form.rows()), tally.totals(form.rows())
        tables = _tables(cells)
    context = model_admin.context(
        request,
        title=_("Summary of opinions"),
        form=form,
        tables=tables,
        totals=totals,
        csv_query=_with(request, format="csv"),
        stances=[*(label for _value, label in Submission.Stance.choices), _("not stated")],
    )
    return TemplateResponse(request, "admin/comments/submission/summary.html", context)


def _tables(cells: list[tally.Cell]) -> list[tuple[str, tally.Table[str]]]:
    by_sector = sorted(cells, key=lambda cell: cell.sector.position)
    by_district = sorted(cells, key=_district_order)
    return [
        (
            _("Development goal"),
            tally.by_stance(cells, lambda cell: str(cell.goal or _("The plan as a whole"))),
        ),
        (_("Sector"), tally.by_stance(by_sector, lambda cell: cell.sector.title)),
        (_("District"), tally.by_stance(by_district, _district)),
    ]


def _district_order(cell: tally.Cell) -> tuple[bool, bool, int]:
    rank = cell.district.thai_rank if cell.district else 0
    return (not cell.district, not cell.is_outside_bangkok, rank)


def _district(cell: tally.Cell) -> str:
    if cell.is_outside_bangkok:
        return _("Outside Bangkok")
    return cell.district.title if cell.district else _("not stated")


def _with(request: HttpRequest, **more: str) -> str:
    query = request.GET.copy()
    query.update(more)
    return query.urlencode()
