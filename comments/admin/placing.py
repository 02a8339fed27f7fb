"""On the page of a submission and one by one: put it with another goal, mark its language, join a campaign, note."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import answering, campaigns, moderation, placing, references
from comments.admin import decisions
from comments.admin.base import signed_in
from comments.admin.queue import LANGUAGES
from comments.forms import choices
from comments.forms.fields import RowField, row_field
from comments.intake import check_storable
from comments.models import Campaign, DevelopmentGoal, Submission, SubmissionEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from comments.admin.submissions import SubmissionAdmin

Kind = SubmissionEvent.Kind
WHOLE_PLAN = gettext_lazy("The plan as a whole")
SAME = gettext_lazy("It stands there already.")
UNKNOWN = gettext_lazy("No opinion or campaign of this plan has this number.")
# A key of a row fits; more digits would overflow.
_CAMPAIGN = re.compile(r"[0-9]{2}-([0-9]{1,18})")


class PlacingForm(forms.Form):
    """What a page shows of one thing in `was`, and what is to take its place."""

    use_required_attribute = False
    was = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    column = ""

    def __init__(self, data: Any = None, *, submission: Submission) -> None:
        super().__init__(data, auto_id=f"{self.column}_%s")
        self.submission = submission
        self.fields["was"].initial = self.now

    @property
    def now(self) -> str:
        """Return how it stands, in a form in which a page can carry it."""
        return str(getattr(self.submission, self.column) or "")

    @property
    def is_stale(self) -> bool:
        """Tell whether it has changed since the page was drawn."""
        return str(self.data.get("was", "")) != self.now

    def carry_out(self, row: Submission, actor: User) -> str:
        """Do it, and return what to tell. Raises ValueError, StaleDecisionError, StaleGroupError."""
        raise NotImplementedError


class GoalForm(PlacingForm):
    """Another goal of its plan, or the plan as a whole."""

    column = "goal_id"
    goal = RowField(label=gettext_lazy("Development goal"), required=False)
    note = decisions.NoteField(label=gettext_lazy("Note"))

    def __init__(self, data: Any = None, *, submission: Submission) -> None:
        super().__init__(data, submission=submission)
        row_field(self, "goal").offer(choices.goals(submission.plan), empty=WHOLE_PLAN)
        self.fields["goal"].initial = submission.goal.code if submission.goal else ""

    def clean_goal(self) -> DevelopmentGoal | None:
        """Return the goal; the one that it has is refused."""
        goal: DevelopmentGoal | None = self.cleaned_data["goal"]
        if goal == self.submission.goal:
            raise ValidationError(SAME)
        return goal

    def carry_out(self, row: Submission, actor: User) -> str:
        """Put it with the goal."""
        goal = self.cleaned_data["goal"]
        placing.move(row, goal, actor=actor, note=self.cleaned_data["note"])
        return _("%(reference)s now counts with: %(goal)s") % {
            "reference": row.reference,
            "goal": goal or WHOLE_PLAN,
        }


class LanguageForm(PlacingForm):
    """The language that the words are in."""

    column = "language"
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES.items())

    def __init__(self, data: Any = None, *, submission: Submission) -> None:
        super().__init__(data, submission=submission)
        self.fields["language"].initial = submission.language

    def clean_language(self) -> str:
        """Return the language; the one that it is marked with is refused."""
        language: str = self.cleaned_data["language"]
        if language == self.submission.language:
            raise ValidationError(SAME)
        return language

    def carry_out(self, row: Submission, actor: User) -> str:
        """Mark it."""
        placing.mark_language(row, self.cleaned_data["language"], actor=actor)
        return _("The language of %s is marked.") % row.reference


class JoinForm(PlacingForm):
    """The number of a campaign, or the reference of an opinion that says the same."""

    column = "campaign_id"
    to = forms.CharField(
        label=gettext_lazy("Number of a campaign, or of an opinion that says the same"),
        max_length=40,
        validators=[check_storable],
        error_messages={"required": gettext_lazy("Please give a number.")},
    )
    note = decisions.NoteField(label=gettext_lazy("Note"))

    def clean_to(self) -> Campaign | Submission:
        """Return what it is to be put with, of the same plan."""
        typed: str = self.cleaned_data["to"]
        found = self._find(typed)
        if found is None:
            raise ValidationError(UNKNOWN)
        campaign = found if isinstance(found, Campaign) else found.campaign
        if found == self.submission or (campaign and campaign == self.submission.campaign):
            raise ValidationError(SAME)
        return found

    def _find(self, typed: str) -> Campaign | Submission | None:
        plan = self.submission.plan_id
        if match := _CAMPAIGN.fullmatch(typed):
            found = Campaign.objects.filter(pk=match[1], plan=plan, members__isnull=False).first()
            return found if str(found) == typed else None
        try:
            reference = references.parse(typed)
        except ValueError:
            return None
        return Submission.objects.kept().filter(plan=plan, reference=reference).first()

    def carry_out(self, row: Submission, actor: User) -> str:
        """Put it there, and tell its author of the answer that its campaign has."""
        campaigns.add(row, self.cleaned_data["to"], actor=actor, note=self.cleaned_data["note"])
        answering.catch_up(row)
        return _("%(reference)s now belongs to campaign %(campaign)s.") % {
            "reference": row.reference,
            "campaign": row.campaign,
        }


class WordForm(forms.Form):
    """A note for colleagues."""

    use_required_attribute = False
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"),
        max_length=2_000,
        validators=[check_storable],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Staff alone read it. It stays: it can't be changed or taken back."),
        error_messages={"required": gettext_lazy("Please write something.")},
    )
    is_stale = False

    def __init__(self, data: Any = None, *, submission: Submission) -> None:
        super().__init__(data, auto_id="word_%s")
        self.submission = submission

    def carry_out(self, row: Submission, actor: User) -> str:
        """Keep the note."""
        placing.note(row, self.cleaned_data["note"], actor=actor)
        return _("The note is kept with %s.") % row.reference


FORMS: dict[str, type[PlacingForm] | type[WordForm]] = {
    "move": GoalForm,
    "language": LanguageForm,
    "join": JoinForm,
    "note": WordForm,
}


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the address of each deed, POST only."""

    def address(name: str) -> URLPattern:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            return place(request, model_admin, pk, name)

        wrapped = model_admin.admin_site.admin_view(view)
        return path(f"<int:pk>/{name}/", wrapped, name=f"comments_submission_{name}")

    return [address(name) for name in FORMS]


def context(submission: Submission) -> dict[str, Any]:
    """Return the forms that a page of `submission` holds; an erased one has none, a reply stays where it is."""
    if not submission.is_kept:
        return {}
    offered = ("language", "note") if submission.parent_id else FORMS
    return {f"{name}_form": FORMS[name](submission=submission) for name in offered}


def place(request: HttpRequest, model_admin: SubmissionAdmin, pk: int, name: str) -> HttpResponse:
    """Do one of the deeds, if the page showed how things stand, and go back to where it came from."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not model_admin.has_moderate_permission(request):
        raise PermissionDenied
    rows = model_admin.get_queryset(request).select_related("plan", "goal", "campaign")
    submission = get_object_or_404(rows, pk=pk)
    form = FORMS[name](request.POST, submission=submission)
    if form.is_stale:
        messages.error(request, decisions.STALE % submission.reference)
    elif not form.is_valid():
        return model_admin.page(request, submission, **{f"{name}_form": form})
    else:
        try:
            messages.success(request, form.carry_out(submission, signed_in(request)))
        except (ValueError, moderation.StaleDecisionError, campaigns.StaleGroupError):
            messages.error(request, decisions.STALE % submission.reference)
    if request.POST.get("back") == "triage":
        query = request.GET.urlencode()
        return redirect(f"{reverse('admin:comments_submission_triage')}{'?' * bool(query)}{query}#item")
    address = reverse("admin:comments_submission_change", args=[pk])
    return redirect(add_preserved_filters(model_admin.context(request), address))


def told(events: Iterable[SubmissionEvent]) -> list[tuple[SubmissionEvent, str, str]]:
    """Return each event with what it changed from and to, for people; nothing where it changed nothing of the kind."""
    found = list(events)
    codes = {code for event in found if event.kind == Kind.MOVED for code in (event.before, event.after)}
    goals = {row.code: str(row) for row in DevelopmentGoal.objects.filter(code__in=codes)} if codes else {}

    def say(event: SubmissionEvent, code: str) -> str:
        match event.kind:
            case Kind.MOVED:
                return goals.get(code, code) or str(WHOLE_PLAN)
            case Kind.LANGUAGE_MARKED:
                return str(LANGUAGES.get(code, code))
            case Kind.JOINED:
                return code or _("no campaign")
        return ""

    return [(event, say(event, event.before), say(event, event.after)) for event in found]


def notes(submission: Submission) -> list[SubmissionEvent]:
    """Return the notes that colleagues left, the newest first."""
    left = submission.events.filter(kind=Kind.NOTED).select_related("actor")
    return list(left.order_by("-pk"))
