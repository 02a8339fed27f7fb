"""Sectors of society, and the reasons for not publishing."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comments.admin.base import StaffAdmin, flag_column
from comments.models import RejectionReason, Sector


@admin.register(Sector)
class SectorAdmin(StaffAdmin):
    """The sectors that the form offers."""

    list_display = [
        "title_th",
        "title_en",
        "key",
        "position",
        flag_column("is_active", _("offered in the form")),
    ]
    fieldsets = [
        (None, {"fields": ["key", "position", "is_active"]}),
        (_("Name"), {"fields": ["title_th", "title_en"]}),
        (_("Definition"), {"fields": ["definition_th", "definition_en"]}),
    ]


@admin.register(RejectionReason)
class RejectionReasonAdmin(StaffAdmin):
    """The coded reasons, with the text that the citizen reads."""

    list_display = ["title_th", "title_en", "code", "position", flag_column("is_active", _("in use"))]
    fieldsets = [
        (None, {"fields": ["code", "position", "is_active"]}),
        (_("Name"), {"fields": ["title_th", "title_en"]}),
        (_("What the citizen reads"), {"fields": ["explanation_th", "explanation_en"]}),
    ]
