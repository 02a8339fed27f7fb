"""The form in which a reader reports a published opinion."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments import flags
from comments.forms.fields import TextField
from comments.models import Flag


class FlagForm(forms.Form):
    """What is wrong, and a few words about it; something else needs them."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Flag.Reason.choices,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={
            "required": _("Please choose what is wrong."),
            "invalid_choice": _("Please choose what is wrong."),
        },
    )
    words = TextField(
        label=_("In your words"),
        help_text=_("At most 500 characters. Only staff read them. Needed for “Something else”."),
        max_length=None,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 4, "data-count": str(flags.LONGEST)}),
    )

    def clean_words(self) -> str:
        """Return the words, when they can be kept."""
        words: str = self.cleaned_data["words"]
        flags.check_words(words)
        return words

    def clean(self) -> dict[str, Any]:
        """Ask for words where the reason says nothing."""
        data = self.cleaned_data
        if data.get("reason") == Flag.Reason.OTHER and "words" in data and not data["words"]:
            self.add_error("words", _("Please write what is wrong."))
        return data
