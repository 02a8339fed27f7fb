"""What every page of the staff's site shares: columns of dates, form fields of dates, read-only rows."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminURLFieldWidget, RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from comments.admin.date_fields import ClockInput, DayField, DayInput, MomentField, MomentInput
from comments.templatetags import buddhist_dates

# More digits would overflow.
_KEY = re.compile("[0-9]{1,18}")

FORM_FIELDS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.DateTimeField: {"form_class": MomentField, "widget": MomentInput},
    models.TimeField: {"widget": ClockInput},
    models.URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"},
    models.DateField: {"form_class": DayField, "widget": DayInput},
}


def ticked(request: HttpRequest) -> list[str]:
    """Return the keys of the rows that are ticked on a page; what can't be one is left out."""
    return [key for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if _KEY.fullmatch(key)]


def signed_in(request: HttpRequest) -> User:
    """Return the member of staff behind the request; the admin site lets nobody else in."""
    return cast(User, request.user)


def moment_column(name: str, title: Any) -> Any:
    """Return a callable column that shows the datetime `name` of a row in the Buddhist era."""

    @admin.display(description=title, ordering=name, empty_value="–")
    def column(row: Any) -> SafeString:
        value: datetime | None = getattr(row, name)
        return buddhist_dates.moment(value)

    column.__name__ = name
    return column


def wording_column(model: type[models.Model], name: str) -> Any:
    """Return a column of a text in one language; an English one says that it is English."""
    if not name.endswith("_en"):
        return name
    field: Any = model._meta.get_field(name)

    @admin.display(description=field.verbose_name)
    def column(row: Any) -> SafeString:
        return format_html('<span lang="en">{}</span>', getattr(row, name) or "–")

    column.__name__ = name
    return column


def flag_column(name: str, title: Any) -> Any:
    """Return a callable column that says yes or no in words: Django's picture says "True" to a screen reader."""

    @admin.display(description=title, ordering=name)
    def column(row: Any) -> str:
        return gettext("Yes") if getattr(row, name) else gettext("No")

    column.__name__ = name
    return column


def day_column(name: str, title: Any) -> Any:
    """Return a callable column that shows the date `name` of a row in the Buddhist era."""

    @admin.display(description=title, ordering=name, empty_value="–")
    def column(row: Any) -> SafeString:
        value: date | None = getattr(row, name)
        return buddhist_dates.day(value)

    column.__name__ = name
    return column


class StaffFormMixin:
    """Draw form fields as the staff's site does."""

    formfield_overrides: Any = FORM_FIELDS

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Say which texts are English; leave out the icons that open related rows in windows.

        They clutter, and phones lose the windows.
        """
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if field and db_field.name.endswith("_en"):
            field.widget.attrs["lang"] = "en"
        return field


class StaffAdmin(StaffFormMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    """A model on the staff's site."""

    # Nothing is deleted in bulk; what one row is used by is shown before it goes.
    actions: Any = None
    empty_value_display = "–"
    list_per_page = 50
    # A second count of a large table buys nothing.
    show_full_result_count = False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Take a column without a name for none: Django looks for one that is called so, and fails."""
        return super().get_object(request, object_id, from_field or None)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Say of what is in use that it is in use, not that the user may not delete what uses it."""
        doomed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return doomed, counts, set() if protected else lacking, protected


class RowInline(StaffFormMixin, admin.StackedInline):  # type: ignore[type-arg]
    """Rows that belong to the object of the page."""

    extra = 0


class SealedMixin:
    """Refuse to add, change and delete, whoever asks."""

    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
