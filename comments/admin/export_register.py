"""The register of exports: which files left, for whom and what for; the same file once more, and its manifest."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments import roles
from comments.admin.base import SealedMixin, StaffAdmin, moment_column, signed_in
from comments.exports import download, register
from comments.exports.filters import ExportFilter
from comments.models import ExportRecord

CHANGED = _(
    "The file can't be made again as it was: opinions in it may have been erased since, or its search finds others"
    " now. Export anew as of the same moment instead."
)


@admin.display(description=_("by"))
def person_column(record: ExportRecord) -> SafeString:
    """Name the member of staff; nobody did it from the command line."""
    name = record.actor and (record.actor.get_full_name() or record.actor.get_username())
    return format_html("<bdi>{}</bdi>", name) if name else format_html("{}", record.get_door_display())


@admin.display(description=_("purpose"), ordering="purpose", empty_value="–")
def purpose_column(record: ExportRecord) -> SafeString:
    """Show the purpose, in whatever language it was typed."""
    return format_html("<bdi>{}</bdi>", record.purpose) if record.purpose else SafeString("")


@admin.display(description="SHA-256")
def digest_column(record: ExportRecord) -> SafeString:
    """Show the digits, which are of no language."""
    return format_html("<bdi>{}</bdi>", record.sha256)


def filters_column() -> Callable[[ExportRecord], SafeString]:
    """Return a column that says what was chosen, in the words of the form; it asks for the rows of a field once."""
    fields = ExportFilter.base_fields
    labels = cache(lambda name: _labels(fields[name]))

    @admin.display(description=_("filters"))
    def filters(record: ExportRecord) -> SafeString:
        if "references" in record.filters:
            return format_html("{}", _("ticked in the queue"))
        told = [(name, value) for name, value in record.filters.items() if name in fields]
        lines = ((fields[name].label, labels(name).get(value, value)) for name, value in told)
        return format_html_join(" · ", "{}: <bdi>{}</bdi>", lines) or format_html("{}", _("all"))

    return filters


def _labels(field: Any) -> dict[str, Any]:
    """Return the label of each choice of a field of ours; none where something was typed."""
    return {str(value): label for value, label in getattr(field, "choices", ())}


@admin.display(description=_("number"), ordering="pk")
def number_column(record: ExportRecord) -> int:
    """Return the number that the manifest and the response carry."""
    return record.pk


_WHO: list[Any] = [moment_column("made_at", _("made")), person_column]
_WHAT: list[Any] = [moment_column("as_of", _("as of")), "format", "rows"]
SHOWN: list[Any] = [
    *_WHO,
    "door",
    purpose_column,
    "chosen",
    *_WHAT,
    "published",
    "pending",
    "rejected",
    "withdrawn",
    "size",
    digest_column,
    "schema_version",
]


@admin.register(ExportRecord)
class ExportRecordAdmin(SealedMixin, StaffAdmin):
    """Read the register; a file can be made again from it, which is noted too."""

    fields = SHOWN
    readonly_fields = SHOWN
    list_filter = ["format", "door"]
    list_select_related = ["actor"]
    change_form_template = "admin/comments/exportrecord/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExportRecord]:
        return ExportRecord.objects.select_related("actor").order_by("-pk")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Say the filters of all records of a page with the rows asked for once."""
        return [number_column, *_WHO, purpose_column, filters_column(), *_WHAT]

    @admin.display(description=_("filters"))
    def chosen(self, record: ExportRecord) -> SafeString:
        """Say it in the words of the form."""
        return filters_column()(record)

    def get_urls(self) -> list[URLPattern]:
        """Add the file, POST only since it is noted, and its manifest."""
        return [
            path("<int:pk>/file/", self._for_planners(self.file), name="comments_exportrecord_file"),
            path(
                "<int:pk>/manifest/", self._for_planners(self.manifest), name="comments_exportrecord_manifest"
            ),
            *super().get_urls(),
        ]

    def _for_planners(
        self, page: Callable[[HttpRequest, ExportRecord], HttpResponseBase]
    ) -> Callable[..., HttpResponseBase]:
        def view(request: HttpRequest, pk: int) -> HttpResponseBase:
            if not request.user.has_perm(roles.EXPORT):
                raise PermissionDenied
            return page(request, get_object_or_404(ExportRecord, pk=pk))

        return self.admin_site.admin_view(view)

    def file(self, request: HttpRequest, record: ExportRecord) -> HttpResponseBase:
        """Hand over the same bytes once more, or say why not."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            return download.repeated_file(record, actor=signed_in(request))
        except register.ChangedError:
            messages.error(request, CHANGED)
        except download.NOT_MADE as error:
            messages.error(request, download.why_not(error))
        return redirect(reverse("admin:comments_exportrecord_change", args=[record.pk]))

    def manifest(self, request: HttpRequest, record: ExportRecord) -> HttpResponseBase:
        """Hand over what the register says of a file, for programs."""
        response = HttpResponse(register.manifest(record), content_type="application/json; charset=utf-8")
        name = f"opinions-{record.pk}.{record.format}.manifest.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response
