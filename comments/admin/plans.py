"""Plans, the strategies they serve, and the agencies that lead goals."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.admin.base import StaffAdmin, flag_column, moment_column
from comments.models import Agency, Plan, Strategy, StrategyFramework

BILINGUAL_NAME: Any = (_("Name"), {"fields": ["title_th", "title_en"]})


@admin.register(Plan)
class PlanAdmin(StaffAdmin):
    """The plan of a fiscal year and its consultation."""

    list_display = [
        "fiscal_year",
        "title",
        moment_column("opens_at", _("opens")),
        moment_column("closes_at", _("closes")),
        "takes_opinions",
        flag_column("is_public", _("shown to the public")),
    ]
    list_display_links = ["fiscal_year", "title"]
    search_fields = ["title_th", "title_en", "=fiscal_year"]
    fieldsets = [
        (None, {"fields": ["fiscal_year", "framework", "is_public"]}),
        BILINGUAL_NAME,
        (_("What is asked"), {"fields": ["question_th", "question_en"]}),
        (_("When opinions are taken"), {"fields": ["opens_at", "closes_at"]}),
        (
            _("Notice and summary"),
            {"fields": ["notice_published_on", "summary_due_on", "summary_published_on"]},
        ),
        (_("Moderation"), {"fields": ["rejection_needs_second_person"]}),
        (_("Answers"), {"fields": ["answer_within_days", "answers_need_two"]}),
        (_("Double-checks"), {"fields": ["double_check_percent"]}),
    ]

    @admin.display(description=_("name"), ordering="title_th")
    def title(self, plan: Plan) -> str:
        """Name the plan in the active language."""
        return plan.title

    @admin.display(description=_("takes opinions now"))
    def takes_opinions(self, plan: Plan) -> str:
        """Tell whether opinions are taken at this moment."""
        return gettext("Yes") if plan.is_accepting() else gettext("No")


@admin.register(StrategyFramework)
class StrategyFrameworkAdmin(StaffAdmin):
    """A set of strategies and its years in force."""

    list_display = ["title", "first_year", "last_year"]
    search_fields = ["title_th", "title_en", "key"]
    fieldsets = [
        BILINGUAL_NAME,
        (None, {"fields": ["key", "first_year", "last_year", "supersedes"]}),
        (_("Note"), {"fields": ["note_th", "note_en"]}),
    ]

    @admin.display(description=_("name"), ordering="title_th")
    def title(self, framework: StrategyFramework) -> str:
        """Name the framework in the active language."""
        return framework.title


@admin.register(Strategy)
class StrategyAdmin(StaffAdmin):
    """Strategies and their sub-strategies."""

    list_display = ["code", "title", "parent_code", "framework"]
    list_display_links = ["code", "title"]
    list_filter = ["framework", ("parent", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["parent", "framework"]
    search_fields = ["code", "title_th", "title_en"]
    fieldsets = [
        (None, {"fields": ["framework", "parent", "code", "position"]}),
        (_("Name"), {"fields": ["title_th", "title_en", "short_title_th", "previous_title_th"]}),
        (_("Note"), {"fields": ["note_th"]}),
    ]

    @admin.display(description=_("name"), ordering="title_th")
    def title(self, strategy: Strategy) -> str:
        """Name the strategy in the active language."""
        return strategy.title

    @admin.display(description=_("part of"), ordering="parent__position")
    def parent_code(self, strategy: Strategy) -> str:
        """Give the code of the strategy above."""
        return strategy.parent.code if strategy.parent else ""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            kwargs["queryset"] = Strategy.objects.filter(parent=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Agency)
class AgencyAdmin(StaffAdmin):
    """Departments and offices."""

    list_display = ["title_th", "title_en", "abbreviation_th"]
    search_fields = ["title_th", "title_en", "abbreviation_th"]
    fields = ["title_th", "title_en", "abbreviation_th", "evidence"]
