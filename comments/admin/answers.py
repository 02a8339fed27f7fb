"""On the page of an opinion among the staff: give it to an office, and begin an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import answering, roles, tally
from comments.admin import readings
from comments.admin.base import StaffAdmin, signed_in
from comments.intake import check_storable
from comments.models import Agency, Answer, AnswerDraft, Campaign, Submission
from comments.models.answers import to_the_theme_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from comments.admin.submissions import SubmissionAdmin

NOT_PUBLISHED = gettext_lazy("Not done: the public can no longer read the opinion.")
_LONGEST = 4_000


class AnswerForm(forms.Form):
    """What an answer says, in whose name, and whether to one or to all who say the same."""

    use_required_attribute = False

    office = forms.ModelChoiceField(Agency.objects.none(), label=gettext_lazy("Responsible agency"))
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=Answer.Outcome.choices, widget=forms.RadioSelect
    )
    text_th = forms.CharField(
        label=gettext_lazy("Answer (Thai)"),
        max_length=_LONGEST,
        validators=[check_storable],
        widget=forms.Textarea(attrs={"rows": 6, "lang": "th"}),
        help_text=gettext_lazy(
            "Everybody reads it once it is approved. Give the reason, and no personal data."
        ),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Answer (English)"),
        max_length=_LONGEST,
        required=False,
        validators=[check_storable],
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
    )
    to_campaign = forms.BooleanField(label="", required=False)
    edition = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, user: User, campaign: Campaign | None = None, **more: Any
    ) -> None:
        super().__init__(data, auto_id="answer_%s", **more)
        office: Any = self.fields["office"]
        office.queryset = roles.answering_offices(user)
        if campaign is None:
            del self.fields["to_campaign"]
        else:
            members = tally.count(Submission.objects.published().filter(campaign=campaign))
            self.fields["to_campaign"].label = _("One answer to all %d who say the same") % members

    @property
    def content(self) -> dict[str, object]:
        """Return what the answer says; the form must be valid."""
        return {name: self.cleaned_data[name] for name in answering.CONTENT}


class AssignForm(forms.Form):
    """Which office an opinion falls to."""

    office = forms.ModelChoiceField(
        Agency.objects.all(),
        label=gettext_lazy("Responsible agency"),
        required=False,
        empty_label=gettext_lazy("The lead office of the goal"),
    )


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the addresses, below an opinion, to draft an answer and to give it to an office."""
    pages = {"answer": begin, "assign": assign}

    def address(name: str) -> URLPattern:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            return pages[name](request, model_admin, pk)

        wrapped = model_admin.admin_site.admin_view(view)
        return path(f"<int:pk>/{name}/", wrapped, name=f"comments_submission_{name}")

    return [address(name) for name in pages]


def context(request: HttpRequest, submission: Submission) -> dict[str, Any]:
    """Return what the page of an opinion shows of its office, its answer and the drafts of it."""
    user = signed_in(request)
    drafts = roles.visible_drafts(user).filter(_to(submission)).select_related("office", "author")
    given = getattr(submission, "assignment", None)
    return {
        "office": answering.office_of(submission),
        "answer": answering.answer_to(submission),
        "drafts": drafts,
        "may_draft": roles.answerable_submissions(user).filter(pk=submission.pk).exists(),
        "assign_form": AssignForm(initial={"office": given and given.office_id}, auto_id="assign_%s")
        if user.has_perm(roles.ASSIGN) and not submission.parent_id
        else None,
    }


def begin(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Draft an answer to an opinion, or to all who say the same."""
    user = signed_in(request)
    if not user.has_perm(roles.DRAFT):
        raise PermissionDenied
    submission = get_object_or_404(roles.answerable_submissions(user), pk=pk)
    campaign = submission.campaign
    if campaign and not roles.may_answer_campaign(user, campaign):
        campaign = None
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        user=user,
        campaign=campaign,
        initial={"office": answering.office_of(submission)},
    )
    if form.is_bound and form.is_valid():
        target = campaign if campaign and form.cleaned_data["to_campaign"] else submission
        try:
            draft = answering.draft(target, form.content, author=user)
        except answering.NotPublishedError:
            form.add_error(None, NOT_PUBLISHED)
        else:
            messages.success(request, _("The draft is saved. Nobody outside the staff reads it."))
            return redirect("admin:comments_answerdraft_change", draft.pk)
    return draw(request, model_admin, submission, form, title=_("Answer opinion %s") % submission.reference)


def assign(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Give an opinion to an office."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.has_perm(roles.ASSIGN):
        raise PermissionDenied
    submission = get_object_or_404(model_admin.get_queryset(request), pk=pk, parent=None)
    form = AssignForm(request.POST, auto_id="assign_%s")
    if not form.is_valid():
        return model_admin.page(request, submission, assign_form=form)
    if answering.assign(submission, form.cleaned_data["office"], actor=signed_in(request)):
        messages.success(request, _("%s now falls to another office.") % submission.reference)
    address = reverse("admin:comments_submission_change", args=[pk])
    return redirect(add_preserved_filters(model_admin.context(request), address))


def _to(submission: Submission) -> Any:
    found = Q(submission=submission) | to_the_theme_of(submission)
    return found | Q(campaign=submission.campaign_id) if submission.campaign_id else found


def draw(
    request: HttpRequest,
    model_admin: StaffAdmin,
    submission: Submission | None,
    form: AnswerForm,
    **more: Any,
) -> HttpResponse:
    """Draw the form beside the words that it answers."""
    labelled = Submission.objects.with_labels().filter(pk=submission.pk) if submission else []
    shown = readings.of(labelled, user=signed_in(request))
    page = {
        **model_admin.admin_site.each_context(request),
        "opts": AnswerDraft._meta,
        "submission": shown[0].submission if shown else None,
        "reading": shown[0] if shown else None,
        "form": form,
    }
    return TemplateResponse(request, "admin/comments/answerdraft/page.html", page | more)
