"""The log of sign-ins: who came in, who tried, from where. Read only, on a page and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments.admin.base import SealedMixin, StaffAdmin, moment_column
from comments.admin.date_fields import DayInput
from comments.admin.events import PersonField
from comments.exports import csv_file
from comments.exports.columns import guard
from comments.exports.filters import midnight
from comments.fields import BuddhistDateFormField
from comments.models import SignIn

HEADER = ("at", "kind", "account", "by", "address")
COLUMNS: list[Any] = [moment_column("at", _("time")), "what", "whose", "whom", "address"]
_BATCH = 2_000


class SignInFilter(forms.Form):
    """Choose entries; an empty field chooses all. Both days belong to the range."""

    kind = forms.ChoiceField(label=_("Event"), choices=[("", _("All")), *SignIn.Kind.choices], required=False)
    account = PersonField(User.objects.none(), label=_("Account"), required=False, empty_label=_("All"))
    on_or_after = BuddhistDateFormField(label=_("From"), required=False, widget=DayInput)
    on_or_before = BuddhistDateFormField(label=_("To"), required=False, widget=DayInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter_%s")
        account: Any = self.fields["account"]
        named = SignIn.objects.filter(account__isnull=False).values("account")
        account.queryset = User.objects.filter(pk__in=named).order_by("username")

    def narrow(self, rows: QuerySet[SignIn]) -> QuerySet[SignIn]:
        """Return those of `rows` that are chosen; none when the form is not valid."""
        if not self.is_valid():
            return rows.none()
        chosen = self.cleaned_data
        rows = rows.filter(**{name: chosen[name] for name in ("kind", "account") if chosen[name]})
        if first := chosen["on_or_after"]:
            rows = rows.filter(at__gte=midnight(first))
        if last := chosen["on_or_before"]:
            rows = rows.filter(at__lt=midnight(last + timedelta(days=1)))
        return rows


class SignInList(ChangeList):
    """One page of the log."""

    filter_form: SignInFilter

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Keep our form's parameters from Django, which would take them for columns."""
        found: dict[str, Any] = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in SignInFilter.base_fields}

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[SignIn]:
        """Return the chosen entries."""
        self.filter_form = SignInFilter(request.GET)
        found: QuerySet[SignIn] = super().get_queryset(request, exclude_parameters)
        return self.filter_form.narrow(found)


@admin.register(SignIn)
class SignInAdmin(SealedMixin, StaffAdmin):
    """Read the log; nobody adds to it, changes it or deletes from it."""

    change_list_template = "admin/comments/signin/change_list.html"
    list_display = COLUMNS
    list_display_links = None
    list_select_related = ["account", "by"]
    ordering = ["-id"]
    fields = COLUMNS
    readonly_fields = COLUMNS

    def get_urls(self) -> list[URLPattern]:
        """Add the file."""
        file = path("csv/", self.admin_site.admin_view(self.csv), name="comments_signin_csv")
        return [file, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the log."""
        title = {"title": _("Log of sign-ins"), "query": request.GET.urlencode()}
        return super().changelist_view(request, title | (extra_context or {}))

    def csv(self, request: HttpRequest) -> HttpResponse:
        """Hand the chosen entries out as CSV, the newest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        file = BytesIO()
        rows = SignInFilter(request.GET).narrow(self.get_queryset(request).select_related("account", "by"))
        csv_file.write_header(HEADER, file)
        count = csv_file.write_rows([_lines(rows.order_by("-id"))], file)
        response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="sign-ins-{timezone.localdate()}.csv"'
        response["X-Row-Count"] = str(count)
        return response

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SignInList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return False

    @admin.display(description=_("event"))
    def what(self, entry: SignIn) -> str:
        """Say what happened."""
        return entry.get_kind_display()

    @admin.display(description=_("account"))
    def whose(self, entry: SignIn) -> SafeString:
        """Name the account; a name that nobody has isn't kept."""
        return _named(entry.account) if entry.account else format_html("{}", _("unknown name"))

    @admin.display(description=_("by"))
    def whom(self, entry: SignIn) -> SafeString:
        """Name who did it, where that is somebody else."""
        return _named(entry.by)


def _named(user: User | None) -> SafeString:
    return (
        format_html("<bdi>{}</bdi>", user.get_full_name() or user.get_username()) if user else SafeString("–")
    )


def _lines(rows: QuerySet[SignIn]) -> Iterator[tuple[str, ...]]:
    for entry in rows.iterator(_BATCH):
        names = (guard(user.get_username()) if user else "" for user in (entry.account, entry.by))
        at = timezone.localtime(entry.at).isoformat(timespec="seconds")
        yield (at, entry.kind, *names, entry.address)
