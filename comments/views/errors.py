"""What a person sees when something is wrong, in the language of the address."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation

from comments.views import receipts, replies, submit, uploads

_REDRAWN = {
    "submit": submit.redraw_without_token,
    "reply": replies.redraw_without_token,
    "receipt": receipts.redraw_without_token,
    "receipt_withdraw": receipts.redraw_without_token,
    "receipt_edit": receipts.redraw_without_token,
    "receipt_wishes": receipts.redraw_without_token,
    "receipt_erasure": receipts.redraw_without_token,
    "receipt_copy": receipts.redraw_without_token,
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 413 to more than we read, 400 to anything else that makes no sense."""
    if not isinstance(exception, RequestDataTooBig):
        return _show(request, 400)
    uploads.discard(request)
    return _show(request, 413)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return _show(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    return _show(request, 404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer 429."""
    return _show(request, 429)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Give what a citizen typed back with a fresh token; answer 403 anywhere else."""
    redraw = _REDRAWN.get(request.resolver_match.view_name if request.resolver_match else "")
    return redraw(request) if redraw else _show(request, 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 from a page that needs no database, no request and no collected static files."""
    with translation.override(_language(request)):
        return HttpResponse(loader.render_to_string("errors/500.html"), status=500)


def _show(request: HttpRequest, status: int) -> HttpResponse:
    # An error outside the middleware that reads the address comes before a language is set.
    with translation.override(_language(request)):
        return render(request, f"errors/{status}.html", status=status)


def _language(request: HttpRequest) -> str:
    return "en" if request.path == "/en" or request.path.startswith("/en/") else "th"
