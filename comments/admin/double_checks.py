"""The double-checks: a second moderator judges without knowing the first decision; who leads sees where they differ."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments import double_checks, roles, tally
from comments.admin import readings
from comments.admin.base import SealedMixin, StaffAdmin, moment_column, signed_in
from comments.models import DoubleCheck, RejectionReason, Submission
from comments.models.double_checks import DoubleCheckQuerySet
from comments.text import personal_data

RECORDED = _("Your verdict is kept. Nothing has changed by it.")
GONE = _(
    "Nothing was kept: somebody else has given a verdict, or the decision has changed. Here is the next."
)
NEITHER = _("Please choose: publish, or why not.")


class VerdictForm(forms.Form):
    """What a second moderator would do; no reason: publish."""

    token = forms.RegexField(r"\A[0-9a-f]{40}\Z")
    publish = forms.CharField(required=False)
    reason = forms.ModelChoiceField(
        RejectionReason.objects.filter(is_active=True), to_field_name="code", required=False
    )

    def clean(self) -> dict[str, Any]:
        """Refuse what says neither, or both."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("publish")) == bool(cleaned.get("reason")):
            raise forms.ValidationError(NEITHER)
        return cleaned


class Sameness(admin.SimpleListFilter):
    """Where the two verdicts differ, at first; those that are the same, or all, when asked for."""

    title = _("the two verdicts")
    parameter_name = "verdicts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("same", _("are the same")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        """Name the first choice, which Django calls "all"."""
        first, *others = super().choices(changelist)
        return [first | {"display": _("differ")}, *others]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[DoubleCheck]:
        rows: DoubleCheckQuerySet = queryset
        match self.value():
            case "all":
                return rows
            case "same":
                return rows.agreeing()
        return rows.differing()


@admin.register(DoubleCheck)
class DoubleCheckAdmin(SealedMixin, StaffAdmin):
    """Read both verdicts on each opinion that was looked at twice; give the second one on a page of its own."""

    fields = list_display = readonly_fields = (
        "reference",
        "first_verdict",
        "second_verdict",
        moment_column("at", _("time")),
    )
    list_display_links = None
    list_filter = [Sameness]
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ["submission", "decision__actor", "decision__reason", "actor", "reason"]

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which a second verdict is given."""
        own = path("check/", self.admin_site.admin_view(self.check_view), name="comments_doublecheck_check")
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show where two moderators differ."""
        return super().changelist_view(request, {"title": _("Double-checks")} | (extra_context or {}))

    @admin.display(description=_("reference number"))
    def reference(self, row: DoubleCheck) -> SafeString:
        """Link to the submission."""
        address = reverse("admin:comments_submission_change", args=[row.submission_id])
        return format_html('<a class="number" href="{}">{}</a>', address, row.submission.reference)

    @admin.display(description=_("first verdict"))
    def first_verdict(self, row: DoubleCheck) -> SafeString:
        """Say what was decided, by whom, and why."""
        return _told(DoubleCheck.Verdict(row.decision.to_status), row.decision.reason, row.decision.actor)

    @admin.display(description=_("second verdict"))
    def second_verdict(self, row: DoubleCheck) -> SafeString:
        """Say what another would have decided, who, and why."""
        return _told(DoubleCheck.Verdict(row.verdict), row.reason, row.actor)

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """Show one opinion without its decision, and keep what a second moderator would have decided."""
        if not request.user.has_perm(roles.MODERATE):
            raise PermissionDenied
        form = VerdictForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            return self._record(request, form)
        waiting = double_checks.waiting(signed_in(request))
        taken = double_checks.take(signed_in(request))
        row = waiting.with_labels().filter(pk=taken.pk).first() if taken else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Double-check"),
            "submission": row,
            "words": _as_received(row) if row else [],
            "files": tally.attachments([row]).get(row.pk, 0) if row else 0,
            "token": double_checks.token(row, signed_in(request)) if row else "",
            "left": tally.distinct_texts(waiting),
            "reasons": RejectionReason.objects.filter(is_active=True),
            "form": form,
        }
        return TemplateResponse(request, "admin/comments/doublecheck/check.html", context)

    def _record(self, request: HttpRequest, form: VerdictForm) -> HttpResponse:
        token, reason = form.cleaned_data["token"], form.cleaned_data["reason"]
        try:
            double_checks.record(token, actor=signed_in(request), reason=reason)
        except double_checks.GoneError:
            messages.error(request, GONE)
        else:
            messages.success(request, RECORDED)
        return redirect("admin:comments_doublecheck_check")


def _as_received(row: Submission) -> list[readings.Piece]:
    """Return the words with what looks like personal data marked, and nothing covered: that would tell of the first."""
    return readings.pieces(row.words, [], personal_data.find(row.words))


def _told(verdict: DoubleCheck.Verdict, reason: RejectionReason | None, actor: User | None) -> SafeString:
    name = actor.get_full_name() or actor.get_username() if actor else _("the author")
    why = format_html("<br>{}", reason.title) if reason else ""
    return format_html('<b>{}</b> <bdi class="hint">{}</bdi>{}', verdict.label, name, why)
