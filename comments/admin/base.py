"""What every page of the staff's site shares: columns of dates, form fields of dates, read-only rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.safestring import SafeString

from comments.admin.date_fields import DayField, DayInput, MomentField, MomentInput
from comments.templatetags import buddhist_dates

FORM_FIELDS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.DateTimeField: {"form_class": MomentField, "widget": MomentInput},
    models.DateField: {"form_class": DayField, "widget": DayInput},
}


def moment_column(name: str, title: Any) -> Callable[[Any], SafeString]:
    """Return a column that shows the datetime `name` of a row in the Buddhist era."""

    @admin.display(description=title, ordering=name, empty_value="–")
    def column(row: Any) -> SafeString:
        value: datetime | None = getattr(row, name)
        return buddhist_dates.moment(value)

    column.__name__ = name
    return column


def day_column(name: str, title: Any) -> Callable[[Any], SafeString]:
    """Return a column that shows the date `name` of a row in the Buddhist era."""

    @admin.display(description=title, ordering=name, empty_value="–")
    def column(row: Any) -> SafeString:
        value: date | None = getattr(row, name)
        return buddhist_dates.day(value)

    column.__name__ = name
    return column


class StaffAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A model on the staff's site."""

    formfield_overrides = FORM_FIELDS
    empty_value_display = "–"
    list_per_page = 50
    # A second count of a large table buys nothing.
    show_full_result_count = False


class RowInline(admin.StackedInline):  # type: ignore[type-arg]
    """Rows that belong to the object of the page."""

    formfield_overrides = FORM_FIELDS
    extra = 0


class SealedMixin:
    """Refuse to add, change and delete, whoever asks."""

    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
