"""Districts and their groups."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comments.admin.base import StaffAdmin
from comments.models import District, DistrictGroup


@admin.register(DistrictGroup)
class DistrictGroupAdmin(StaffAdmin):
    """The groups of districts."""

    list_display = ["title_th", "title_en", "key"]
    search_fields = ["title_th", "title_en"]
    fields = ["title_th", "title_en", "key", "position"]


@admin.register(District)
class DistrictAdmin(StaffAdmin):
    """The fifty districts."""

    list_display = ["code", "title_th", "title_en", "group", "population"]
    list_display_links = ["code", "title_th"]
    list_filter = ["group"]
    list_select_related = ["group"]
    search_fields = ["code", "title_th", "title_en"]
    fieldsets = [
        (None, {"fields": ["code", "title_th", "title_en", "group", "postal_code", "thai_rank"]}),
        (_("Facts"), {"fields": ["population", "households", "area_km2"]}),
        (_("On the map"), {"fields": [("latitude", "longitude"), ("tile_column", "tile_row")]}),
    ]
