"""The filters, the order and the search of the public list of opinions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments import campaigns
from comments.forms import choices
from comments.forms.fields import RowField, TextField, WordField, row_field
from comments.forms.kept import KeptForm
from comments.models import Plan, Strategy, Submission
from comments.models.submissions import SubmissionQuerySet
from comments.search import matching
from comments.text import graphemes
from comments.text.query import MOST_CHARACTERS, MOST_TERMS, Query, parse

# What is typed is shown again in chips and notes, but no longer than this.
_MOST_SHOWN = 60
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Chip:
    """One filter at work: the parameter that removes it, and what it says."""

    name: str
    label: str
    value: str


class FilterForm(KeptForm):
    """Narrow and order the list; every field is optional, an unknown value is an error."""

    use_required_attribute = False

    q = TextField(
        label=_("Search in the opinions"),
        max_length=None,
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
    theme = RowField(label=_("Theme"), required=False)
    campaign = TextField(label=_("Texts alike"), max_length=18)

    def __init__(self, data: Mapping[str, Any], *, plan: Plan) -> None:
        """Offer the rows of `plan`."""
        offered = choices.themes(plan)
        stands = offered.rows.get(data.get("theme", ""))
        # A link may name a theme that was merged since.
        super().__init__({name: data[name] for name in data} | {"theme": stands.code} if stands else data)
        self.plan = plan
        row_field(self, "theme").offer(offered, empty=_("All"))
        row_field(self, "strategy").offer(choices.strategies(plan), empty=_("All"))
        row_field(self, "goal").offer(choices.goals(plan), empty=_("All"))
        row_field(self, "sector").offer(choices.sectors(), empty=_("All"))
        row_field(self, "district").offer(choices.districts(), empty=_("All"))
        row_field(self, "meeting").offer(choices.meetings(plan), empty=_("All"))
        self.fields["sort"].widget.choices = choices.sorts(is_search=bool(data.get("q", "").strip()))
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

    @cached_property
    def query(self) -> Query:
        """Return what the cleaned search asks for."""
        return parse(self.cleaned_data["q"])

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """Return what each list is drawn with, all of it offered by us; None for each while anything is wrong.

        `q` and `nothing` are None where a search or a filter is at work.
        """
        lists = [name for name in self.fields if name not in ("q", "campaign")]
        if self.errors:
            return dict.fromkeys([*lists, "q", "nothing"])
        values = {name: self[name].value() or "" for name in lists}
        is_narrowed = any(value for name, value in values.items() if name != "sort")
        return values | {
            "sort": (values["sort"], self.is_search),
            "q": None if self["q"].value() else "",
            "nothing": None if is_narrowed else "",
        }

    @property
    def key(self) -> tuple[Any, ...]:
        """Return what names the cleaned filters and the order; not the words of a search, nor a campaign."""
        return (self.plan.pk, *self.chosen.values())

    @property
    def is_search(self) -> bool:
        """Tell whether something was typed to look for, even if it can't be looked for."""
        return bool(self.cleaned_data["q"])

    @property
    def is_chosen(self) -> bool:
        """Tell whether all that it asks for was chosen, and nothing typed."""
        return not (self.cleaned_data["q"] or self.cleaned_data["campaign"])

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything but the order was asked for."""
        return any(value for name, value in self.cleaned_data.items() if name != "sort")

    @property
    def order(self) -> str:
        """Return the order to list in; without a search nothing is more relevant than the rest."""
        asked = self.cleaned_data["sort"] or "newest"
        return "newest" if asked in choices.SORTS_OF_A_SEARCH and not self.is_search else asked

    def narrow(self, rows: SubmissionQuerySet, *, row_by_row: bool = False) -> SubmissionQuerySet:
        """Return those of `rows` that pass the cleaned filters and hold the words; `row_by_row` as for `matching`."""
        rows = self.within(rows)
        return (
            matching(rows, self.query, audience="public", row_by_row=row_by_row) if self.is_search else rows
        )

    def within(self, rows: SubmissionQuerySet) -> SubmissionQuerySet:
        """Return those of `rows` that pass the cleaned filters, whatever their words."""
        data = self.cleaned_data
        equal = {name: data[name] for name in ("goal", "sector", "stance", "kind", "meeting") if data[name]}
        rows = rows.filter(plan=self.plan, **equal)
        if data["campaign"]:
            rows = rows.filter(campaign=data["campaign"].campaign_id)
        if data["theme"]:
            rows = rows.with_theme(data["theme"].pk)
        if data["strategy"]:
            rows = rows.filter(goal__strategy__in=self._with_parts(data["strategy"]))
        if data["district"]:
            rows = rows.in_district(self["district"].value())
        return rows

    def chips(self) -> list[Chip]:
        """Return the filters at work, in the order of the form."""
        return [
            Chip(name, gettext("Search") if name == "q" else str(self.fields[name].label), self._say(name))
            for name, value in self.cleaned_data.items()
            if value and name != "sort"
        ]

    def notes(self) -> list[str]:
        """Return what the search made of the words, where that is not what was typed."""
        notes = []
        if self.query.ignored:
            parts = graphemes.truncate(" ".join(self.query.ignored), _MOST_SHOWN)
            notes.append(
                gettext("Left out, because it has no letters or numbers: %(parts)s") % {"parts": parts}
            )
        if self.query.is_truncated:
            notes.append(
                gettext(
                    "This is more than we can search for at once. Only the first %(terms)s words "
                    "within the first %(characters)s characters were searched for."
                )
                % {"terms": MOST_TERMS, "characters": f"{MOST_CHARACTERS:,}"}
            )
        return notes

    def _with_parts(self, strategy: Strategy) -> list[Strategy]:
        rows = row_field(self, "strategy").rows.values()
        return [row for row in rows if strategy.pk in (row.pk, row.parent_id)]

    def _say(self, name: str) -> str:
        value = self.cleaned_data[name]
        if isinstance(value, Model):
            return str(getattr(value, "short_title", None) or getattr(value, "title", value))
        said = str(dict(getattr(self.fields[name], "choices", ())).get(value, value))
        return graphemes.truncate(said, _MOST_SHOWN)
