"""Take forms that hold no token, because everybody gets the same page, only from pages of our own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from comments.views.errors import forbidden

View = Callable[..., HttpResponse]


def from_our_pages(view: View) -> View:
    """Refuse, with 403, a POST that the browser doesn't say a page of ours sent."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not _is_ours(request):
            # Raised, it would be logged with a traceback, with which anybody could fill the log.
            return forbidden(request)
        return view(request, *args, **kwargs)

    return guarded


def _is_ours(request: HttpRequest) -> bool:
    """Tell where the request comes from: no page can set these headers, only the browser.

    Browsers send the first over HTTPS; older ones, and all over plain HTTP, one of the others.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = request.headers.get("Origin") or _origin(request.headers.get("Referer", ""))
    own = f"{request.scheme}://{request.get_host()}"
    return origin in {own, *settings.CSRF_TRUSTED_ORIGINS}


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
