"""The filters that exports and the summary share: one form for a page, an action or a command."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.exports import former
from comments.fields import BuddhistDateFormField
from comments.models import DevelopmentGoal, District, Meeting, Plan, Sector, Strategy, Submission
from comments.models.submissions import OUTSIDE, SubmissionQuerySet
from comments.search import matching
from comments.text.query import Query, parse


def _districts() -> list[tuple[str, Any]]:
    named = [(district.code, district.title) for district in District.objects.all()]
    return [("", _("All")), *named, (OUTSIDE, _("Outside Bangkok"))]


def _every(choices: Any) -> list[tuple[str, Any]]:
    return [("", _("All")), *choices]


def _top_strategies() -> QuerySet[Strategy]:
    """Return the strategies that are part of no other, and whether an earlier framework has the same code."""
    tops = Strategy.objects.filter(parent=None).order_by("framework__first_year", "framework", "position")
    earlier = Q(framework__first_year__lt=OuterRef("framework__first_year")) | Q(
        framework__first_year=OuterRef("framework__first_year"), framework__lt=OuterRef("framework")
    )
    same = Strategy.objects.order_by().filter(earlier, parent=None, code=OuterRef("code"))
    return tops.select_related("framework").annotate(is_later=Exists(same))


class StrategyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A strategy by its code; in a later framework with the same codes, by `framework:code`.

    So an address that was kept, or an earlier export, goes on meaning the same.
    """

    def prepare_value(self, value: Any) -> Any:
        """Return by what a strategy is asked for."""
        if not isinstance(value, Strategy):
            return value
        return f"{value.framework.key}:{value.code}" if value.is_later else value.code  # type: ignore[attr-defined]

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, with that of its framework where an earlier one has the same code."""
        return f"{obj} ({obj.framework.title})" if obj.is_later else str(obj)

    def to_python(self, value: Any) -> Strategy | None:
        """Return the strategy that is asked for. Raises ValidationError."""
        if value in self.empty_values:
            return None
        for row in _top_strategies():
            if self.prepare_value(row) == value:
                return row
        raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})


class SubmissionFilter(forms.Form):
    """Choose submissions; an empty field chooses all. Both days belong to the range."""

    plan = forms.ModelChoiceField(
        Plan.objects.all(), label=_("Plan"), to_field_name="fiscal_year", required=False, empty_label=_("All")
    )
    status = forms.ChoiceField(label=_("Status"), choices=_every(Submission.Status.choices), required=False)
    strategy = StrategyField(_top_strategies(), label=_("Strategy"), required=False, empty_label=_("All"))
    goal = forms.ModelChoiceField(
        DevelopmentGoal.objects.all(),
        label=_("Development goal"),
        to_field_name="code",
        required=False,
        empty_label=_("All"),
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.all(), label=_("Meeting"), required=False, empty_label=_("All")
    )
    sector = forms.ModelChoiceField(
        Sector.objects.all(), label=_("Sector"), to_field_name="key", required=False, empty_label=_("All")
    )
    district = forms.ChoiceField(label=_("District"), choices=_districts, required=False)
    stance = forms.ChoiceField(label=_("Stance"), choices=_every(Submission.Stance.choices), required=False)
    received_from = BuddhistDateFormField(label=_("Received from"), required=False)
    received_to = BuddhistDateFormField(label=_("Received to"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a range that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("received_from"), cleaned.get("received_to")
        if first and last and last < first:
            raise ValidationError({"received_to": _("The last day can't be before the first.")})
        return cleaned

    def among(self) -> SubmissionQuerySet:
        """Return what there is to choose from: the opinions, without replies."""
        return Submission.objects.all()

    def rows(self) -> QuerySet[Submission]:
        """Return the chosen submissions; the form must be valid."""
        status = self.cleaned_data["status"]
        return self.in_any_status().filter(status=status) if status else self.in_any_status()

    def in_any_status(self) -> QuerySet[Submission]:
        """Return what all but the status chooses; the form must be valid."""
        rows = self.lasting()
        for column, values in self.changing().items():
            rows = rows.filter(**{f"{column}__in": values})
        return rows

    def lasting(self) -> QuerySet[Submission]:
        """Return what is chosen by what never changes of an opinion; the form must be valid."""
        chosen, rows = self.cleaned_data, self.among()
        if chosen["plan"]:
            rows = rows.filter(plan=chosen["plan"])
        if first := chosen["received_from"]:
            rows = rows.filter(received_at__gte=midnight(first))
        if last := chosen["received_to"]:
            rows = rows.filter(received_at__lt=midnight(last + timedelta(days=1)))
        return rows

    def changing(self, at: datetime | None = None) -> dict[str, set[Any]]:
        """Return by which values of which columns is chosen, but for the status: all of these may change.

        Which goals a strategy has is told as of `at`, by default as it is.
        """
        chosen = self.cleaned_data
        found = {f"{name}_id": {chosen[name].pk} for name in ("goal", "meeting", "sector") if chosen[name]}
        if chosen["stance"]:
            found["stance"] = {chosen["stance"]}
        if strategy := chosen["strategy"]:
            goals = former.goals_below(strategy, at)
            found["goal_id"] = goals & found.get("goal_id", goals)
        if chosen["district"] == OUTSIDE:
            found["is_outside_bangkok"] = {True}
        elif chosen["district"]:
            districts = District.objects.filter(code=chosen["district"])
            found["district_id"] = set(districts.values_list("pk", flat=True))
        return found


class ExportFilter(SubmissionFilter):
    """The same, and a search in the words as a file gives them: what is covered leads nobody to an opinion."""

    q = forms.CharField(
        label=_("Words in the opinion"),
        help_text=_(
            "Words, “an exact phrase”, -without. They are looked for in the words as the file gives them."
        ),
        widget=forms.TextInput(attrs={"type": "search"}),
        required=False,
    )
    field_order = ("q",)

    def clean_q(self) -> Query | None:
        """Return what to look for, or None; refuse what would choose other rows than its author meant."""
        typed = self.cleaned_data["q"]
        query = parse(typed)
        if query.is_truncated:
            raise ValidationError(
                _("This is too much to search for at once. Please use fewer words."), "long"
            )
        if typed and not query:
            raise ValidationError(_("There is nothing to search for in this. Please use words."), "nothing")
        return query or None

    def in_any_status(self) -> QuerySet[Submission]:
        """Return what all but the status chooses, by the words as they are; the form must be valid."""
        query = self.cleaned_data["q"]
        rows = super().in_any_status()
        return matching(rows, query, audience="public") if query else rows


def midnight(day: date) -> datetime:
    """Return the moment at which `day` begins in Bangkok."""
    return timezone.make_aware(datetime.combine(day, time.min))
