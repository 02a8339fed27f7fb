"""The keys of a receipt: reference and secret."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments import references
from comments.forms.fields import TextField
from comments.models import Submission


class ReceiptForm(forms.Form):
    """The reference and the secret; together they open one submission."""

    use_required_attribute = False

    reference = TextField(
        label=_("Reference number"),
        help_text=_("It looks like 67-XXXX-XXXX."),
        max_length=40,
        required=True,
        error_messages={"required": _("Please write the reference number.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    secret = TextField(
        label=_("Secret code"),
        help_text=_("Capitals, spaces and dashes do not matter."),
        max_length=100,
        required=True,
        error_messages={"required": _("Please write the secret code.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    submission: Submission | None = None

    def clean_reference(self) -> str:
        """Return the canonical reference."""
        try:
            return references.parse(self.cleaned_data["reference"])
        except ValueError:
            raise ValidationError(_("This is not a reference number. Please check each character.")) from None

    def clean(self) -> dict[str, Any]:
        """Find the submission that both open."""
        data = self.cleaned_data
        if not self.errors:
            self.submission = (
                Submission.objects.with_labels()
                .filter(reference=data["reference"], secret_hash=references.hash_secret(data["secret"]))
                .first()
            )
            if self.submission is None:
                raise ValidationError(_("No opinion was found with this reference number and secret code."))
        return data
