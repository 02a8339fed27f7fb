"""Appeals against rejections: the list of those that wait, and the page on which one is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from comments import appeals, moderation, roles, tally
from comments.admin import readings
from comments.admin.base import signed_in
from comments.admin.decisions import UNFIT
from comments.admin.readings import Reading
from comments.intake import check_storable
from comments.models import Appeal, Submission, SubmissionEvent

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin

MOST_SHOWN = 25
PUBLISH, QUEUE, UPHOLD = "publish", "queue", "uphold"
TOLD = {
    PUBLISH: _("Appeal granted; the opinion is published: %s"),
    QUEUE: _("Appeal granted; the opinion is back in the queue: %s"),
    UPHOLD: _("The decision stands, and its author reads why: %s"),
}
STALE = _("Not decided: a colleague was faster, or the opinion is no longer withheld.")
TOOK_PART = _("You took part in this decision, so somebody else decides on the appeal.")


class DecideForm(forms.Form):
    """What comes of an appeal, and what its author reads."""

    use_required_attribute = False

    # The one that the page showed: after one that was granted its author may have lodged another.
    appeal = forms.CharField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Decision on the appeal"),
        choices=[
            (PUBLISH, _("Grant it and publish the opinion")),
            (QUEUE, _("Grant it and return the opinion to the queue, to cover something first")),
            (UPHOLD, _("The decision stands; the opinion is not published")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose what comes of the appeal."),
            "invalid_choice": _("Please choose what comes of the appeal."),
        },
    )
    words = forms.CharField(
        label=_("Words to the author"),
        required=False,
        max_length=2_000,
        validators=[check_storable],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The author reads this on the receipt. Needed when the decision stands."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="appeal_%s")

    def clean(self) -> dict[str, Any]:
        """Ask for words where the author is owed a reason."""
        data = self.cleaned_data
        if data.get("outcome") == UPHOLD and "words" in data and not data["words"]:
            self.add_error("words", _("Please tell the author why the decision stands."))
        return data


@dataclass(frozen=True)
class Case:
    """An appeal with the opinion, how it was rejected, and whether the reader took part in that."""

    appeal: Appeal
    reading: Reading
    rejection: SubmissionEvent | None
    is_own: bool


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the addresses of the list and of one appeal."""

    def listed(request: HttpRequest) -> HttpResponse:
        return waiting(request, model_admin)

    def one(request: HttpRequest, pk: int) -> HttpResponse:
        return decide(request, model_admin, pk)

    view = model_admin.admin_site.admin_view
    return [
        path("appeals/", view(listed), name="comments_submission_appeals"),
        path("<int:pk>/appeal/", view(one), name="comments_submission_appeal"),
    ]


def waiting(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponse:
    """List the appeals that wait, the longest first."""
    if not model_admin.has_moderate_permission(request):
        raise PermissionDenied
    found = roles.visible_submissions(request.user).appealed()
    rows = list(found.with_labels().prefetch_related("appeals").order_by("appeals__at", "pk")[:MOST_SHOWN])
    count = tally.count(found)
    context = model_admin.context(
        request,
        title=_("Appeals"),
        cases=_cases(request, rows),
        count=count,
        not_shown=count - len(rows),
    )
    return TemplateResponse(request, "admin/comments/submission/appeals.html", context)


def decide(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Show one appeal, and decide on it; whatever stands in the way, the words to the author stay."""
    if not model_admin.has_moderate_permission(request):
        raise PermissionDenied
    rows = roles.visible_submissions(request.user).filter(appeals__isnull=False).distinct()
    row = get_object_or_404(rows.with_labels().prefetch_related("appeals__decided_by"), pk=pk)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _apply(_last_of(row), form, request)
        except appeals.TookPartError:
            form.add_error(None, TOOK_PART)
        except moderation.StaleDecisionError:
            form.add_error(None, STALE)
        except moderation.PersonalDataError:
            form.add_error("outcome", UNFIT % row.reference)
        else:
            messages.success(request, TOLD[form.cleaned_data["outcome"]] % row.reference)
            return redirect("admin:comments_submission_appeals")
        row = rows.with_labels().prefetch_related("appeals__decided_by").get(pk=pk)
    (case,) = _cases(request, [row])
    context = model_admin.context(request, title=_("Appeal"), case=case, submission=row, form=form)
    return TemplateResponse(request, "admin/comments/submission/appeal.html", context)


def _apply(appeal: Appeal, form: DecideForm, request: HttpRequest) -> None:
    if form.cleaned_data["appeal"] != str(appeal.pk):
        raise moderation.StaleDecisionError(appeal.submission.reference)
    outcome, words, actor = form.cleaned_data["outcome"], form.cleaned_data["words"], signed_in(request)
    if outcome == UPHOLD:
        appeals.uphold(appeal, actor=actor, words=words)
    else:
        appeals.grant(appeal, actor=actor, words=words, publishes=outcome == PUBLISH)


def _last_of(row: Submission) -> Appeal:
    return cast(Appeal, row.appeal)


def _cases(request: HttpRequest, rows: list[Submission]) -> list[Case]:
    user = signed_in(request)
    taking = appeals.took_part(rows)
    rejected = SubmissionEvent.objects.filter(submission__in=rows, kind=SubmissionEvent.Kind.REJECTED)
    last = {one.submission_id: one for one in rejected.select_related("reason", "actor").order_by("pk")}
    return [
        Case(_last_of(row), reading, last.get(row.pk), user.pk in taking.get(row.pk, ()))
        for row, reading in zip(rows, readings.of(rows, user=user), strict=True)
    ]
