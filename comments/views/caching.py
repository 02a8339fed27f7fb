"""What caches may keep of the public pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from comments import remembering
from comments.views import keeping
from comments.views.packing import packed

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]
Cached = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


def public(max_age: int, *, heeds_arrivals: bool = True) -> Callable[[View[Arguments]], Cached[Arguments]]:
    """Let anybody keep a page for `max_age` seconds, and answer 304 to whoever has it as it is.

    Only a page that says the same to everybody is kept: one that draws a form's token, or sets a cookie,
    and every error goes out as it came. What is kept is packed, too: it holds no secret. The process keeps it, too,
    until something is changed that the public sees; what only came in doesn't alter a page that doesn't heed it.
    """

    def decorate(view: View[Arguments]) -> Cached[Arguments]:
        draw = remembers(view)

        @wraps(view)
        def answer(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponseBase:
            began, version = time.monotonic(), keeping.version_of(request)
            response = draw(request, *args, **kwargs)
            if response.status_code != 200 or _is_personal(request, response):
                return response
            patch_cache_control(response, public=True, max_age=max_age)
            # Weak: it stands for the page, however that is packed.
            response["ETag"] = f'W/"{sha256(response.content).hexdigest()}"'
            patch_vary_headers(response, ["Accept-Encoding"])
            if version:
                keeping.keep(request, keeping.Note(began, version, max_age, heeds_arrivals))
                return packed(request, response)
            known = get_conditional_response(request, etag=response["ETag"], response=response)
            return known if known and known is not response else packed(request, response)

        return answer

    return decorate


def remembers(view: View[Arguments]) -> View[Arguments]:
    """Let a view draw with what the process remembers, where none of it was changed."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        version = keeping.version_of(request)
        with remembering.at((version.frame, version.shown) if version else None):
            return view(request, *args, **kwargs)

    return answer


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    return bool(response.cookies) or request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
