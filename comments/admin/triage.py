"""The triage view: one opinion after the other, each in one pair of hands, decided by a key or a touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from comments import leases, moderation, second_persons, tally
from comments.admin import covering, decisions, placing, queue, tags
from comments.admin.base import signed_in, ticked
from comments.admin.covering import RedactForm
from comments.admin.sitting import Sitting
from comments.admin.triage_item import Item, item_of, rows_of
from comments.models import Lease, RejectionReason, Submission, SubmissionEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from comments.admin.submissions import SubmissionAdmin
    from comments.models.submissions import SubmissionQuerySet

Kind = SubmissionEvent.Kind
UNDOABLE = (Kind.PUBLISHED, Kind.REJECTED, Kind.REJECTION_PROPOSED)
# What another person proposed.
PROPOSED = ("confirm", "decline")
DEEDS = ("publish", "reject", "ask", *PROPOSED)
# There are no more digits to press.
MOST_KEYS = 9
GONE = gettext_lazy(
    "Nothing was decided: this opinion had left your hands, because somebody else has it now or has decided. "
    "Here is the next one."
)
YOUR_NOTE = gettext_lazy("Your note was: “%s”")
UNDONE = ngettext_lazy(
    "Your last decision is undone; %d opinion awaits review again.",
    "Your last decision is undone; %d opinions await review again.",
)
COVERED = ngettext_lazy("Covered in %d opinion.", "Covered in %d opinions.")
View = Callable[[HttpRequest, "SubmissionAdmin"], HttpResponse]


class HandForm(forms.Form):
    """Which lease a page was drawn under."""

    token = forms.RegexField(r"\A[0-9a-f]{32}\Z")


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the page, which is GET only, and its deeds, which are POST only."""

    def address(route: str, name: str, view: View, method: str = "POST") -> URLPattern:
        def checked(request: HttpRequest) -> HttpResponse:
            if not model_admin.has_moderate_permission(request):
                raise PermissionDenied
            if request.method != method:
                return HttpResponseNotAllowed([method])
            return view(request, model_admin)

        return path(route, model_admin.admin_site.admin_view(checked), name=f"comments_submission_{name}")

    return [
        address("triage/", "triage", show, "GET"),
        address("triage/decide/", "triage_decide", decide),
        address("triage/cover/", "triage_cover", cover),
        address("triage/leave/", "triage_leave", leave),
        address("triage/undo/", "triage_undo", undo),
        address("triage/again/", "triage_again", again),
        address("triage/renew/", "triage_renew", renew),
    ]


def show(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponse:
    """Show what is in hand, else take the first that nobody has."""
    return _page(request, model_admin)


def decide(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponse:
    """Publish or withhold what is in hand, or leave it to a colleague, and go on to the next."""
    name = "reject" if "reason" in request.POST else request.POST.get("verdict", "publish")
    if name not in DEEDS:
        return HttpResponseBadRequest()
    form, act = decisions.decision(request, name)
    if not form.is_valid():
        return _page(request, model_admin, form=form)
    sitting, user = Sitting.of(request), signed_in(request)
    with transaction.atomic():
        lease = _in_hand(request)
        if lease is None:
            return _refused(request, form.cleaned_data["note"])
        rows = _ticked(request, lease, name)
        outcome = decisions.apply(request, rows, act)
        if rows and not outcome.unfit:
            leases.release(lease.token, holder=user)
    decisions.report(request, outcome, {})
    if not rows:
        messages.error(request, _("Nothing was ticked."))
    if outcome.stale and form.cleaned_data["note"]:
        messages.error(request, YOUR_NOTE % form.cleaned_data["note"])
    if outcome.done:
        sitting.count(lease.taken_at, [event.pk for event in outcome.done if event.kind in UNDOABLE])
        sitting.keep(request)
    return _next(request)


def cover(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponse:
    """Cover what is ticked in each opinion in hand; it stays in hand."""
    user = signed_in(request)
    lease = _in_hand(request)
    item = item_of(lease, user, request.POST) if lease else None
    if item is None:
        return _refused(request)
    # A campaign has a form for each member; that one of them changes nothing is no mistake.
    changed = [form for form in item.covers if not item.members or form.is_stale or form.is_valid()]
    if any(form.is_stale for form in changed):
        messages.error(request, decisions.STALE % item.submission.reference)
    elif not changed:
        messages.error(request, covering.NOTHING_CHANGES)
    elif not all(form.is_valid() for form in changed):
        return _page(request, model_admin, covers=item.covers)
    else:
        _cover(request, item, changed)
    return _next(request)


def leave(request: HttpRequest, _model_admin: SubmissionAdmin) -> HttpResponse:
    """Go on without a decision: set the item aside, or come back to it in the next round."""
    sitting, lease = Sitting.of(request), _in_hand(request)
    if lease:
        leave_it = sitting.set_aside if request.POST.get("how") == "skip" else sitting.pass_over
        leave_it(lease.submission_id)
        leases.release(lease.token, holder=signed_in(request))
        sitting.keep(request)
    return _next(request)


def undo(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponse:
    """Take the last decision of this sitting back, and take what it was about in hand again."""
    sitting, user = Sitting.of(request), signed_in(request)
    keys, sitting.undoable = sitting.undoable, []
    restored = []
    for event in SubmissionEvent.objects.filter(pk__in=keys, actor=user).order_by("pk"):
        if _is_undone(event, user):
            restored.append(event.submission_id)
        else:
            messages.error(request, decisions.STALE % event.submission.reference)
    if restored:
        messages.success(request, UNDONE % len(restored))
        sitting.decisions = max(0, sitting.decisions - 1)
        leases.release(sitting.token, holder=user)
        rows = model_admin.get_queryset(request).pending().filter(pk__in=restored).order_by("pk")
        lease = leases.take_first(rows, holder=user)
        sitting.token = lease.token if lease else ""
    sitting.keep(request)
    return _next(request)


def again(request: HttpRequest, _model_admin: SubmissionAdmin) -> HttpResponse:
    """Look again at what was set aside."""
    sitting = Sitting.of(request)
    sitting.skipped, sitting.passed = [], []
    sitting.keep(request)
    return _next(request)


def renew(request: HttpRequest, _model_admin: SubmissionAdmin) -> HttpResponse:
    """Hold on to what is in hand while somebody reads it; 409 when it is in other hands."""
    return HttpResponse(status=204 if _in_hand(request) else 409)


def _in_hand(request: HttpRequest) -> Lease | None:
    form = HandForm(request.POST)
    return leases.renew(form.cleaned_data["token"], holder=signed_in(request)) if form.is_valid() else None


def _ticked(request: HttpRequest, lease: Lease, name: str) -> list[Submission]:
    """Return what is ticked of what `lease` stands for; what nobody proposed can't be confirmed, and comes up right after."""
    keys = set(ticked(request))
    rows = rows_of(lease, signed_in(request)).to_decide().order_by("pk")
    return [
        row for row in rows if str(row.pk) in keys and (name not in PROPOSED or moderation.is_proposed(row))
    ]


def _refused(request: HttpRequest, note: str = "") -> HttpResponse:
    messages.error(request, GONE)
    if note:
        messages.error(request, YOUR_NOTE % note)
    return _next(request)


def _is_undone(event: SubmissionEvent, user: User) -> bool:
    """Take the decision of `event` back; tell whether that was still possible."""
    row = event.submission
    try:
        if event.kind == Kind.REJECTION_PROPOSED:
            return row.asked_id == event.pk and bool(second_persons.decline(row, actor=user))
        # Somebody may have restored it and decided the same again: that is not ours to undo.
        if row.events.filter(kind__in=moderation.DECISIONS).latest("pk") != event:
            return False
        moderation.restore(row, actor=user)
    except moderation.StaleDecisionError:
        return False
    return True


def _next(request: HttpRequest) -> HttpResponse:
    query = request.GET.urlencode()
    address = reverse("admin:comments_submission_triage")
    return redirect(f"{address}?{query}#item" if query else f"{address}#item")


def _cover(request: HttpRequest, item: Item, changed: list[RedactForm]) -> None:
    rows = {str(one.submission.pk): one.submission for one in item.all}
    done = 0
    for form in changed:
        row = rows[str(form.prefix)]
        try:
            moderation.redact(row, form.cleaned_data["spans"], actor=signed_in(request))
        except moderation.StaleDecisionError:
            messages.error(request, decisions.STALE % row.reference)
        else:
            done += 1
    if done:
        messages.success(request, COVERED % done)


def _chosen(
    request: HttpRequest, model_admin: SubmissionAdmin, form: queue.QueueFilter
) -> SubmissionQuerySet:
    """Return what waits and passes the filters of the queue; nothing for filters that can't be read."""
    rows = model_admin.get_queryset(request).pending()
    if not form.is_valid():
        return rows.none()
    rows = queue.search(rows & form.rows(), request.GET.get("q", ""), signed_in(request))
    return form.noticed(rows).not_asked_by(signed_in(request))


def _hold(request: HttpRequest, sitting: Sitting, rows: SubmissionQuerySet) -> Item | None:
    """Return what this sitting has in hand, if it is among `rows` in this order, else the first that is free."""
    user, query = signed_in(request), request.GET.urlencode()
    lease = leases.renew(sitting.token, holder=user) if sitting.token else None
    is_wanted = lease and sitting.query == query and rows_of(lease, user).filter(pk__in=rows).exists()
    if lease and is_wanted and (item := item_of(lease, user)):
        return item
    if lease:
        leases.release(lease.token, holder=user)
    texts = rows.one_of_each_campaign().order_by(*queue.ordering_of_texts(request, rows))
    lease = leases.take_first(texts, holder=user, without=[*sitting.skipped, *sitting.passed])
    if lease is None and sitting.passed:
        sitting.passed = []
        lease = leases.take_first(texts, holder=user, without=sitting.skipped)
    sitting.token, sitting.query = lease.token if lease else "", query
    return item_of(lease, user) if lease else None


def _page(
    request: HttpRequest,
    model_admin: SubmissionAdmin,
    *,
    form: forms.Form | None = None,
    covers: list[RedactForm] | None = None,
) -> HttpResponse:
    sitting, filters = Sitting.of(request), queue.QueueFilter(request.GET)
    rows = _chosen(request, model_admin, filters)
    item = _hold(request, sitting, rows)
    sitting.keep(request)
    reasons: Any = RejectionReason.objects.filter(is_active=True)
    context = model_admin.context(
        request,
        title=_("One by one"),
        item=item,
        form=form or decisions.RejectForm(),
        covers=covers or (item.covers if item else []),
        files=item.files(request) if item else [],
        reasons=[(n if n <= MOST_KEYS else "", reason) for n, reason in enumerate(reasons, start=1)],
        sitting=sitting,
        left=tally.heard(rows),
        waiting_since=rows.order_by("received_at").values_list("received_at", flat=True).first(),
        query=request.GET.urlencode(),
        filters=filters,
        orders=queue.orders(request),
        **tags.context(request, [one.submission for one in item.all] if item else []),
        **(placing.context(item.submission) if item else {}),
        notes=placing.notes(item.submission) if item else [],
    )
    return TemplateResponse(request, "admin/comments/submission/triage.html", context)
