"""The list of themes: their wording with its history, how many opinions have each, and merging."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import answering, roles, tally, themes
from comments.admin import theme_answers
from comments.admin.base import RowInline, SealedMixin, StaffAdmin, moment_column, signed_in, wording_column
from comments.admin.tags import GONE
from comments.models import Plan, Submission, Theme, ThemeEvent
from comments.models.themes import ThemeWording

WORDING = [field.name for field in ThemeWording._meta.local_fields]
HISTORY: list[Any] = [
    moment_column("at", gettext_lazy("time")),
    *("kind", "other", "actor"),
    *(wording_column(ThemeEvent, name) for name in WORDING),
]


class ThemeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A theme, from the version that the page showed."""

    seen = forms.IntegerField(required=False, label="", widget=forms.HiddenInput)

    class Meta:
        help_texts = {
            "title_th": gettext_lazy("The public reads names and descriptions."),
            "words": gettext_lazy(
                "One word or phrase a line. Where one stands in an opinion, the theme is suggested, never given by itself."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.events.count()

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what somebody else has changed meanwhile."""
        data: dict[str, Any] = super().clean() or {}
        if self.instance.pk and data.get("seen") != self.initial["seen"]:
            text = _("Somebody else has changed this theme in the meantime. Open it again to see how.")
            self.add_error(None, ValidationError(text, "stale"))
        return data


class MergeForm(forms.Form):
    """Into which other theme of its plan one is merged."""

    use_required_attribute = False

    into = forms.ModelChoiceField(
        Theme.objects.none(),
        label=gettext_lazy("Merge into"),
        empty_label=gettext_lazy("Choose a theme"),
        error_messages={"required": gettext_lazy("Please choose a theme.")},
    )

    def __init__(self, data: Any = None, *, theme: Theme) -> None:
        super().__init__(data, auto_id="merge_%s")
        into: Any = self.fields["into"]
        into.queryset = Theme.objects.standing().filter(plan=theme.plan_id).exclude(pk=theme.pk)


class HistoryInline(SealedMixin, RowInline):
    """What happened to a theme, the latest first, with its wording from then on."""

    model = ThemeEvent
    fk_name = "theme"
    can_delete = False
    max_num = 0
    fields = HISTORY
    readonly_fields = HISTORY

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("comments.view_theme")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("theme", "other", "actor")


class ThemeList(ChangeList):
    """One page of the list, with how many opinions have each theme."""

    def get_results(self, request: HttpRequest) -> None:
        """Count the opinions that the reader may see."""
        super().get_results(request)
        counted = tally.by_theme(roles.visible_submissions(request.user).opinions())
        for row in self.result_list:
            row.counted = counted.get(row.pk, tally.Themed())


def _count_column(name: str, title: Any, query: str) -> Any:
    """Return a column of one count of a theme, which leads to the opinions that it counts."""

    @admin.display(description=title)
    def column(row: Any) -> SafeString:
        address = reverse("admin:comments_submission_changelist")
        asked = f"{address}?theme={row.pk}&only=opinions&{query}"
        return format_html('<a class="number" href="{}">{}</a>', asked, getattr(row.counted, name))

    column.__name__ = f"{name}_count"
    return column


@admin.register(Theme)
class ThemeAdmin(StaffAdmin):
    """Keep the list; nothing is deleted, and what was merged stays as another name."""

    form = ThemeForm
    inlines = [HistoryInline]
    change_form_template = "admin/comments/theme/change_form.html"
    list_display: Any = [
        "code",
        "title",
        _count_column("opinions", gettext_lazy("opinions"), "status=all"),
        _count_column("published", gettext_lazy("published"), "status=published"),
        _count_column("answered", gettext_lazy("answered"), "status=published&answer=answered"),
        _count_column("blank", gettext_lazy("not answered"), "status=published&answer=blank"),
        "merged_into",
        "year",
    ]
    list_display_links = ["code", "title"]
    list_filter = ["plan"]
    list_select_related = ["plan", "merged_into"]
    search_fields = ["code", "title_th", "title_en", "words"]
    fieldsets = [
        (None, {"fields": ["plan", "code", "position"]}),
        (gettext_lazy("Wording"), {"fields": [*WORDING, "seen"]}),
    ]

    @admin.display(description=gettext_lazy("theme"), ordering="title_th")
    def title(self, theme: Theme) -> str:
        """Name the theme in the active language."""
        return theme.title

    @admin.display(description=gettext_lazy("plan"), ordering="plan__fiscal_year")
    def year(self, theme: Theme) -> int:
        """Give the year of the plan."""
        return theme.plan.fiscal_year

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ThemeList

    def get_urls(self) -> list[URLPattern]:
        """Add merging and answering."""
        view = self.admin_site.admin_view(self.merge)
        own = path("<int:pk>/merge/", view, name="comments_theme_merge")
        return [own, *theme_answers.urls(self), *super().get_urls()]

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """Propose the current plan."""
        return {"plan": Plan.objects.current()} | super().get_changeform_initial_data(request)

    def get_inlines(self, request: HttpRequest, obj: Theme | None) -> Any:
        """Leave the history out where none can be."""
        return self.inlines if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Theme | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.merged_into_id)

    def has_delete_permission(self, request: HttpRequest, obj: Theme | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Theme | None = None) -> Any:
        """Keep plan and code: links and events name them."""
        return ["plan", "code"] if obj else []

    def get_fieldsets(self, request: HttpRequest, obj: Theme | None = None) -> Any:
        """Leave the hidden field out for those who may only read."""
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            return self.fieldsets
        (plan, about), (wording, _options) = self.fieldsets
        return [(plan, about), (wording, {"fields": WORDING})]

    def save_model(self, request: HttpRequest, obj: Theme, form: ThemeForm, change: bool) -> None:
        """Write the wording into the history."""
        if not change:
            obj.save()
            themes.record(obj, actor=signed_in(request))
            return
        if "position" in form.changed_data:
            obj.save(update_fields=["position"])
        try:
            themes.reword(obj, obj.wording(), actor=signed_in(request))
        except themes.MergedError:
            messages.error(request, GONE)

    def merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Merge a theme into another; pressed twice it is merged once."""
        if not request.user.has_perm("comments.change_theme"):
            raise PermissionDenied
        theme = get_object_or_404(Theme.objects.select_related("merged_into"), pk=pk)
        if theme.merged_into:
            messages.info(
                request,
                _("%(theme)s is merged into %(other)s.") % {"theme": theme, "other": theme.merged_into},
            )
            return redirect("admin:comments_theme_change", theme.merged_into.pk)
        form = MergeForm(request.POST if request.method == "POST" else None, theme=theme)
        if form.is_valid():
            into = form.cleaned_data["into"]
            try:
                themes.merge(theme, into, actor=signed_in(request))
            except themes.MergedError:
                messages.error(request, GONE)
            else:
                answering.catch_up_on(into)
                messages.success(
                    request, _("%(theme)s is merged into %(other)s.") % {"theme": theme, "other": into}
                )
            return redirect("admin:comments_theme_change", into.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Merge a theme"),
            "theme": theme,
            "form": form,
            "tagged": tally.count(Submission.objects.with_theme(theme.pk)),
        }
        return TemplateResponse(request, "admin/comments/theme/merge.html", context)
