"""The filters, the order and the search of the public list of opinions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from comments import campaigns
from comments.forms import choices
from comments.forms.fields import RowField, TextField, WordField, row_field
from comments.models import Plan, Strategy, Submission
from comments.models.submissions import SubmissionQuerySet
from comments.search import matching

_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Chip:
    """One filter at work: the parameter that removes it, and what it says."""

    name: str
    label: str
    value: str


class FilterForm(forms.Form):
    """Narrow and order the list; every field is optional, an unknown value is an error."""

    use_required_attribute = False

    q = TextField(
        label=_("Search in the opinions"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control"}),
    )
    sort = WordField(choices.SORTS, label=_("Sort by"))
    strategy = RowField(label=_("Strategy"), required=False)
    goal = RowField(label=_("Development goal"), required=False)
    sector = RowField(label=_("Sector"), required=False)
    district = RowField(label=_("District"), required=False)
    stance = WordField([("", _("All")), *choices.STANCES], label=_("Stance"))
    kind = WordField([("", _("All")), *choices.KINDS], label=_("Kind"))
    meeting = RowField(label=_("Meeting"), required=False)
    campaign = TextField(label=_("Texts alike"), max_length=18)

    def __init__(self, data: Mapping[str, Any], *, plan: Plan) -> None:
        """Offer the rows of `plan`."""
        super().__init__(data)
        self.plan = plan
        row_field(self, "strategy").offer(choices.strategies(plan), empty=_("All"))
        row_field(self, "goal").offer(choices.goals(plan), empty=_("All"))
        row_field(self, "sector").offer(choices.sectors(), empty=_("All"))
        row_field(self, "district").offer(choices.districts(), empty=_("All"))
        row_field(self, "meeting").offer(choices.meetings(plan), empty=_("All"))
        # Nobody can agree or reply yet: these two orders are taken, not offered.
        self.fields["sort"].widget.choices = choices.SORTS[:2]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name in ("q", "campaign") else "form-select"

    def clean_campaign(self) -> Submission | None:
        """Return the published member whose words stand for the campaign."""
        value = self.cleaned_data["campaign"]
        if not value:
            return None
        published = Submission.objects.published().filter(plan=self.plan)
        number = int(value) if _NUMBER.fullmatch(value) else 0
        if chosen := campaigns.representative(published.filter(campaign=number)):
            return chosen
        raise ValidationError(
            _("No published opinions are grouped under this number. Please clear it."), "unknown"
        )

    def narrow(self, rows: SubmissionQuerySet) -> SubmissionQuerySet:
        """Return those of `rows` that pass the cleaned filters."""
        data = self.cleaned_data
        equal = {name: data[name] for name in ("goal", "sector", "stance", "kind", "meeting") if data[name]}
        rows = rows.filter(plan=self.plan, **equal)
        if data["campaign"]:
            rows = rows.filter(campaign=data["campaign"].campaign_id)
        if data["strategy"]:
            rows = rows.filter(goal__strategy__in=self._with_parts(data["strategy"]))
        if data["district"]:
            rows = rows.in_district(self["district"].value())
        return matching(rows, data["q"], audience="public") if data["q"] else rows

    def chips(self) -> list[Chip]:
        """Return the filters at work, in the order of the form."""
        return [
            Chip(name, str(self.fields[name].label), self._say(name))
            for name, value in self.cleaned_data.items()
            if value and name != "sort"
        ]

    def _with_parts(self, strategy: Strategy) -> list[Strategy]:
        rows = row_field(self, "strategy").rows.values()
        return [row for row in rows if strategy.pk in (row.pk, row.parent_id)]

    def _say(self, name: str) -> str:
        value = self.cleaned_data[name]
        if isinstance(value, Model):
            return str(getattr(value, "short_title", None) or getattr(value, "title", value))
        return str(dict(getattr(self.fields[name], "choices", ())).get(value, value))
