"""A campaign among the staff: what its members share and add, one decision for many, taking one out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import campaigns, tally
from comments.admin import decisions, readings
from comments.admin.base import signed_in, ticked
from comments.intake import check_storable
from comments.models import Campaign, Submission
from comments.text import language, personal_data

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from comments.admin.submissions import SubmissionAdmin
    from comments.models.submissions import SubmissionQuerySet

# So many members are compared, shown and decided on at once, and no more once they have so many characters
# together: comparing takes up to 15 µs for each.
MOST_SHOWN = 200
MOST_COMPARED = 100_000
Status = Submission.Status


class SplitForm(forms.Form):
    """Why a submission does not belong to its campaign."""

    use_required_attribute = False

    why = forms.CharField(
        label=gettext_lazy("Why does it not belong there?"),
        max_length=500,
        validators=[check_storable],
        error_messages={
            "required": gettext_lazy(
                "Please say why it does not belong to the others. It is kept in the event log."
            )
        },
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="split_%s")


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the page of a campaign and its deeds, which are POST only."""

    def address(route: str, name: str, page: Callable[..., HttpResponse], **more: str) -> URLPattern:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            if not model_admin.has_moderate_permission(request):
                raise PermissionDenied
            return page(request, model_admin, pk, **more)

        return path(route, model_admin.admin_site.admin_view(view), name=f"comments_submission_{name}")

    return [
        address("campaign/<int:pk>/", "campaign", show),
        address("campaign/<int:pk>/publish/", "campaign_publish", decide, deed="publish"),
        address("campaign/<int:pk>/reject/", "campaign_reject", decide, deed="reject"),
        address("campaign/<int:pk>/confirm/", "campaign_confirm", decide, deed="confirm"),
        address("<int:pk>/split/", "split", split),
    ]


def show(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Show what the members share, what each adds, and how many stand where."""
    return _page(request, model_admin, get_object_or_404(Campaign, pk=pk), decisions.RejectForm())


def decide(request: HttpRequest, model_admin: SubmissionAdmin, pk: int, *, deed: str) -> HttpResponse:
    """Decide on each ticked member as the page showed it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    campaign = get_object_or_404(Campaign, pk=pk)
    keys = set(ticked(request))
    form, act = decisions.decision(request, deed)
    if deed == "reject" and not form.is_valid():
        return _page(request, model_admin, campaign, form)
    members = _members(model_admin, request, campaign).to_decide()
    rows = members.filter(pk__in=keys).order_by("received_at", "pk")
    outcome = decisions.apply(request, rows, act) if form.is_valid() else decisions.Outcome()
    decisions.report(request, outcome, form.errors)
    # Who has left the campaign, or was never in it, is not among the rows.
    missed = len(keys) - outcome.looked_at
    if not keys:
        messages.error(request, _("Nothing was ticked."))
    elif missed and form.is_valid():
        messages.error(request, _("%d of those ticked no longer belong to the campaign.") % missed)
    return redirect(_address(model_admin, request, "campaign", pk))


def split(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Take a submission out of its campaign for good, with a reason."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    submission = get_object_or_404(model_admin.get_queryset(request), pk=pk)
    form = SplitForm(request.POST)
    if not form.is_valid():
        return model_admin.page(request, submission, split_form=form)
    try:
        campaigns.split(submission, actor=signed_in(request), reason=form.cleaned_data["why"])
    except campaigns.NotAMemberError:
        messages.error(request, _("%s belongs to no campaign.") % submission.reference)
    else:
        messages.success(request, _("%s now stands on its own.") % submission.reference)
    return redirect(_address(model_admin, request, "change", pk))


def _page(
    request: HttpRequest, model_admin: SubmissionAdmin, campaign: Campaign, form: forms.Form
) -> HttpResponse:
    members = _members(model_admin, request, campaign)
    totals = tally.totals(members)
    common = campaigns.common_text(campaign)
    shown = readings.of(_shown(members), user=signed_in(request), common=common)
    # After an error the exceptions stay as they were made.
    chosen = set(ticked(request)) if form.is_bound else None
    context = model_admin.context(
        request,
        title=_("Campaign %s") % campaign,
        campaign=campaign,
        totals=totals,
        by_state=[(status.value, status.label, getattr(totals, status.value)) for status in Status],
        by_stance=_by_stance(members),
        common_language=language.detect(common),
        common=readings.pieces(common, [], personal_data.find(common)),
        members=[(reading, chosen is None or str(reading.submission.pk) in chosen) for reading in shown],
        to_decide=sum(reading.submission.status == Status.PENDING for reading in shown),
        is_proposed=any(is_for_another(reading, signed_in(request)) for reading in shown),
        not_shown=totals.received - len(shown),
        form=form,
    )
    return TemplateResponse(request, "admin/comments/submission/campaign.html", context)


def is_for_another(reading: readings.Reading, user: User) -> bool:
    """Tell whether somebody else proposed to withhold it, so that `user` can confirm."""
    event = reading.asked
    return bool(event and event.reason and event.actor_id != user.pk)


def _members(model_admin: SubmissionAdmin, request: HttpRequest, campaign: Campaign) -> SubmissionQuerySet:
    return model_admin.get_queryset(request).filter(campaign=campaign)


def _shown(members: QuerySet[Submission]) -> list[Submission]:
    """Return what waits for a decision, then the rest, as many as are shown; the first received first."""
    waiting = list(members.filter(status=Status.PENDING).order_by("pk")[:MOST_SHOWN])
    decided = members.exclude(status=Status.PENDING).order_by("pk")
    return fitting(waiting + list(decided[: MOST_SHOWN - len(waiting)]))


def fitting(rows: list[Submission]) -> list[Submission]:
    """Return as many of `rows` as can be compared while somebody waits, at least one."""
    lengths = accumulate(len(row.words) for row in rows)
    fits = sum(length <= MOST_COMPARED for length in lengths)
    return rows[: max(1, fits)]


def _by_stance(members: QuerySet[Submission]) -> list[tuple[str, int]]:
    counts = tally.stances(members)
    labels = [*Submission.Stance.choices, ("", _("not said"))]
    return [(str(label), counts[value]) for value, label in labels if value in counts]


def _address(model_admin: SubmissionAdmin, request: HttpRequest, page: str, pk: int) -> str:
    address = reverse(f"admin:comments_submission_{page}", args=[pk])
    return str(add_preserved_filters(model_admin.context(request), address))
