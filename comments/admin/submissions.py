"""The moderation queue and the page of one submission."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from comments import moderation, roles
from comments.admin import (
    answers,
    appeals,
    attachments,
    campaigns,
    covering,
    decisions,
    desk_form,
    erasures,
    exports,
    flags,
    imports,
    matrix,
    placing,
    queue,
    reading_page,
    readings,
    report,
    saved_views,
    tags,
    triage,
)
from comments.admin.base import SealedMixin, StaffAdmin, signed_in, ticked
from comments.models import Contact, Submission
from comments.models.submissions import SubmissionQuerySet


@admin.register(Submission)
class SubmissionAdmin(SealedMixin, StaffAdmin):
    """Read, decide, undo; the words themselves can't be changed, added or deleted by anybody."""

    actions = [
        decisions.publish_selected,
        decisions.reject_selected,
        decisions.restore_selected,
        decisions.confirm_selected,
        decisions.decline_selected,
        exports.export_selected,
    ]
    change_list_template = "admin/comments/submission/change_list.html"
    list_per_page = 25
    list_max_show_all = 25
    search_fields = ["reference"]

    def get_urls(self) -> list[URLPattern]:
        """Add the decisions, each POST only."""
        view = self.admin_site.admin_view
        own = [
            path(
                f"<int:pk>/{name}/",
                view(self.decide),
                {"name": name},
                name=f"comments_submission_{name}",
            )
            for name in decisions.DEEDS
        ]
        reveal = path("<int:pk>/contact/", view(self.reveal), name="comments_submission_contact")
        rooms = (
            answers,
            appeals,
            attachments,
            covering,
            campaigns,
            desk_form,
            erasures,
            exports,
            flags,
            imports,
            matrix,
            reading_page,
            report,
            placing,
            triage,
            saved_views,
            tags,
        )
        more = [address for room in rooms for address in room.urls(self)]
        return [*own, reveal, *more, *super().get_urls()]

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> SubmissionQuerySet:
        return roles.visible_submissions(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        return request.user.has_perm("comments.view_submission")

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Tell whether the user may decide; actions ask by this name."""
        return request.user.has_perm(roles.MODERATE)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Tell whether the user may export; actions ask by this name."""
        return request.user.has_perm(roles.EXPORT)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        # Every parameter that we take is a field of the form; a raw lookup could probe hidden columns.
        return False

    # The queue

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return queue.QueueList

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return queue.ordering(request)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the decisions that what is listed allows."""
        status = queue.status_shown(request)
        return {
            name: action
            for name, action in super().get_actions(request).items()
            if decisions.is_offered(name, status, is_of_two=queue.is_of_two(request))
        }

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Leave out what is ticked and can't be the key of a row: Django would fail on it."""
        posted = request.POST.copy()
        posted.setlist(ACTION_CHECKBOX_NAME, ticked(request))
        request.POST = cast("Any", posted)
        return super().response_action(request, *args, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[SubmissionQuerySet, bool]:
        return queue.search(queryset, search_term, signed_in(request)), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the queue."""
        extra = {
            "title": _("Opinions"),
            "may_moderate": self.has_moderate_permission(request),
            "sees_every_status": roles.sees_every_status(request.user),
            "saved_views": saved_views.of(signed_in(request), request),
            "save_form": saved_views.SaveForm(owner=signed_in(request)),
            "query": request.GET.urlencode(),
            "may_tag": request.user.has_perm(roles.TAG),
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    # One submission

    def context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        """Return what every page of ours needs."""
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            "may_moderate": self.has_moderate_permission(request),
            **more,
        }

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one submission; it is never changed here."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        submission = self.get_object(request, unquote(object_id))
        if submission is None:
            raise Http404
        return self.page(request, submission)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the history on the page itself."""
        address = reverse("admin:comments_submission_change", args=[object_id])
        return redirect(f"{address}#history")

    def page(self, request: HttpRequest, submission: Submission, **more: Any) -> HttpResponse:
        """Draw the page of a submission: words, facts, decisions, history."""
        may_see_events = request.user.has_perm(roles.SEE_EVENTS)
        events = submission.events.select_related("actor", "reason", "proposer").prefetch_related(
            "redactions"
        )
        labelled = Submission.everything.with_labels().get(pk=submission.pk)
        (reading,) = readings.of([labelled], user=signed_in(request))
        allowed = {
            name
            for name, (states, _to) in moderation.DECISIONS.items()
            if submission.status in states and submission.is_kept
        }
        context = self.context(
            request,
            title=submission.reference,
            submission=labelled,
            reading=reading,
            redact_form=covering.RedactForm(reading=reading),
            files=attachments.of(submission, request),
            file_form=attachments.FileForm(auto_id=False),
            may_redact=self.has_moderate_permission(request) and labelled.status in moderation.REDACTABLE,
            split_form=campaigns.SplitForm(),
            events=placing.told(events.order_by("pk")) if may_see_events else None,
            sees_every_status=roles.sees_every_status(request.user),
            allowed=allowed,
            may_reveal=request.user.has_perm(roles.REVEAL),
            erase_form=erasures.EraseForm(submission=submission),
            may_erase=request.user.has_perm(roles.ERASE) and submission.is_kept,
            has_contact=Contact.objects.filter(submission=submission).exists(),
            reject_form=decisions.RejectForm(),
            ask_form=decisions.AskForm(auto_id="ask_%s"),
            reveal_form=decisions.RevealForm(),
            **(placing.context(labelled) if self.has_moderate_permission(request) else {}),
            **answers.context(request, submission),
            **flags.context(submission, may_moderate=self.has_moderate_permission(request)),
            **tags.context(request, [labelled]),
        )
        return TemplateResponse(request, "admin/comments/submission/detail.html", context | more)

    def decide(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Take one decision and go back to the queue; a stale one is told on the page itself."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        submission = get_object_or_404(self.get_queryset(request).to_decide(), pk=pk)
        form, decide = decisions.decision(request, name)
        is_valid = form.is_valid()
        if name == "reject" and not (is_valid and "confirm" in request.POST):
            return decisions.ask_for_reason(self, request, [submission], form)
        if name == "ask" and not is_valid:
            return self.page(request, submission, ask_form=form)
        outcome = decisions.apply(request, [submission], decide) if is_valid else decisions.Outcome()
        decisions.report(request, outcome, form.errors)
        page = "changelist" if outcome.done else "change"
        address = reverse(f"admin:comments_submission_{page}", args=[] if outcome.done else [pk])
        return redirect(add_preserved_filters(self.context(request), address))

    def reveal(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the contact details on this one response, having logged who asked and why."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(roles.REVEAL):
            raise PermissionDenied
        submission = get_object_or_404(self.get_queryset(request), pk=pk)
        form = decisions.RevealForm(request.POST)
        if not form.is_valid():
            return self.page(request, submission, reveal_form=form)
        contact = moderation.reveal_contact(
            submission, actor=signed_in(request), reason=form.cleaned_data["why"]
        )
        response = self.page(request, submission, contact=contact, is_revealed=True)
        response.headers["Cache-Control"] = "no-store"
        return response
