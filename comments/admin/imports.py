"""Files of opinions on the staff's site: bring one in, say what its columns hold, see each row's fate, add."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from comments import roles, tally
from comments.admin.base import signed_in
from comments.admin.import_forms import AddForm, ColumnsForm, UploadForm
from comments.exports import csv_file
from comments.exports.columns import guard
from comments.imports import batches, notes, template
from comments.models import ImportBatch, ImportRow, Plan

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin

ROWS_OF_A_PAGE = 100
SECONDS_OF_A_STEP = 3.0
_NAME = "comments_submission_import"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = ImportBatch.State


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the addresses of imports below the queue."""

    def address(route: str, name: str, page: Callable[..., HttpResponse]) -> URLPattern:
        def view(request: HttpRequest, **named: Any) -> HttpResponse:
            if not request.user.has_perm(roles.IMPORT):
                raise PermissionDenied
            return page(request, model_admin, **named)

        return path(f"import/{route}", model_admin.admin_site.admin_view(view), name=_NAME + name)

    return [
        address("", "", upload),
        address("template/<str:kind>/", "_template", empty_table),
        address("<int:pk>/", "_batch", show),
        address("<int:pk>/check/", "_check", check),
        address("<int:pk>/add/", "_add", add),
        address("<int:pk>/rows/", "_rows", rows_as_csv),
    ]


def upload(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponse:
    """Take a file, and list those that were brought in."""
    is_sent = request.method == "POST"
    form = UploadForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    form.fields["plan"].initial = Plan.objects.current()
    if is_sent and form.is_valid():
        data = dict(form.cleaned_data)
        file = data.pop("file")
        try:
            batch = batches.keep(file.read(), file.name or "", actor=signed_in(request), **data)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect(f"admin:{_NAME}_batch", batch.pk)
    recent = ImportBatch.objects.select_related("actor", "plan")[:20]
    context = model_admin.context(request, title=_("Import opinions"), form=form, recent=recent)
    return TemplateResponse(request, "admin/comments/imports/upload.html", context)


def empty_table(_request: HttpRequest, _model_admin: SubmissionAdmin, kind: str) -> HttpResponse:
    """Hand out the empty table to fill in."""
    plan = Plan.objects.current()
    if kind not in {"csv", "xlsx"} or plan is None:
        raise Http404
    is_csv = kind == "csv"
    content = template.csv_text() if is_csv else template.workbook(plan)
    return _download(content, "opinions", _("opinions"), kind, "text/csv; charset=utf-8" if is_csv else _XLSX)


def show(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Show a file: what its columns hold, what becomes of its rows, how far it is added."""
    return _page(request, model_admin, get_object_or_404(ImportBatch, pk=pk))


def check(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Say of each row what would become of it; nothing is added."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    batch = get_object_or_404(ImportBatch.objects.filter(emptied_at=None).select_related("plan"), pk=pk)
    form = ColumnsForm(request.POST, batch=batch, table=batches.table(batch))
    if not form.is_valid():
        return _page(request, model_admin, batch, form)
    try:
        batches.check(batch, header_row=form.cleaned_data["header_row"], columns=form.meanings())
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, model_admin, batch, form)
    except batches.TooLateError:
        messages.error(request, _("The rows of this file are being added already."))
    return redirect(f"admin:{_NAME}_batch", pk)


def add(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Begin to add the rows, or go on for a few seconds."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    batch = get_object_or_404(ImportBatch.objects.filter(emptied_at=None), pk=pk)
    try:
        if batch.state == State.CHECKED:
            form = AddForm(request.POST)
            if not form.is_valid():
                return _page(request, model_admin, batch, add_form=form)
            batches.start(batch, **form.cleaned_data)
        batches.go_on(batch, seconds=SECONDS_OF_A_STEP)
    except batches.TooLateError:
        # Somebody else has begun: this page shows how far it is.
        pass
    except batches.RowsAreWrongError as error:
        messages.error(request, _refusal(error))
    return redirect(f"admin:{_NAME}_batch", pk)


def rows_as_csv(_request: HttpRequest, _model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Hand out what becomes of every row."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    file = io.BytesIO()
    csv_file.write_header(("row", "fate", "meaning", "told", "reference"), file)
    rows = batch.rows.select_related("submission").order_by("number")
    lines = [
        (
            row.number,
            row.fate,
            row.get_fate_display(),
            guard(" ".join(notes.said(row))),
            row.submission.reference if row.submission else "",
        )
        for row in rows
    ]
    csv_file.write_rows([lines], file)
    response = _download(file.getvalue(), "import", _("import"), "csv", "text/csv; charset=utf-8")
    response["X-Row-Count"] = str(len(lines))
    return response


def _refusal(error: batches.RowsAreWrongError) -> str:
    if error.number is None:
        return _("Nothing was added: all rows or none were asked for, and some can't be added.")
    return _("Nothing was added: row %d could not be added. Please check the file again.") % error.number


def _page(
    request: HttpRequest,
    model_admin: SubmissionAdmin,
    batch: ImportBatch,
    columns_form: ColumnsForm | None = None,
    add_form: AddForm | None = None,
) -> HttpResponse:
    asks = batch.state == State.UPLOADED or (batch.state == State.CHECKED and "columns" in request.GET)
    if asks and columns_form is None:
        columns_form = ColumnsForm(None, batch=batch, table=batches.table(batch))
    fates = tally.import_fates(batch)
    rows, after = _rows(request, batch)
    context = model_admin.context(
        request,
        title=_("Import: %s") % batch.name,
        batch=batch,
        columns_form=columns_form,
        add_form=add_form or AddForm(auto_id="add_%s"),
        fates=fates,
        by_fate=[(fate.value, fate.label, fates.by_fate[fate.value]) for fate in ImportRow.Fate],
        fate=request.GET.get("fate", ""),
        rows=rows,
        after=after,
        has_rows_to_add=any(fates.by_fate[fate] for fate in ImportRow.ADDABLE),
        is_checked=batch.state != State.UPLOADED,
    )
    return TemplateResponse(request, "admin/comments/imports/batch.html", context)


def _rows(request: HttpRequest, batch: ImportBatch) -> tuple[list[tuple[ImportRow, list[str]]], int | None]:
    """Return a page of rows, each with what is told of it, and the number after which the next page begins."""
    rows = batch.rows.select_related("submission").order_by("number")
    fate, after = request.GET.get("fate", ""), request.GET.get("after", "")
    if fate == "told":
        rows = rows.filter(has_notes=True)
    elif fate in ImportRow.Fate.values:
        rows = rows.filter(fate=fate)
    if after.isascii() and after.isdigit() and len(after) < 9:
        rows = rows.filter(number__gt=int(after))
    found = list(rows[: ROWS_OF_A_PAGE + 1])
    shown = found[:ROWS_OF_A_PAGE]
    return [(row, notes.said(row)) for row in shown], shown[-1].number if len(found) > len(shown) else None


def _download(content: bytes, name_en: str, name: str, extension: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = (
        f"attachment; filename=\"{name_en}.{extension}\"; filename*=UTF-8''{quote(f'{name}.{extension}')}"
    )
    response["Cache-Control"] = "no-store"
    return response
