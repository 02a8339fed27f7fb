"""The one form in which a citizen says something."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from comments import attachments, intake
from comments.forms import choices, told
from comments.forms.fields import (
    FilesField,
    FilesInput,
    Lent,
    RowField,
    TextField,
    WordField,
    check_phone,
    row_field,
)
from comments.forms.lists import FindableSelect
from comments.models import Plan, Submission
from comments.models.submissions import OUTSIDE

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

_KEY = re.compile(r"[0-9a-f]{32}")
_LOOKS = {"radio": "form-check-input", "checkbox": "form-check-input", "select": "form-select"}


class SubmissionForm(forms.Form):
    """The one form of the citizen; the field names are a public contract."""

    use_required_attribute = False

    body = TextField(
        label=_("Your opinion"),
        help_text=_("Between 10 and 8,000 characters. Please leave out personal details of other people."),
        max_length=None,
        required=True,
        strip=False,
        error_messages={"required": _("Please write your opinion.")},
        widget=forms.Textarea(attrs={"rows": 8, "aria-required": "true", "data-count": "8000"}),
    )
    attachments = FilesField(
        label=_("Pictures or documents"),
        help_text=_(
            "Up to 5 files of 10 MB: JPEG, PNG, WebP or PDF. Choose them all at once. Staff look at them before they"
            " are published. Place and camera are taken out of pictures; a PDF stays as it is, with its author's name."
        ),
        required=False,
        widget=FilesInput(
            attrs={
                "accept": ".jpg,.jpeg,.png,.webp,.pdf,image/jpeg,image/png,image/webp,application/pdf",
                "data-most": attachments.MOST,
                "data-largest": attachments.LARGEST,
            }
        ),
    )
    kind = WordField(choices.KINDS, label=_("What is it?"), initial="opinion", widget=forms.RadioSelect)
    about = WordField(
        choices.ABOUT, label=_("The goals, or the work so far?"), initial="goals", widget=forms.RadioSelect
    )
    goal = RowField(
        label=_("Which development goal?"),
        help_text=_("Leave it as it is to speak about the whole plan."),
        required=False,
        widget=FindableSelect,
    )
    stance = WordField(
        [("", _("I would rather not say")), *choices.STANCES],
        label=_("Do you agree with the goal?"),
        widget=forms.RadioSelect,
    )
    meeting = RowField(label=_("Does it belong to a meeting?"), required=False)
    sector = RowField(
        label=_("You speak as"),
        error_messages={"required": _("Please say as whom you speak.")},
        widget=forms.RadioSelect,
    )
    district = RowField(label=_("Your district"), required=False)
    display_name = TextField(
        label=_("Name to show with your opinion"),
        help_text=_("A pen name is fine. It is published only if you tick the box below."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    consent_display_name = forms.BooleanField(label=_("Publish this name with my opinion"), required=False)
    organisation = TextField(
        label=_("Organisation you speak for"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Please write an e-mail address such as name@example.com.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = TextField(
        label=_("Telephone"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    consent_updates = forms.BooleanField(label=_("Tell me when there is an answer"), required=False)
    idempotency_key = forms.CharField(required=False, widget=forms.HiddenInput)
    # A browser can't be given its files back: these two keep a form from being sent without them unnoticed.
    had_attachments = forms.BooleanField(required=False, widget=forms.HiddenInput)
    without_attachments = forms.BooleanField(label=_("Send it without files"), required=False)
    # Holds told.mark of the words that shall be sent with the personal data in them.
    keeps_personal_data = forms.CharField(required=False, widget=forms.HiddenInput)
    # What `keeps_personal_data` must hold, once the form has asked; empty while there is nothing to ask.
    mark_to_keep = ""
    is_kept = False

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        plan: Plan,
        wanted: QueryDict | None = None,
    ) -> None:
        """Offer the rows of `plan`; `wanted` holds the goal and meeting that a link asked for."""
        self.base_fields = Lent(self.base_fields)  # type: ignore[misc]
        super().__init__(data, files)
        self.plan = plan
        self.has_unknown_wish = False
        self._offer_rows()
        self._dress()
        self._preselect(wanted or QueryDict())
        self.had_key = data is not None and bool(_KEY.fullmatch(data.get("idempotency_key", "")))
        if data is None:
            self.initial["idempotency_key"] = uuid.uuid4().hex
        elif not self.had_key:
            self.take_new_key()

    def _offer_rows(self) -> None:
        row_field(self, "goal").offer(choices.goals(self.plan), empty=_("The plan as a whole"))
        row_field(self, "meeting").offer(choices.meetings(self.plan), empty=_("No meeting"))
        row_field(self, "sector").offer(choices.sectors(defined=True))
        row_field(self, "district").offer(choices.districts(), empty=_("I would rather not say"))

    def _preselect(self, wanted: QueryDict) -> None:
        for name in ("goal", "meeting"):
            value = wanted.get(name, "")
            if value in row_field(self, name).rows:
                self.initial[name] = value
            elif value:
                self.has_unknown_wish = True

    def _dress(self) -> None:
        for field in self.fields.values():
            look = _LOOKS.get(getattr(field.widget, "input_type", "text"), "form-control")
            field.widget.attrs["class"] = look

    def take_new_key(self) -> None:
        """Put a fresh idempotency key into the data, so that the next sending is a new one."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["idempotency_key"] = uuid.uuid4().hex
        self.data = data

    def leave_files(self) -> None:
        """Look into no file: the form will be drawn again, and they have to be chosen anew."""
        field = self.fields["attachments"]
        field.disabled = True
        self.full_clean()
        field.disabled = False

    @property
    def lost_files(self) -> list[str]:
        """Return names and sizes of the files that came with this form and can't be put into it again."""
        return [
            f"{attachments.shown_name(file)} ({filesizeformat(file.size or 0)})"
            for file in self.files.getlist("attachments")
        ]

    @property
    def asks_for_files(self) -> bool:
        """Tell whether the form, drawn again, has to say that files must be chosen again."""
        return self.is_bound and bool(self.files or self.data.get("had_attachments"))

    @property
    def helper(self) -> FormHelper:
        """Return the layout: four sections, ours from section to field."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.field_template = "forms/field.html"
        helper.layout = Layout(
            _section("say", _("What you want to say"), "body", "attachments", "kind"),
            _section("about", _("What it is about"), "about", "goal", "stance", "meeting"),
            _section(
                "who",
                _("Who you are"),
                "sector",
                "district",
                "organisation",
                "display_name",
                "consent_display_name",
            ),
            _section("reach", _("How to reach you"), "email", "phone", "consent_updates"),
            "idempotency_key",
        )
        return helper

    def clean_body(self) -> str:
        """Return the words exactly as they came."""
        body: str = self.cleaned_data["body"]
        intake.check_body(body)
        return body

    def clean_phone(self) -> str:
        """Return the number as typed, once it holds as many digits as a telephone number."""
        return check_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Ask for a way to send the answer, about personal data, and without a key for a second press."""
        data = self.cleaned_data
        chosen = data.get("attachments") or "attachments" in self.errors
        if data.get("had_attachments") and not chosen and not data["without_attachments"]:
            self.add_error(
                "attachments", _("Please choose your files again, or tick that you send it without files.")
            )
        reachable = data.get("email") or data.get("phone") or {"email", "phone"} & set(self.errors)
        if data.get("consent_updates") and not reachable:
            self.add_error("email", _("Please give an e-mail address or a telephone number for the answer."))
        told.ask_to_keep(self, data.get("body", ""), data.get("keeps_personal_data", ""))
        if not self.had_key:
            raise ValidationError(
                _("The form had lost its number. Nothing was sent yet: please press send once more.")
            )
        return data

    def statement(self) -> intake.Statement:
        """Return what the cleaned form says."""
        data = self.cleaned_data
        place = data["district"]
        return intake.Statement(
            plan=self.plan,
            body=data["body"],
            sector=data["sector"],
            goal=data["goal"],
            meeting=data["meeting"],
            about=data["about"] or Submission.About.GOALS,
            kind=data["kind"] or Submission.Kind.OPINION,
            stance=data["stance"],
            district=None if place == OUTSIDE else place,
            is_outside_bangkok=place == OUTSIDE,
            display_name=data["display_name"],
            organisation=data["organisation"],
            shows_name=data["consent_display_name"],
            email=data["email"],
            phone=data["phone"],
            wants_updates=data["consent_updates"],
            attachments=data["attachments"],
        )


def _section(part: str, title: Any, *names: str) -> Fieldset:
    return Fieldset(title, *names, css_id=f"part-{part}", template="forms/section.html")
