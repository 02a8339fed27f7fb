"""What a member of the staff types at the second step of signing in, and to set it up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from comments import passwords, second_factor
from comments.limits import TooManyTriesError
from comments.signing_in import Place

_WRONG = _(
    "This code is not right. Please see that the telephone's clock is right, and write the code that it shows now."
)
_USED = _("This code was used already. Please wait for the next one.")
_TOO_MANY = ngettext_lazy(
    "There were too many wrong codes. Please try again in %(minutes)d minute.",
    "There were too many wrong codes. Please try again in %(minutes)d minutes.",
    "minutes",
)


def _code_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=40,
        error_messages={"required": _("Please write the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class CodeForm(forms.Form):
    """A code of an account."""

    use_required_attribute = False

    code = _code_field(_("Code"), _("The six digits that the telephone shows, or one of the recovery codes."))
    is_recovery = False
    is_wrong = False

    def __init__(self, data: Any = None, *, account: User) -> None:
        super().__init__(data)
        self.account = account

    def clean_code(self) -> str:
        """Use the code up."""
        code: str = self.cleaned_data["code"]
        try:
            self.is_recovery = second_factor.check(self.account, code)
        except TooManyTriesError as error:
            raise ValidationError(_TOO_MANY % {"minutes": error.minutes}) from None
        except second_factor.UsedCodeError:
            self.is_wrong = True
            raise ValidationError(_USED) from None
        except second_factor.WrongCodeError:
            self.is_wrong = True
            raise ValidationError(_WRONG) from None
        return code


class PasswordForm(forms.Form):
    """The password of who is signed in already, once more."""

    use_required_attribute = False
    request: HttpRequest
    account: User

    password = forms.CharField(
        label=_("Your password"),
        help_text=_("So that nobody else takes over this account on an unlocked machine."),
        max_length=4096,
        strip=False,
        error_messages={"required": _("Please write your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_password(self) -> str:
        """Compare the password; wrong ones are counted as at the first step."""
        password: str = self.cleaned_data["password"]
        if authenticate(self.request, username=self.account.get_username(), password=password) is None:
            raise ValidationError(_("This password is not right."))
        return password


class PlacesForm(PasswordForm):
    """Where else somebody is signed in, and is to be no longer."""

    field_order = ("places",)
    places = forms.MultipleChoiceField(
        label=_("Sign out there"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please tick where you want to be signed out.")},
    )

    def __init__(self, request: HttpRequest, *, account: User, others: list[Place]) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self.request, self.account, self.others = request, account, others
        field: Any = self.fields["places"]
        field.choices = [(place.number, place) for place in others]
        field.initial = [place.number for place in others]

    @property
    def chosen(self) -> list[Place]:
        """Return what is ticked; the form must be valid."""
        return [place for place in self.others if place.number in self.cleaned_data["places"]]


class OwnPasswordForm(AdminPasswordChangeForm):
    """A new password by who knows the old one; wrong old ones are counted as at the first step."""

    def __init__(self, *args: Any, request: HttpRequest, **more: Any) -> None:
        super().__init__(*args, **more)
        self.request = request

    def clean_old_password(self) -> str:
        """Compare the old password."""
        password: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=password) is None:
            raise ValidationError(self.error_messages["password_incorrect"], "password_incorrect")
        return password

    def clean(self) -> Any:
        """Refuse the old password as the new one."""
        cleaned = super().clean()
        old, new = self.cleaned_data.get("old_password"), self.cleaned_data.get("new_password2")
        if old and old == new:
            self.add_error("new_password1", _("This is the old password. Please choose another one."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Store it; from now on nobody else has seen it."""
        user = super().save(commit)
        passwords.make_own(user)
        return user


class EnrolForm(PasswordForm):
    """The first code of a new key; and the password of who is signed in already."""

    code = _code_field(_("Code"), _("The six digits that the telephone shows now."))
    codes: list[str]

    def __init__(self, request: HttpRequest, *, account: User, key: str, comes_in: bool) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self.request, self.account, self.key, self.comes_in = request, account, key, comes_in
        if comes_in:
            del self.fields["password"]

    def clean(self) -> dict[str, Any]:
        """Set the key up, once all else is right."""
        if not self.errors:
            try:
                self.codes = second_factor.enrol(
                    self.account, self.key, self.cleaned_data["code"], replaces=not self.comes_in
                )
            except second_factor.WrongCodeError:
                self.add_error("code", _WRONG)
        return self.cleaned_data
