"""The form in which a citizen replies to an opinion."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from comments import intake
from comments.forms import choices
from comments.forms.fields import REPLY_LENGTH, row_field
from comments.forms.submission import SubmissionForm
from comments.models import Plan, Submission

_ASKED = ("body", "sector", "display_name", "consent_display_name")
_HIDDEN = ("idempotency_key", "keeps_personal_data")


class ReplyForm(SubmissionForm):
    """The same form with fewer fields: words, as whom, and a name to show."""

    def __init__(
        self, data: QueryDict | None = None, *, plan: Plan, parent: Submission | None = None
    ) -> None:
        """Take a reply to `parent`; without one, only keep what was typed."""
        super().__init__(data, plan=plan)
        self.parent = parent

    def _offer_rows(self) -> None:
        for name in {*self.fields} - {*_ASKED, *_HIDDEN}:
            del self.fields[name]
        row_field(self, "sector").offer(choices.sectors(defined=True))
        body = self.fields["body"]
        body.label = _("Your reply")
        body.help_text = REPLY_LENGTH
        body.error_messages["required"] = _("Please write your reply.")
        body.widget.attrs |= {"rows": 5, "data-count": str(intake.LONGEST_REPLY)}
        self.fields["display_name"].label = _("Name to show with your reply")
        self.fields["consent_display_name"].label = _("Publish this name with my reply")

    def _preselect(self, wanted: QueryDict) -> None:
        """Choose nothing beforehand."""

    @property
    def helper(self) -> FormHelper:
        """Return the layout: one field below the other."""
        helper = super().helper
        helper.layout = Layout(*_ASKED, "idempotency_key")
        return helper

    def clean_body(self) -> str:
        """Return the words exactly as they came."""
        body: str = self.cleaned_data["body"]
        intake.check_body(body, most=intake.LONGEST_REPLY)
        return body

    def statement(self) -> intake.Statement:
        """Return what the cleaned form says; a reply is about what its opinion is about."""
        assert self.parent is not None  # noqa: S101 - a form without an opinion is only drawn
        data = self.cleaned_data
        return intake.Statement(
            plan=self.plan,
            parent=self.parent,
            goal=self.parent.goal,
            about=self.parent.about,
            body=data["body"],
            sector=data["sector"],
            display_name=data["display_name"],
            shows_name=data["consent_display_name"],
        )
