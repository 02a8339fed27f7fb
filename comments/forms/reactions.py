"""What a browser presses on a goal or on an opinion, and how a goal's opinions are shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.forms import choices
from comments.forms.fields import WordField
from comments.forms.kept import KeptForm
from comments.models import Assessment
from comments.models.submissions import SubmissionQuerySet

_MEANINGS = {"yes": True, "no": False, "": None}


class QuestionsForm(forms.Form):
    """Yes, no, or, with an empty value, neither any more, to each question about a goal that is sent."""

    def __init__(self, data: Any) -> None:
        """Make a field for each question."""
        super().__init__(data)
        for question in Assessment.Question.values:
            self.fields[question] = WordField([(word, word) for word in _MEANINGS])

    def answers(self) -> dict[str, bool | None]:
        """Return what was answered, by question; a question that was not sent is not among them."""
        return {name: _MEANINGS[word] for name, word in self.cleaned_data.items() if name in self.data}


class GoalOpinionsForm(KeptForm):
    """Order and narrow the opinions on the page of a goal."""

    use_required_attribute = False

    sort = WordField(choices.sorts(is_search=False), label=_("Sort by"))
    stance = WordField([("", _("All")), *choices.STANCES], label=_("Stance"))

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    @property
    def chosen(self) -> tuple[str, ...] | None:
        """Return what it is drawn with, all of it offered by us; None while anything is wrong."""
        return None if self.errors else tuple(self.cleaned_data.values())

    def narrow(self, rows: SubmissionQuerySet) -> SubmissionQuerySet:
        """Return those of `rows` that take the chosen stance."""
        stance = self.cleaned_data["stance"]
        return rows.filter(stance=stance) if stance else rows
