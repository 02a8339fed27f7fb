"""What caches may keep of the public pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
    set_response_etag,
)
from django.utils.text import compress_string

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]
Cached = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


def public(max_age: int) -> Callable[[View[Arguments]], Cached[Arguments]]:
    """Let anybody keep a page for `max_age` seconds, and answer 304 to whoever has it as it is.

    Only a page that says the same to everybody is kept: one that draws a form's token, or sets a cookie,
    and every error goes out as it came. What is kept is packed, too: it holds no secret.
    """

    def decorate(view: View[Arguments]) -> Cached[Arguments]:
        @wraps(view)
        def answer(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            if response.status_code != 200 or _is_personal(request, response):
                return response
            patch_cache_control(response, public=True, max_age=max_age)
            set_response_etag(response)
            # Weak: it stands for the page, however that is packed.
            response["ETag"] = f"W/{response['ETag']}"
            patch_vary_headers(response, ["Accept-Encoding"])
            known = get_conditional_response(request, etag=response["ETag"], response=response)
            return known if known and known is not response else packed(request, response)

        return answer

    return decorate


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    return bool(response.cookies) or request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)


def packed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Compress what goes to a browser that can open it.

    Never a page that holds a lasting secret beside something a stranger can choose: its size would betray it.
    """
    patch_vary_headers(response, ["Accept-Encoding"])
    if _GZIP.search(request.headers.get("Accept-Encoding", "")):
        response.content = compress_string(response.content)
        response["Content-Encoding"] = "gzip"
    return response
