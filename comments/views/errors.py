"""What a person sees when something is wrong, in the language of the address."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from comments import logs
from comments.views import flags, outages, receipts, replies, submit, uploads

# The same token is good for a second try; without one nothing of the kind was typed.
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
# Seconds. What is too much passes sooner than what is broken.
_RETRY_OVERLOAD, _RETRY_OUTAGE = 5, 30
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
    """Answer 500 from a page that needs no database, no request and no collected static files; 503 in an outage.

    It gives back what was typed, ready to be sent again.
    """
    if outages.name(sys.exc_info()[1]):
        return unavailable(request)
    return _bare(request, 500)


def unavailable(request: HttpRequest, *, is_overload: bool = False) -> HttpResponse:
    """Answer 503 from a page that needs nothing either, with what was typed; in an overload nothing was begun."""
    response = _bare(request, 503, is_overload=is_overload)
    response.headers["Retry-After"] = str(_RETRY_OVERLOAD if is_overload else _RETRY_OUTAGE)
    return response


def _bare(request: HttpRequest, status: int, *, is_overload: bool = False) -> HttpResponse:
    context = {
        # By it we find in the log what went wrong.
        "reference": logs.current.get("") if status == 500 else "",
        "is_overload": is_overload,
        "typed": _typed(request),
        "had_files": bool(request.FILES) if request.method == "POST" else False,
        "action": request.get_full_path(),
        "again": request.get_full_path() if request.method in {"GET", "HEAD"} else "",
    }
    with translation.override(_language(request)):
        response = HttpResponse(loader.render_to_string(f"errors/{status}.html", context), status=status)
    add_never_cache_headers(response)
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return every field of a form of ours that was sent, but of none with a password in it."""
    if request.method != "POST":
        return []
    try:
        names = list(request.POST)
        if _TOKEN not in names or any("password" in name for name in names):
            return []
        return [(name, value) for name in names for value in request.POST.getlist(name)]
    # Whatever keeps it from being read, this is the last page that can answer.
    except Exception:  # noqa: BLE001
        return []


def _show(request: HttpRequest, status: int) -> HttpResponse:
    # An error outside the middleware that reads the address comes before a language is set.
    with translation.override(_language(request)):
        return render(request, f"errors/{status}.html", status=status)


def _language(request: HttpRequest) -> str:
    return "en" if request.path == "/en" or request.path.startswith("/en/") else "th"
