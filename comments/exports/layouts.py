"""How the planner lays a table out: what stands in its rows and columns, and what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import tally

if TYPE_CHECKING:
    from django.http import QueryDict

    from comments.exports.filters import ExportFilter

FIRST = {"rows": "goal", "columns": "stance", "measure": tally.OPINIONS}
_CHOICES = [(name, axis.label) for name, axis in tally.AXES.items()]


class LayoutForm(forms.Form):
    """What stands in the rows and in the columns, and what is counted."""

    rows = forms.ChoiceField(label=gettext_lazy("Rows"), choices=_CHOICES)
    columns = forms.ChoiceField(
        label=gettext_lazy("Columns"), choices=[("", gettext_lazy("None")), *_CHOICES], required=False
    )
    measure = forms.ChoiceField(
        label=gettext_lazy("What is counted"),
        choices=[(tally.OPINIONS, gettext_lazy("Opinions")), (tally.TEXTS, gettext_lazy("Different texts"))],
    )

    def __init__(self, data: QueryDict) -> None:
        """Begin with goal by stance where nothing was asked."""
        asked = data.copy()
        for name, value in FIRST.items():
            asked.setdefault(name, value)
        super().__init__(asked)

    def clean(self) -> dict[str, Any]:
        """Refuse the same thing in rows and columns."""
        cleaned = super().clean() or {}
        if cleaned.get("rows") and cleaned["rows"] == cleaned.get("columns"):
            self.add_error("columns", _("This stands in the rows already. Please choose something else."))
        return cleaned

    @property
    def title(self) -> str:
        """Return what is counted by what: Opinions: sector × stance."""
        chosen = self.cleaned_data
        axes = [str(tally.AXES[name].label) for name in (chosen["rows"], chosen["columns"]) if name]
        measure = _("Different texts") if chosen["measure"] == tally.TEXTS else _("Opinions")
        return f"{measure}: {' × '.join(axes)}"

    def pivot(self, form: ExportFilter) -> tally.Pivot:
        """Return the table of what `form` chooses; both must be valid."""
        chosen = self.cleaned_data
        return tally.pivot(form.rows(), chosen["rows"], chosen["columns"], chosen["measure"])
