"""What authors do from their receipt; each time with both keys, each time by POST."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comments import appeals, authoring, limits, mail, moderation
from comments.forms import AppealForm, CopyForm, EditForm, ReceiptForm, WishesForm
from comments.views import floods
from comments.views.receipts import contact_of, fresh, link_to, look_up, opened, state


def with_keys(
    deed: Callable[[HttpRequest, ReceiptForm], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let a deed be done only with both keys; anything else leads to the look-up."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(deed)
    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return redirect("receipt")
        keys = floods.keys(request)
        return deed(request, keys) if keys.is_valid() else look_up(request, keys)

    return view


@with_keys
def withdraw(request: HttpRequest, keys: ReceiptForm) -> HttpResponse:
    """Take an opinion back for its author."""
    submission = opened(keys)
    try:
        moderation.withdraw(submission)
    except moderation.StaleDecisionError:
        submission.refresh_from_db()
        return state(request, keys, notice="too_late", status=409)
    return state(request, keys, notice="withdrawn")


@with_keys
def edit(request: HttpRequest, keys: ReceiptForm) -> HttpResponse:
    """Put other words in the place of those that the page showed."""
    submission = opened(keys)
    form = EditForm(request.POST, submission=submission)
    if not form.is_valid():
        # After the time is over the form is not drawn any more, but what was typed is.
        return state(request, keys, edit_form=form, notice="" if submission.is_editable() else "typed")
    submission.edition, present = form.cleaned_data["edition"], submission.edition
    try:
        is_new = authoring.edit(submission, form.cleaned_data["body"])
    except authoring.StaleEditError:
        submission.refresh_from_db()
        # A second press is meant for the words that stand now.
        again = EditForm(submission=submission, typed=form.cleaned_data["body"])
        return state(request, keys, edit_form=again, notice="typed", status=409)
    submission.refresh_from_db()
    # The same form once more finds its own words: that is no failure.
    was_sent_before = form.cleaned_data["edition"] < present
    return state(request, keys, notice="edited" if is_new or was_sent_before else "unchanged")


@with_keys
def appeal(request: HttpRequest, keys: ReceiptForm) -> HttpResponse:
    """Keep what its author says against a rejection."""
    submission = opened(keys)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return state(request, keys, appeal_form=form, notice="" if appeals.can_appeal(submission) else "late")
    try:
        appeals.lodge(submission, form.cleaned_data["body"])
    except appeals.NotAppealableError:
        submission.refresh_from_db()
        return state(request, keys, appeal_form=form, notice="late", status=409)
    submission.refresh_from_db()
    return state(request, keys, notice="appealed")


@with_keys
def wishes(request: HttpRequest, keys: ReceiptForm) -> HttpResponse:
    """Change how to reach the author, and whether there shall be news."""
    submission = opened(keys)
    form = WishesForm(request.POST, contact=contact_of(submission))
    if not form.is_valid():
        return state(request, keys, wishes_form=form)
    try:
        authoring.change_wishes(
            submission,
            email=form.cleaned_data["email"],
            phone=form.cleaned_data["phone"],
            wants_updates=form.cleaned_data["consent_updates"],
        )
    except authoring.StaleEditError:
        submission.refresh_from_db()
        return state(request, keys, notice="erased", status=409)
    return state(request, keys, notice="wishes")


@with_keys
def erasure(request: HttpRequest, keys: ReceiptForm) -> HttpResponse:
    """Note that the author wants words and contact details erased."""
    submission = opened(keys)
    try:
        authoring.ask_for_erasure(submission)
    except moderation.StaleDecisionError:
        submission.refresh_from_db()
        return state(request, keys, notice="too_late", status=409)
    submission.refresh_from_db()
    return state(request, keys, notice="erasure")


@with_keys
def copy(request: HttpRequest, keys: ReceiptForm) -> HttpResponse:
    """Send both codes by e-mail, because their owner asks for it; whatever fails, they stay on the page."""
    if not settings.SENDS_EMAIL:
        raise Http404("no e-mail is sent")
    submission, secret = opened(keys), keys.cleaned_data["secret"]
    form = CopyForm(request.POST, contact=contact_of(submission))
    if not form.is_valid():
        return fresh(request, submission, secret, copy_form=form)
    try:
        mail.send_receipt(
            submission, secret, to=form.cleaned_data["email"], link=link_to(request, submission)
        )
    except limits.TooManyTriesError as error:
        response = fresh(request, submission, secret, copy_form=form, notice="copied_often", status=429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    except mail.NotSentError:
        return fresh(request, submission, secret, copy_form=form, notice="not_copied", status=503)
    return fresh(request, submission, secret, notice="copied")
