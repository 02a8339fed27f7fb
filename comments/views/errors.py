"""What a person sees when something is wrong, in the language of the address."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from comments.forms import SubmissionForm
from comments.views import flags, receipts, replies, submit, uploads

# The token as well: the same one is good for a second try.
_GIVEN_BACK = ("csrfmiddlewaretoken", "review", *SubmissionForm.base_fields)
_REDRAWN = {
    "submit": submit.redraw_without_token,
    "reply": replies.redraw_without_token,
    "flag": flags.redraw_without_token,
    "receipt": receipts.redraw_without_token,
    "receipt_withdraw": receipts.redraw_without_token,
    "receipt_edit": receipts.redraw_without_token,
    "receipt_appeal": receipts.redraw_without_token,
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
    """Answer 500 from a page that needs no database, no request and no collected static files.

    It gives back what was typed into the form of the citizen, ready to be sent again.
    """
    with translation.override(_language(request)):
        context = {"typed": _typed(request), "action": request.path}
        response = HttpResponse(loader.render_to_string("errors/500.html", context), status=500)
    add_never_cache_headers(response)
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    if request.method != "POST" or request.path.removeprefix("/en") != "/submit/":
        return []
    try:
        return [(name, request.POST[name]) for name in _GIVEN_BACK if request.POST.get(name)]
    # Whatever keeps it from being read, this is the last page that can answer.
    except Exception:  # noqa: BLE001
        return []


def _show(request: HttpRequest, status: int) -> HttpResponse:
    # An error outside the middleware that reads the address comes before a language is set.
    with translation.override(_language(request)):
        return render(request, f"errors/{status}.html", status=status)


def _language(request: HttpRequest) -> str:
    return "en" if request.path == "/en" or request.path.startswith("/en/") else "th"
