"""Type in, one after the other, what came on paper, by telephone or on a meeting's floor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import intake, roles
from comments.admin.base import signed_in
from comments.admin.date_fields import DayField
from comments.forms import choices, told
from comments.forms.fields import row_field
from comments.forms.submission import SubmissionForm
from comments.imports import values
from comments.models import Plan, Submission

if TYPE_CHECKING:
    from datetime import datetime

    from comments.admin.submissions import SubmissionAdmin

Channel = Submission.Channel
_CHANNELS = [(channel.value, channel.label) for channel in (Channel.PAPER, Channel.PHONE, Channel.FLOOR)]
# What one pile of paper or one meeting has in common stays for the next entry.
_KEPT = ("channel", "meeting", "sector", "received_on", "about", "goal", "kind", "district")
_ORDER = (
    "channel",
    "received_on",
    "meeting",
    "sector",
    "body",
    "goal",
    "stance",
    "kind",
    "about",
    "district",
    "attachments",
    "display_name",
    "consent_display_name",
    "organisation",
    "phone",
    "email",
    "consent_updates",
)


class DeskForm(SubmissionForm):
    """The citizen's form as staff fill it in for somebody: what was said, how it came, and when."""

    channel = forms.ChoiceField(
        choices=_CHANNELS, label=gettext_lazy("How it came"), initial=Channel.PAPER, widget=forms.RadioSelect
    )
    received_on = DayField(
        label=gettext_lazy("Received on"),
        required=False,
        help_text=gettext_lazy("Day/month/year, such as 23/02/2565. Left empty, it is now."),
    )
    at: datetime | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Address the fields as staff would, who write for another."""
        super().__init__(*args, **kwargs)
        labels = {
            "body": _("What was said"),
            "sector": _("Spoke as"),
            "attachments": _("Scan or picture"),
            "display_name": _("Name"),
            "consent_display_name": _("Agreed that the name is published"),
            "organisation": _("Organisation"),
            "consent_updates": _("Wants to hear of the answer"),
            "district": _("District"),
            "meeting": _("Meeting"),
            "goal": _("Development goal"),
            "stance": _("Stance"),
            "kind": _("What it is"),
            "about": _("What it is about"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].help_text = ""
        for name in ("kind", "about", "stance", "sector"):
            self.fields[name].widget = forms.Select()
        row_field(self, "sector").offer(choices.sectors(), empty=_("Please choose"))
        for name in ("kind", "about", "stance"):
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = field.choices
        self.fields["body"].widget.attrs["autofocus"] = True
        self.order_fields(_ORDER)

    def clean_received_on(self) -> Any:
        """Return the day; keep its moment. Raises ValidationError for a day to come."""
        day = self.cleaned_data["received_on"]
        try:
            self.at, _named, _code = values.moment(day, timezone.now())
        except values.UnfitError:
            raise ValidationError(_("This day is yet to come."), "future") from None
        return day

    def clean(self) -> dict[str, Any]:
        """Do as for citizens, but don't ask about personal data: what is on the paper is typed as it stands."""
        self.cleaned_data["keeps_personal_data"] = told.mark(self.cleaned_data.get("body", ""))
        return super().clean()

    def next(self) -> DeskForm:
        """Return an empty form that keeps what the next entry of the same pile has in common with this."""
        fresh = DeskForm(plan=self.plan)
        fresh.initial.update({name: self.data.get(name, "") for name in _KEPT})
        return fresh


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the address of the desk form."""

    def view(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(roles.ENTER):
            raise PermissionDenied
        return enter(request, model_admin)

    return [path("enter/", model_admin.admin_site.admin_view(view), name="comments_submission_enter")]


def enter(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponse:
    """Store an entry and show its receipt above the form for the next; a reload stores nothing twice."""
    plan = Plan.objects.current()
    if plan is None:
        raise Http404
    receipt = None
    if request.method == "POST":
        form = DeskForm(request.POST, request.FILES, plan=plan)
        if form.is_valid():
            receipt = _receive(form, request)
    else:
        form = DeskForm(plan=plan, wanted=request.GET)
    chosen = form.data.get("meeting") if form.is_bound else form.initial.get("meeting")
    context = model_admin.context(
        request,
        title=_("Enter opinions"),
        form=form.next() if receipt else form,
        plan=plan,
        receipt=receipt,
        meeting=row_field(form, "meeting").rows.get(chosen or ""),
    )
    response = TemplateResponse(request, "admin/comments/submission/enter.html", context)
    if receipt:
        response.headers["Cache-Control"] = "no-store"
    return response


def _receive(form: DeskForm, request: HttpRequest) -> intake.Receipt | None:
    """Return the receipt of an entry, None with the reason in the form."""
    data = form.cleaned_data
    try:
        return intake.receive(
            form.statement(),
            idempotency_key=data["idempotency_key"],
            channel=data["channel"],
            at=form.at,
            actor=signed_in(request),
        )
    except intake.NotAcceptingError:
        form.add_error("received_on", _("The plan took no opinions at that time."))
    except intake.AlreadySentError as error:
        form.take_new_key()
        message = _(
            "This form was saved before as %s, with other words. Save it again to store it as another opinion."
        )
        form.add_error(None, message % error.submission.reference)
    return None
