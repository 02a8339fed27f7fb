"""Draft answers and approved ones among the staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import answering, roles, tally
from comments.admin.answers import NOT_PUBLISHED, AnswerForm, draw
from comments.admin.base import SealedMixin, StaffAdmin, moment_column, signed_in
from comments.models import Answer, AnswerDraft

if TYPE_CHECKING:
    from django.contrib.auth.models import User

STALE = gettext_lazy("Not done: the draft was changed, approved or discarded in the meantime.")
UNSAVED = gettext_lazy("Not approved: you have changed the draft. Save it, or load the page again, first.")
SAME_PERSON = gettext_lazy("You wrote this answer; somebody else has to approve it.")
NOT_DONE: dict[type[Exception], Any] = {
    answering.StaleDraftError: STALE,
    answering.SamePersonError: SAME_PERSON,
    answering.NotPublishedError: NOT_PUBLISHED,
}


@admin.display(description=gettext_lazy("answers"))
def target_column(row: AnswerDraft | Answer) -> str:
    """Name the opinion, the campaign or the theme that a row answers."""
    if row.theme:
        named = _("Theme %s") % row.theme
        return f"{named} · {row.goal.code}" if row.goal else named
    return row.submission.reference if row.submission else _("Campaign %s") % row.campaign


@admin.display(description=gettext_lazy("written by"))
def author_column(row: AnswerDraft | Answer) -> SafeString:
    """Name who wrote a row."""
    return format_html("<bdi>{}</bdi>", row.author.get_full_name() or row.author.get_username())


@admin.register(AnswerDraft)
class AnswerDraftAdmin(SealedMixin, StaffAdmin):
    """Drafts that wait: the staff of an office see its own, who approves sees all."""

    list_display: Any = [
        target_column,
        "office",
        "outcome",
        author_column,
        moment_column("changed_at", gettext_lazy("last changed")),
    ]
    list_select_related = ["submission", "campaign__plan", "theme", "goal", "office", "author"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AnswerDraft]:
        return roles.visible_drafts(request.user).order_by("changed_at", "pk")

    def get_urls(self) -> list[URLPattern]:
        """Add approving and discarding, each POST only."""
        view = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/{name}/", view(self.decide), {"name": name}, name=f"comments_answerdraft_{name}")
            for name in ("approve", "discard")
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a draft, and save it from the version that the page showed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        user = signed_in(request)
        if request.method != "POST":
            initial = {name: getattr(row, name) for name in (*answering.CONTENT, "edition")}
            return self._draw(request, row, AnswerForm(user=user, initial=initial))
        if not _may_change(user, row):
            raise PermissionDenied
        form = AnswerForm(request.POST, user=user)
        if not form.is_valid():
            return self._draw(request, row, form)
        stored, row.edition = row.edition, form.cleaned_data["edition"] or 0
        try:
            answering.redraft(row, form.content, author=user)
        except answering.StaleDraftError:
            row.edition = stored
            # With the version as it stands now, what was typed can be saved over it, knowingly.
            form = AnswerForm(request.POST.copy() | {"edition": str(stored)}, user=user)
            form.add_error(
                None, _("Somebody else has changed this draft in the meantime; it stands beside yours.")
            )
            return self._draw(request, row, form, stands=row)
        messages.success(request, _("The draft is saved. Nobody outside the staff reads it."))
        return redirect("admin:comments_answerdraft_change", row.pk)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Refuse as the page itself does: a draft out of reach tells nothing of whether it exists."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def decide(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Approve or discard a draft as the page showed it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        user = signed_in(request)
        if not user.has_perm(roles.APPROVE if name == "approve" else roles.DRAFT):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if not _may_change(user, row):
            raise PermissionDenied
        if form := _unsaved(request, row):
            form.add_error(None, UNSAVED)
            return self._draw(request, row, form)
        row.edition = _edition(request)
        try:
            told = _DEEDS[name](row, user)
        except tuple(NOT_DONE) as error:
            messages.error(request, NOT_DONE[type(error)])
        else:
            messages.success(request, told)
        return redirect("admin:comments_answerdraft_changelist")

    def _draw(self, request: HttpRequest, row: AnswerDraft, form: AnswerForm, **more: Any) -> HttpResponse:
        user = signed_in(request)
        readable = roles.visible_submissions(user).filter(_answered_by(row)).order_by("pk")
        more |= {
            "draft": row,
            "theme": row.theme,
            "title": _("Draft answer to %s") % target_column(row),
            "may_change": _may_change(user, row),
            "may_approve": user.has_perm(roles.APPROVE),
            "has_to_be_another": not answering.may_approve(row, user),
            "reached": tally.count(row.reached()),
        }
        return draw(request, self, None if row.theme else readable.first(), form, **more)


def _answered_by(row: AnswerDraft) -> Any:
    return Q(campaign=row.campaign_id) if row.campaign_id else Q(answerdrafts=row)


def _may_change(user: User, row: AnswerDraft) -> bool:
    """Tell whether `user` may change a draft: who approves, any; else what it answers must fall to them, all of it."""
    return user.has_perm(roles.APPROVE) or roles.may_answer_all(user, row.reached())


def _edition(request: HttpRequest) -> int:
    """Return the version that the page showed; none has 0."""
    seen = request.POST.get("edition", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def _unsaved(request: HttpRequest, row: AnswerDraft) -> AnswerForm | None:
    """Return what was sent along to be approved, if it is not the draft as saved and shown."""
    if "text_th" not in request.POST or _edition(request) != row.edition:
        return None
    form = AnswerForm(request.POST, user=signed_in(request))
    as_saved = {name: getattr(row, name) for name in answering.CONTENT}
    return None if form.is_valid() and form.content == as_saved else form


def _approve(row: AnswerDraft, user: User) -> str:
    answer = answering.approve(row, approver=user)
    answering.spread(answer)
    return _("The answer is approved: everybody can read it.")


def _discard(row: AnswerDraft, _user: User) -> str:
    answering.discard(row)
    return _("The draft is discarded.")


_DEEDS = {"approve": _approve, "discard": _discard}


COLUMNS: list[Any] = [
    target_column,
    "office",
    "outcome",
    author_column,
    "approver",
    moment_column("approved_at", gettext_lazy("approved")),
]
SHOWN: list[Any] = [*COLUMNS, "text_th", "text_en", "replaces"]


@admin.register(Answer)
class AnswerAdmin(SealedMixin, StaffAdmin):
    """Approved answers, which never change; a correction is a newer one."""

    list_display = COLUMNS
    fields = SHOWN
    readonly_fields = SHOWN
    list_filter = ["outcome", ("office", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["submission", "campaign__plan", "theme", "goal", "office", "author", "approver"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        rows = Answer.objects.order_by("-pk")
        if roles.sees_every_status(request.user):
            return rows
        return rows.filter(office__in=roles.answering_offices(request.user))
