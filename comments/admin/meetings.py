"""Meetings with their agenda, participants, attendance and documents."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comments.admin.base import RowInline, StaffAdmin, day_column
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
    fields = ["position", ("title_th", "title_en"), "url"]


@admin.register(Meeting)
class MeetingAdmin(StaffAdmin):
    """Hearings on a plan."""

    inlines = [AgendaInline, ParticipantInline, AttendanceInline, DocumentInline]
    list_display = ["title", day_column("held_on", _("date")), "mode", "is_public"]
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
        (_("Source"), {"fields": ["source_url"]}),
    ]

    @admin.display(description=_("name"), ordering="title_th")
    def title(self, meeting: Meeting) -> str:
        """Name the meeting in the active language."""
        return meeting.title
