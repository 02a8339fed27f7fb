"""Meetings with their agenda, participants, attendance and documents."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.admin.base import FORM_FIELDS, RowInline, StaffAdmin, day_column, flag_column
from comments.fields import PdfField
from comments.models import AgendaItem, Attendance, Meeting, MeetingDocument, Participant


class AgendaInline(RowInline):
    """The agenda, in order."""

    model = AgendaItem
    fields = [("position", "kind"), "title_th", "title_en"]


class ParticipantInline(RowInline):
    """Who took part, with the position held on that day."""

    model = Participant
    fields = [("order", "role"), ("name_th", "name_en"), ("position_th", "position_en")]


class AttendanceInline(RowInline):
    """How many came, by sector."""

    model = Attendance
    fields = [("sector", "people")]


class DocumentInline(RowInline):
    """Papers of the meeting."""

    model = MeetingDocument
    fields = [("position", "kind"), ("title_th", "title_en"), "url", "file", "kept_file"]
    readonly_fields = ["kept_file"]
    # Django's own widget would link to an address that files don't have.
    formfield_overrides = FORM_FIELDS | {  # type: ignore[misc]
        PdfField: {"widget": forms.FileInput(attrs={"accept": "application/pdf"})}
    }

    @admin.display(description=_("file kept here"))
    def kept_file(self, document: MeetingDocument) -> str:
        """Lead to the file as the public gets it."""
        if not (document.pk and document.file):
            return "–"
        return format_html('<a href="{}">{}</a>', document.get_absolute_url(), gettext("download"))


@admin.register(Meeting)
class MeetingAdmin(StaffAdmin):
    """Hearings on a plan."""

    inlines = [AgendaInline, ParticipantInline, AttendanceInline, DocumentInline]
    list_display = [
        "title",
        day_column("held_on", _("date")),
        "mode",
        flag_column("is_public", _("shown to the public")),
    ]
    list_filter = ["plan", "mode", "is_public"]
    search_fields = ["title_th", "title_en", "slug"]
    fieldsets = [
        (None, {"fields": ["plan", "slug", "is_public"]}),
        (_("Name"), {"fields": ["title_th", "title_en"]}),
        (_("Purpose"), {"fields": ["purpose_th", "purpose_en"]}),
        (_("When"), {"fields": ["held_on", ("starts_at", "ends_at")]}),
        (
            _("Where and how"),
            {"fields": ["mode", "mode_note_th", "mode_note_en", "place_th", "place_en", "link"]},
        ),
        (
            _("In time?"),
            {"fields": ["clocks_apply", "notice_published_on", "summary_published_on"]},
        ),
        (_("What came of it"), {"fields": ["summary_th", "summary_en"]}),
        (_("Source"), {"fields": ["source_url"]}),
    ]

    @admin.display(description=_("name"), ordering="title_th")
    def title(self, meeting: Meeting) -> str:
        """Name the meeting in the active language."""
        return meeting.title

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows of an inline; a file that was replaced or whose row is gone goes too."""
        before = set(_files(MeetingDocument.objects.filter(meeting=form.instance)))
        super().save_formset(request, form, formset, change)
        after = set(_files(MeetingDocument.objects.filter(meeting=form.instance)))
        _delete_files(before - after)

    def delete_model(self, request: HttpRequest, obj: Meeting) -> None:
        """Delete the meeting and its files."""
        names = list(_files(obj.documents.all()))
        super().delete_model(request, obj)
        _delete_files(names)


def _files(documents: Iterable[MeetingDocument]) -> Iterable[str]:
    return [name for document in documents if (name := document.file.name)]


def _delete_files(names: Iterable[str]) -> None:
    """Delete stored files once the rows are surely gone."""
    storage = MeetingDocument._meta.get_field("file").storage
    for name in names:
        transaction.on_commit(partial(storage.delete, name))
