"""What an author sends from a receipt: the keys, other words, other wishes, where a copy shall go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from comments import appeals, authoring, intake, references
from comments.forms import told
from comments.forms.fields import REPLY_LENGTH, TextField, check_phone
from comments.limits import TooManyTriesError
from comments.models import Contact, Submission

_TOO_MANY = ngettext_lazy(
    "There were too many wrong secret codes for this reference number. Please try again in %(minutes)d minute.",
    "There were too many wrong secret codes for this reference number. Please try again in %(minutes)d minutes.",
    "minutes",
)

_MANY_FROM_HERE = ngettext_lazy(
    "There were many wrong secret codes from your connection. Please try again in %(minutes)d minute.",
    "There were many wrong secret codes from your connection. Please try again in %(minutes)d minutes.",
    "minutes",
)


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
    # How many seconds to wait after too many wrong secrets; None where nobody has to.
    wait: int | None = None
    refused: TooManyTriesError | None = None

    @classmethod
    def asked_for(cls, query: QueryDict) -> ReceiptForm:
        """Return an empty form, with the reference of the address in it if that is one."""
        try:
            return cls(initial={"reference": references.parse(query.get("reference", ""))})
        except ValueError:
            return cls()

    def refuse(self, error: TooManyTriesError) -> None:
        """Open nothing, whatever the keys are: too many wrong ones came from one connection."""
        self.refused, self.wait = error, error.seconds

    def clean_reference(self) -> str:
        """Return the canonical reference."""
        try:
            return references.parse(self.cleaned_data["reference"])
        except ValueError:
            raise ValidationError(_("This is not a reference number. Please check each character.")) from None

    def clean(self) -> dict[str, Any]:
        """Find the submission that both open."""
        data = self.cleaned_data
        if self.errors:
            return data
        if self.refused:
            raise ValidationError(_MANY_FROM_HERE, "too_many", {"minutes": self.refused.minutes})
        try:
            self.submission = authoring.open_receipt(data["reference"], data["secret"])
        except TooManyTriesError as error:
            self.wait = error.seconds
            raise ValidationError(_TOO_MANY, "too_many", {"minutes": error.minutes}) from None
        if self.submission is None:
            raise ValidationError(_("No opinion was found with this reference number and secret code."))
        return data


class EditForm(forms.Form):
    """Other words in the place of those that the author saw."""

    use_required_attribute = False

    body = TextField(
        label=_("Your words"),
        help_text=_("Between 10 and 8,000 characters. Please leave out personal details of other people."),
        max_length=None,
        required=True,
        strip=False,
        error_messages={"required": _("Please write your opinion.")},
        widget=forms.Textarea(
            attrs={
                "class": "form-control",
                "rows": 8,
                "aria-required": "true",
                "data-count": str(intake.LONGEST),
            }
        ),
    )
    edition = forms.IntegerField(min_value=1, max_value=32_767, widget=forms.HiddenInput)
    keeps_personal_data = forms.CharField(required=False, widget=forms.HiddenInput)
    mark_to_keep = ""
    is_kept = False

    def __init__(self, data: QueryDict | None = None, *, submission: Submission, typed: str = "") -> None:
        """Begin with the words as they stand, or with those `typed` in their place."""
        standing = {"body": typed or submission.words, "edition": submission.edition}
        super().__init__(data, initial=standing)
        self.most = authoring.longest(submission)
        if submission.parent_id:
            body = self.fields["body"]
            body.help_text = REPLY_LENGTH
            body.widget.attrs["data-count"] = str(self.most)

    def clean_body(self) -> str:
        """Return the words exactly as they came."""
        body: str = self.cleaned_data["body"]
        intake.check_body(body, most=self.most)
        return body

    def clean(self) -> dict[str, Any]:
        """Ask once about personal data of a kind that is never published."""
        data = self.cleaned_data
        told.ask_to_keep(self, data.get("body", ""), data.get("keeps_personal_data", ""))
        return data


class AppealForm(forms.Form):
    """What its author says against a rejection."""

    use_required_attribute = False

    body = TextField(
        label=_("Why should it be published?"),
        help_text=_("Between 10 and 2,000 characters. Only the staff who decide read them."),
        max_length=None,
        required=True,
        strip=False,
        error_messages={"required": _("Please write why we should look at it once more.")},
        widget=forms.Textarea(
            attrs={
                "class": "form-control",
                "rows": 6,
                "aria-required": "true",
                "data-count": str(appeals.LONGEST),
            }
        ),
    )

    def clean_body(self) -> str:
        """Return the words exactly as they came."""
        body: str = self.cleaned_data["body"]
        intake.check_body(body, most=appeals.LONGEST)
        return body


class WishesForm(forms.Form):
    """How to reach the author: an empty field keeps what is there, a tick removes it."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("New e-mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Please write an e-mail address such as name@example.com.")},
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "email"}),
    )
    remove_email = forms.BooleanField(
        label=_("Remove my e-mail"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    phone = TextField(
        label=_("New telephone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "tel", "inputmode": "tel"}),
    )
    remove_phone = forms.BooleanField(
        label=_("Remove my telephone number"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    consent_updates = forms.BooleanField(
        label=_("Tell me when there is an answer"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, data: QueryDict | None = None, *, contact: Contact) -> None:
        """Stand beside what `contact` holds."""
        super().__init__(data, initial={"consent_updates": contact.wants_updates})
        self.contact = contact

    def clean_phone(self) -> str:
        """Return the number as typed, once it holds as many digits as a telephone number."""
        return check_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Say what will stand: the new, nothing, or what is there; news need a way to send them."""
        data = self.cleaned_data
        for name in ("email", "phone"):
            if data.get(f"remove_{name}") and data.get(name):
                self.add_error(name, _("Please either write something new or tick “remove”, not both."))
            elif name in data and not data.get(f"remove_{name}"):
                data[name] = data[name] or getattr(self.contact, name)
        if data.get("consent_updates") and not self.errors and not (data["email"] or data["phone"]):
            self.add_error("email", _("Please give an e-mail address or a telephone number for the answer."))
        return data


class CopyForm(forms.Form):
    """Where a copy of the receipt shall go; empty: to the address that is already known."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Please write an e-mail address such as name@example.com.")},
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "email"}),
    )

    def __init__(self, data: QueryDict | None = None, *, contact: Contact) -> None:
        """Know the address in `contact`."""
        super().__init__(data)
        self.contact = contact

    def clean_email(self) -> str:
        """Return the address, typed or known."""
        address = self.cleaned_data["email"] or self.contact.email
        if not address:
            raise ValidationError(_("Please write an e-mail address such as name@example.com."))
        return str(address)
