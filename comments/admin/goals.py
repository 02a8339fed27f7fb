"""Development goals: a new wording needs a reason, and becomes a numbered revision."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comments import answering, reference_data, references, roles
from comments.admin.base import RowInline, SealedMixin, StaffAdmin, moment_column, signed_in, wording_column
from comments.models import DevelopmentGoal, GoalRevision, Submission
from comments.models.goals import GoalWording

_SEPARATORS = re.compile(r"[\s,;·]+")
WORDING = [field.name for field in GoalWording._meta.local_fields]


@admin.display(description=_("opinions that led to it"))
def _led_by(row: GoalRevision) -> str:
    return " · ".join(submission.reference for submission in row.opinions.all()) or "–"


REVISED: list[Any] = [
    moment_column("at", _("time")),
    "actor",
    *(wording_column(GoalRevision, name) for name in ("reason_th", "reason_en")),
    _led_by,
    *(wording_column(GoalRevision, name) for name in WORDING),
]


class GoalForm(forms.ModelForm):  # type: ignore[type-arg]
    """A goal, and why its wording changes."""

    reason_th = forms.CharField(
        label=_("Reason (Thai)"),
        required=False,
        max_length=500,
        help_text=_("Needed when the wording changes; the public reads it beside the revision."),
    )
    reason_en = forms.CharField(label=_("Reason (English)"), required=False, max_length=500)
    opinions = forms.CharField(
        label=_("Opinions that led to it"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Reference numbers, one a line or with spaces between. "
            "The public sees those that are published. They can't be changed later."
        ),
    )
    seen_revision = forms.IntegerField(required=False, label="", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "seen_revision" in self.fields and self.instance.pk:
            self.initial["seen_revision"] = self.instance.revisions.count()
        if value := self.initial.get("target_value"):
            # 100, not the 100.0000 of the column.
            self.initial["target_value"] = Decimal(f"{value.normalize():f}")

    @property
    def rewords(self) -> bool:
        """Tell whether a column of the wording has changed."""
        return bool(set(self.changed_data) & set(WORDING))

    def clean_opinions(self) -> list[Submission]:
        """Return the opinions whose references are given. Raises ValidationError that names the others."""
        wanted: dict[str, str] = {}
        for text in filter(None, _SEPARATORS.split(self.cleaned_data["opinions"])):
            try:
                wanted[references.parse(text)] = text
            except ValueError:
                wanted[text] = text
        rows = {row.reference: row for row in Submission.objects.filter(reference__in=wanted)}
        if unknown := [text for reference, text in wanted.items() if reference not in rows]:
            raise ValidationError(
                _("No opinion has this reference number: %(references)s."),
                "unknown",
                {"references": ", ".join(unknown)},
            )
        return list(rows.values())

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a new wording, of which nobody else has made one meanwhile."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("opinions") and not self.rewords:
            text = _("Opinions are noted with a new wording; the wording has not changed.")
            self.add_error("opinions", ValidationError(text, "no_wording"))
        if self.instance.pk and self.rewords:
            if not data.get("reason_th"):
                self.add_error("reason_th", ValidationError(_("Say why the wording changes."), "required"))
            if data.get("seen_revision") != self.instance.revisions.count():
                text = _("Somebody else has revised this goal in the meantime. Open it again to see how.")
                self.add_error(None, ValidationError(text, "stale"))
        return data


class RevisionInline(SealedMixin, RowInline):
    """The wordings so far, newest first."""

    model = GoalRevision
    ordering = ["-number"]
    can_delete = False
    max_num = 0
    fields = REVISED
    readonly_fields = REVISED

    def get_queryset(self, request: HttpRequest) -> Any:
        seen = Prefetch("opinions", roles.visible_submissions(request.user))
        return super().get_queryset(request).select_related("goal", "actor").prefetch_related(seen)


@admin.register(DevelopmentGoal)
class DevelopmentGoalAdmin(StaffAdmin):
    """The goals of a plan."""

    form = GoalForm
    inlines = [RevisionInline]
    list_display = ["code", "title", "strategy_code", "lead_office", "evidence"]
    list_display_links = ["code", "title"]
    list_filter = ["plan", "evidence", ("lead_office", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["strategy", "lead_office"]
    search_fields = ["code", "title_th", "title_en"]
    fieldsets = [
        (None, {"fields": ["plan", "strategy", "code"]}),
        (_("Wording"), {"fields": [*WORDING, "reason_th", "reason_en", "opinions", "seen_revision"]}),
        (_("Responsibility"), {"fields": ["direction", "lead_office", "supporting_offices"]}),
        (_("Source"), {"fields": ["evidence", "source_url", "source_note_th"]}),
    ]

    @admin.display(description=_("development goal"), ordering="title_th")
    def title(self, goal: DevelopmentGoal) -> str:
        """Name the goal in the active language."""
        return goal.title

    @admin.display(description=_("sub-strategy"), ordering="strategy__position")
    def strategy_code(self, goal: DevelopmentGoal) -> str:
        """Give the code of the sub-strategy."""
        return goal.strategy.code

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Draw the offices as boxes to tick; a list to scroll would hide what is chosen."""
        return super().formfield_for_manytomany(
            db_field, request, **kwargs, widget=forms.CheckboxSelectMultiple
        )

    def get_fieldsets(self, request: HttpRequest, obj: DevelopmentGoal | None = None) -> Any:
        """Leave the reason out for those who may only read."""
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            return self.fieldsets
        readable = {"reason_th", "reason_en", "opinions", "seen_revision"}
        return [
            (title, options | {"fields": [name for name in options["fields"] if name not in readable]})
            for title, options in self.fieldsets
        ]

    def save_model(self, request: HttpRequest, obj: DevelopmentGoal, form: GoalForm, change: bool) -> None:
        """Save the plain columns; give a new wording its number and its reason."""
        data = form.cleaned_data
        wording = obj.wording()
        if not change:
            obj.save()
            reason_th = data["reason_th"] or reference_data.FIRST_REVISION_TH
            reason_en = data["reason_en"] or reference_data.FIRST_REVISION_EN
        else:
            own = {field.name for field in obj._meta.local_fields} - set(WORDING)
            if plain := own & set(form.changed_data):
                obj.save(update_fields=plain)
            reason_th, reason_en = data["reason_th"], data["reason_en"]
        if form.rewords or not change:
            answering.revise_goal(
                obj,
                wording,
                reason_th=reason_th,
                reason_en=reason_en,
                opinions=data["opinions"],
                actor=signed_in(request),
            )
