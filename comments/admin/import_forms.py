"""What the staff say about a file of opinions: what it belongs to, what its columns hold, how to add it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.admin.date_fields import DayField
from comments.imports import cells, headers
from comments.models import ImportBatch, Meeting, Plan, Sector

_SHOWN = 3


class UploadForm(forms.Form):
    """The file, and what holds for every row that says nothing else."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV, up to 10 MB and 20,000 rows. What it is called does not matter."),
        error_messages={
            "required": _("Please choose a file."),
            "empty": _("The file is empty."),
            "invalid": _("Please choose a file."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,text/csv"}),
    )
    plan = forms.ModelChoiceField(Plan.objects.all(), label=_("Plan"), empty_label=None)
    meeting = forms.ModelChoiceField(
        Meeting.objects.select_related("plan"),
        label=_("Meeting"),
        required=False,
        empty_label=_("As the rows say, or none"),
    )
    sector = forms.ModelChoiceField(
        Sector.objects.filter(is_active=True),
        label=_("Sector"),
        required=False,
        empty_label=_("As the rows say"),
    )
    received_on = DayField(
        label=_("Received on"),
        required=False,
        help_text=_("For rows without a date. Left empty, they are received when they are added."),
    )

    def clean(self) -> dict[str, Any]:
        """See to it that the meeting is about the plan."""
        data = self.cleaned_data
        meeting, plan = data.get("meeting"), data.get("plan")
        if meeting and plan and meeting.plan_id != plan.pk:
            self.add_error("meeting", _("This meeting is about another plan."))
        return data


class ColumnsForm(forms.Form):
    """Where the names of the columns stand, and what each column holds."""

    use_required_attribute = False

    header_row = forms.IntegerField(
        label=_("The names of the columns are in row"),
        min_value=0,
        max_value=1_000_000,
        help_text=_("The last of them, if there are several. 0: there are none."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, data: Any, *, batch: ImportBatch, table: cells.Table) -> None:
        """Offer what can be read for every column of `table`."""
        super().__init__(data, initial={"header_row": batch.header_row})
        self._titles = headers.titles(table, batch.header_row)
        self._samples = table.below(batch.header_row)[:_SHOWN]
        choices = [("", _("– is left out –")), *headers.FIELDS.items()]
        known = {int(column): name for column, name in batch.columns.items()}
        for column in range(table.width):
            self.fields[f"column_{column}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=known.get(column, ""),
                label=self._titles[column] or gettext("Column %d") % (column + 1),
                error_messages={"invalid_choice": _("Please choose from the list.")},
            )

    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Return the field of each column and what stands in its first rows."""
        return [
            (self[name], [str(row.cell(column) or "")[:80] for row in self._samples])
            for column, name in enumerate(name for name in self.fields if name != "header_row")
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the column of the opinions, and for one column of each meaning."""
        chosen: dict[str, str] = {}
        for name in list(self.fields):
            meaning = self.cleaned_data.get(name)
            if name == "header_row" or not meaning:
                continue
            if meaning in chosen:
                self.add_error(name, _("Another column holds this already."))
            chosen[meaning] = name
        if "body" not in chosen:
            self.add_error(None, _("Please say in which column the opinions are."))
        return self.cleaned_data

    def meanings(self) -> dict[int, str]:
        """Return what each column holds that is not left out."""
        return {
            int(name.removeprefix("column_")): meaning
            for name, meaning in self.cleaned_data.items()
            if name != "header_row" and meaning
        }


class AddForm(forms.Form):
    """How to add the rows."""

    use_required_attribute = False

    mode = forms.ChoiceField(
        choices=ImportBatch.Mode.choices,
        label=_("If a row can't be added"),
        initial=ImportBatch.Mode.SKIP_BAD,
        widget=forms.RadioSelect,
    )
    takes_twins = forms.BooleanField(
        label=_("Also add rows that repeat an earlier row of the file"),
        help_text=_("Several people may have said the same in the same words."),
        required=False,
    )
