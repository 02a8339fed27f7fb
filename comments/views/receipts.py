"""What became of my words: the receipt, shown once, and the look-up with reference and secret."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comments import moderation
from comments.forms import ReceiptForm, told
from comments.intake import Receipt
from comments.models import Submission, SubmissionEvent
from comments.text import tone

COOKIE = "receipt"
_SALT = "comments.receipt.cookie"
_LIFETIME = 10 * 60
_TOLD = [
    SubmissionEvent.Kind.RECEIVED,
    SubmissionEvent.Kind.PUBLISHED,
    SubmissionEvent.Kind.REJECTED,
    SubmissionEvent.Kind.RESTORED,
    SubmissionEvent.Kind.WITHDRAWN,
]


class SeeOther(HttpResponseRedirect):
    """A redirect after a POST that every browser follows with GET."""

    status_code = 303


def hand_over(receipt: Receipt) -> HttpResponse:
    """Lead to the receipt page; the secret travels in a cookie, never in an address."""
    path = reverse("receipt")
    response = SeeOther(path)
    response.set_cookie(
        COOKIE,
        signing.dumps([receipt.submission.reference, receipt.secret], salt=_SALT),
        max_age=_LIFETIME,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Show the receipt that was just handed over, once; else look one up."""
    if request.method == "POST":
        form = ReceiptForm(request.POST)
        return _state(request, form) if form.is_valid() else _look_up(request, form)
    handed = _handed_over(request)
    if handed is None:
        return _look_up(request, ReceiptForm())
    submission, secret = handed
    context = {
        "submission": submission,
        "secret": secret,
        "told": told.findings(submission.body),
        "is_street_level": any(nudge.code == "street_level" for nudge in tone.nudges(submission.body)),
        "hides_language": True,
    }
    response = render(request, "receipts/new.html", context)
    response.delete_cookie(COOKIE, path=reverse("receipt"), samesite="Lax")
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take an opinion back for its author; an address without the keys leads to the look-up."""
    if request.method != "POST":
        return redirect("receipt")
    form = ReceiptForm(request.POST)
    if not form.is_valid() or form.submission is None:
        return _look_up(request, form)
    try:
        moderation.withdraw(form.submission)
    except moderation.StaleDecisionError:
        form.submission.refresh_from_db()
        return _state(request, form, notice="too_late", status=409)
    return _state(request, form, notice="withdrawn")


def redraw_without_token(request: HttpRequest) -> HttpResponse:
    """Give the typed keys back with a fresh token, after the old one was refused."""
    form = ReceiptForm(request.POST)
    form.add_error(None, _("The page had expired. Please press the button again."))
    return _look_up(request, form, status=403)


def _handed_over(request: HttpRequest) -> tuple[Submission, str] | None:
    try:
        reference, secret = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LIFETIME)
    except signing.BadSignature:
        return None
    submission = Submission.objects.filter(reference=reference).first()
    return (submission, secret) if submission else None


def _look_up(request: HttpRequest, form: ReceiptForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "hides_language": form.is_bound}
    return render(request, "receipts/look_up.html", context, status=status)


def _state(request: HttpRequest, form: ReceiptForm, *, notice: str = "", status: int = 200) -> HttpResponse:
    submission = form.submission
    assert submission is not None  # noqa: S101 - the form was valid
    context = {
        "submission": submission,
        "form": form,
        "events": submission.events.filter(kind__in=_TOLD).order_by("id"),
        "covered": moderation.redactions(submission),
        "can_withdraw": submission.status in moderation.DECISIONS[SubmissionEvent.Kind.WITHDRAWN][0],
        "notice": notice,
        "hides_language": True,
    }
    return render(request, "receipts/state.html", context, status=status)
