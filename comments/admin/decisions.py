"""The staff's decisions on submissions, one by one and many at once, each through `moderation`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from comments import answering, moderation, roles, second_persons
from comments.admin import readings
from comments.admin.base import signed_in, ticked
from comments.intake import check_storable
from comments.models import Plan, RejectionReason, Submission, SubmissionEvent

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin

Kind = SubmissionEvent.Kind
TOLD: dict[str, Any] = {
    Kind.PUBLISHED: ngettext_lazy("Published %d opinion.", "Published %d opinions."),
    Kind.REJECTED: ngettext_lazy("Withheld %d opinion.", "Withheld %d opinions."),
    Kind.RESTORED: ngettext_lazy("Returned %d opinion to the queue.", "Returned %d opinions to the queue."),
    Kind.REJECTION_PROPOSED: ngettext_lazy(
        "Proposed not to publish %d opinion; another person must confirm it.",
        "Proposed not to publish %d opinions; another person must confirm it.",
    ),
    Kind.REJECTION_DECLINED: ngettext_lazy(
        "Declined not to publish %d opinion; it still awaits review.",
        "Declined not to publish %d opinions; they still await review.",
    ),
    Kind.REJECTION_TAKEN_BACK: ngettext_lazy(
        "Took back the proposal not to publish %d opinion.",
        "Took back the proposal not to publish %d opinions.",
    ),
    Kind.SECOND_OPINION_ASKED: ngettext_lazy(
        "Left %d opinion to a colleague.", "Left %d opinions to a colleague."
    ),
}
STALE = _("Not changed, because the state had changed in the meantime or does not allow it: %s")
UNFIT = _("Not published, because the words hold personal data that must be covered first: %s")
OWN = _("Not decided, because you asked for another person yourself: %s")
DEEDS: dict[str, Callable[..., SubmissionEvent]] = {
    "publish": moderation.publish,
    "reject": second_persons.reject,
    "restore": moderation.restore,
    "confirm": second_persons.confirm,
    "decline": second_persons.decline,
    "ask": second_persons.ask,
}
Decide = Callable[[Submission], SubmissionEvent]


class ReasonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among the reasons in use, each with the text that the citizen reads."""

    def label_from_instance(self, obj: Any) -> str:
        return format_html('{} <span class="hint">{}</span>', obj.title, obj.explanation)


class NoteField(forms.CharField):
    """A note for colleagues; the citizen never reads it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        super().__init__(required=False, max_length=2_000, validators=[check_storable], **kwargs)


class RejectForm(forms.Form):
    """Why something is not published."""

    use_required_attribute = False

    reason = ReasonField(
        RejectionReason.objects.filter(is_active=True),
        label=_("Reason"),
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a reason.")},
    )
    note = NoteField(label=_("Note"), help_text=_("For colleagues; the author does not see it."))


class NoteForm(forms.Form):
    """An optional note on a decision that needs no reason."""

    note = NoteField()


class AskForm(forms.Form):
    """What a colleague is to look at."""

    use_required_attribute = False

    note = forms.CharField(
        label=_("What do you want to know?"),
        max_length=2_000,
        validators=[check_storable],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("You can't decide on it afterwards; another person does. The author does not see it."),
        error_messages={"required": _("Please write in the note what you want to know.")},
    )


class RevealForm(forms.Form):
    """Why contact details are looked at."""

    use_required_attribute = False

    why = forms.CharField(
        label=_("Why do you need the contact details?"),
        max_length=500,
        validators=[check_storable],
        error_messages={"required": _("Please say why. It is kept in the event log.")},
    )


def is_offered(action: str, status: str, *, is_of_two: bool = False) -> bool:
    """Tell whether an action makes sense where only submissions of `status`, or those that wait for two, are listed."""
    if action in {"confirm_selected", "decline_selected"}:
        return is_of_two
    kinds = {
        "publish_selected": SubmissionEvent.Kind.PUBLISHED,
        "reject_selected": SubmissionEvent.Kind.REJECTED,
        "restore_selected": SubmissionEvent.Kind.RESTORED,
    }
    if action not in kinds or status not in Submission.Status.values:
        return True
    states, _to = moderation.DECISIONS[kinds[action]]
    return status in states


def as_seen(request: HttpRequest) -> dict[str, str]:
    """Return what the page carried of how it showed each submission, by primary key; see `readings.seen`."""
    return {value.partition(":")[0]: value for value in request.POST.getlist("seen")}


def is_as_seen(request: HttpRequest, row: Submission) -> bool:
    """Tell whether `row` is in the state, and with that covered, in which the page showed it."""
    return as_seen(request).get(str(row.pk)) == readings.seen(row)


def decision(request: HttpRequest, name: str) -> tuple[forms.Form, Decide]:
    """Return the form of the decision `name`, bound, and what to do once it is valid."""
    form = {"reject": RejectForm, "ask": AskForm}.get(name, NoteForm)(request.POST)

    def decide(row: Submission) -> SubmissionEvent:
        event = DEEDS[name](row, actor=signed_in(request), **form.cleaned_data)
        if name == "publish":
            answering.catch_up(row)
        return event

    return form, decide


@dataclass
class Outcome:
    """What was done, and the references of those to which nothing was, by what stood in the way."""

    done: list[SubmissionEvent] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    unfit: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)

    @property
    def looked_at(self) -> int:
        """Return how many there were."""
        return len(self.done) + len(self.stale) + len(self.unfit) + len(self.own)


def apply(request: HttpRequest, rows: Iterable[Submission], decide: Decide) -> Outcome:
    """Decide on each of `rows` as the page showed it; what changes from here on `moderation` refuses."""
    outcome = Outcome()
    for row in rows:
        if not is_as_seen(request, row):
            outcome.stale.append(row.reference)
            continue
        try:
            outcome.done.append(decide(row))
        except moderation.StaleDecisionError:
            outcome.stale.append(row.reference)
        except moderation.PersonalDataError:
            outcome.unfit.append(row.reference)
        except moderation.SamePersonError:
            outcome.own.append(row.reference)
    return outcome


def report(request: HttpRequest, outcome: Outcome, errors: Mapping[str, Any]) -> None:
    """Tell the moderator how many were decided, which were not, and what was wrong with the form."""
    for kind, number in Counter(event.kind for event in outcome.done).items():
        messages.success(request, TOLD[kind] % number)
    for message, left in ((STALE, outcome.stale), (UNFIT, outcome.unfit), (OWN, outcome.own)):
        if left:
            messages.error(request, message % ", ".join(left))
    for error in chain.from_iterable(errors.values()):
        messages.error(request, error)


def many(
    model_admin: SubmissionAdmin, request: HttpRequest, _queryset: object, *, name: str
) -> HttpResponse | None:
    """Decide on the submissions ticked in the queue, as the page showed them.

    Django's queryset is not used: it has lost what has left the listed status meanwhile, and that
    must be told.
    """
    if request.POST.get("select_across") == "1":
        messages.error(request, _("Decide only on opinions that you have on the page."))
        return None
    visible = roles.visible_submissions(request.user).to_decide()
    rows = list(visible.filter(pk__in=ticked(request)).order_by("received_at", "pk"))
    form, decide = decision(request, name)
    if name == "reject" and ("confirm" not in request.POST or not form.is_valid()):
        return ask_for_reason(model_admin, request, rows, form)
    outcome = apply(request, rows, decide) if form.is_valid() else Outcome()
    report(request, outcome, form.errors)
    return None


def ask_for_reason(
    model_admin: SubmissionAdmin, request: HttpRequest, rows: list[Submission], form: forms.Form
) -> HttpResponse:
    """Show what will be withheld, and ask why."""
    seen = as_seen(request)
    title = ngettext("Withhold %d opinion", "Withhold %d opinions", len(rows)) % len(rows)
    return TemplateResponse(
        request,
        "admin/comments/submission/reject.html",
        model_admin.context(
            request,
            title=title,
            rows=[
                (reading, seen.get(str(reading.submission.pk), ""))
                for reading in readings.of(rows, user=signed_in(request))
            ],
            form=form if "confirm" in request.POST else RejectForm(),
            needs_second_person=Plan.objects.filter(
                pk__in={row.plan_id for row in rows}, rejection_needs_second_person=True
            ).exists(),
            is_bulk=ACTION_CHECKBOX_NAME in request.POST,
        ),
    )


@admin.action(permissions=["moderate"], description=_("Publish"))
def publish_selected(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Publish what is ticked."""
    return many(model_admin, request, queryset, name="publish")


@admin.action(permissions=["moderate"], description=_("Withhold …"))
def reject_selected(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Ask for a reason, then withhold what is ticked."""
    return many(model_admin, request, queryset, name="reject")


@admin.action(permissions=["moderate"], description=_("Confirm the proposals"))
def confirm_selected(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Withhold what is ticked, as others proposed."""
    return many(model_admin, request, queryset, name="confirm")


@admin.action(permissions=["moderate"], description=_("Decline the proposals"))
def decline_selected(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Leave what is ticked pending."""
    return many(model_admin, request, queryset, name="decline")


@admin.action(permissions=["moderate"], description=_("Return to the queue"))
def restore_selected(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Undo the decisions on what is ticked."""
    return many(model_admin, request, queryset, name="restore")
