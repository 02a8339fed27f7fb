"""The event log: who did what to which submission, when and why. Read only, on a page and as CSV."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList, ChangeListSearchForm
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments.admin.base import SealedMixin, StaffAdmin, moment_column
from comments.admin.date_fields import DayInput
from comments.admin.queue import reference_in
from comments.exports import download
from comments.exports.filters import midnight
from comments.fields import BuddhistDateFormField
from comments.models import Plan, SubmissionEvent


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among the staff, by the names of people."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name() or obj.get_username())


class EventFilter(forms.Form):
    """Choose events; an empty field chooses all. Both days belong to the range."""

    plan = forms.ModelChoiceField(
        Plan.objects.all(), label=_("Plan"), to_field_name="fiscal_year", required=False, empty_label=_("All")
    )

    kind = forms.ChoiceField(
        label=_("Event"), choices=[("", _("All")), *SubmissionEvent.Kind.choices], required=False
    )
    actor = PersonField(User.objects.none(), label=_("By"), required=False, empty_label=_("All"))
    on_or_after = BuddhistDateFormField(label=_("From"), required=False, widget=DayInput)
    on_or_before = BuddhistDateFormField(label=_("To"), required=False, widget=DayInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter_%s")
        acted = SubmissionEvent.objects.filter(actor__isnull=False).values("actor")
        actor: Any = self.fields["actor"]
        actor.queryset = User.objects.filter(pk__in=acted).order_by("username")

    def clean(self) -> dict[str, Any]:
        """Refuse a range that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("on_or_after"), cleaned.get("on_or_before")
        if first and last and last < first:
            self.add_error("on_or_before", _("The last day can't be before the first."))
        return cleaned

    def narrow(self, rows: QuerySet[SubmissionEvent]) -> QuerySet[SubmissionEvent]:
        """Return those of `rows` that are chosen; none when the form is not valid."""
        if not self.is_valid():
            return rows.none()
        chosen = self.cleaned_data
        rows = rows.filter(**{name: chosen[name] for name in ("kind", "actor") if chosen[name]})
        if plan := chosen["plan"]:
            rows = rows.filter(submission__plan=plan)
        if first := chosen["on_or_after"]:
            rows = rows.filter(at__gte=midnight(first))
        if last := chosen["on_or_before"]:
            rows = rows.filter(at__lt=midnight(last + timedelta(days=1)))
        return rows

    @property
    def opens(self) -> bool:
        """Tell whether anything is chosen."""
        return any(self.data.get(name) for name in self.fields)


COLUMNS: list[Any] = [
    moment_column("at", _("time")),
    "kind",
    "reference",
    "from_status",
    "to_status",
    "reason",
    "note",
    "actor_name",
]


class EventList(ChangeList):
    """One page of the event log."""

    filter_form: EventFilter

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Keep our form's parameters from Django, which would take them for columns."""
        found: dict[str, Any] = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in EventFilter.base_fields}

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[SubmissionEvent]:
        """Return the chosen events."""
        self.filter_form = EventFilter(request.GET)
        found: QuerySet[SubmissionEvent] = super().get_queryset(request, exclude_parameters)
        return self.filter_form.narrow(found).prefetch_related("redactions")


@admin.register(SubmissionEvent)
class SubmissionEventAdmin(SealedMixin, StaffAdmin):
    """Read the log; nobody adds to it, changes it or deletes from it here."""

    change_list_template = "admin/comments/submissionevent/change_list.html"
    list_display = COLUMNS
    list_display_links = None
    list_select_related = ["submission", "reason", "actor"]
    ordering = ["-id"]
    search_fields = ["submission__reference"]
    fields = COLUMNS
    readonly_fields = COLUMNS

    def get_urls(self) -> list[URLPattern]:
        """Add the download."""
        view = self.admin_site.admin_view(self.csv_view)
        return [path("csv/", view, name="comments_submissionevent_csv"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the log."""
        shows_reveals = request.GET.get("kind") == SubmissionEvent.Kind.CONTACT_REVEALED
        extra = {
            "title": _("Who was shown contact details, and why") if shows_reveals else _("Event log"),
            "shows_reveals": shows_reveals,
            "reveals": f"?kind={SubmissionEvent.Kind.CONTACT_REVEALED}",
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        """Hand over the chosen events, oldest first; a choice that can't be read goes back to the page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form, search = EventFilter(request.GET), ChangeListSearchForm(request.GET)
        if not form.is_valid() or not search.is_valid():
            address = reverse("admin:comments_submissionevent_changelist")
            return redirect(f"{address}?{request.GET.urlencode()}")
        rows = form.narrow(SubmissionEvent.objects.all())
        if term := search.cleaned_data[SEARCH_VAR]:
            rows, _may_repeat = self.get_search_results(request, rows, term)
        return download.events_csv(rows)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EventList

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[SubmissionEvent], bool]:
        """Look for a reference number or its beginning, and for words in the notes."""
        start = reference_in(search_term) or "".join(search_term.upper().split())
        found = Q(submission__reference__startswith=start) | Q(note__icontains=search_term.strip())
        return queryset.filter(found), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return False

    @admin.display(description=_("reference number"))
    def reference(self, event: SubmissionEvent) -> SafeString:
        """Link to the submission."""
        address = reverse("admin:comments_submission_change", args=[event.submission_id])
        return format_html('<a class="number" href="{}">{}</a>', address, event.submission.reference)

    @admin.display(description=_("by"))
    def actor_name(self, event: SubmissionEvent) -> SafeString:
        """Name the member of staff, or the author."""
        name = event.actor and (event.actor.get_full_name() or event.actor.get_username())
        return format_html("<bdi>{}</bdi>", name) if name else format_html("{}", _("the author"))
