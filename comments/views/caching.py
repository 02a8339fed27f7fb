"""What caches may keep of the public pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]
Cached = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


def public(max_age: int) -> Callable[[View[Arguments]], Cached[Arguments]]:
    """Let anybody keep a page for `max_age` seconds, and answer 304 to whoever has it as it is.

    Only a page that says the same to everybody is kept: one that draws a form's token, or sets a cookie,
    and every error goes out as it came.
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
            return get_conditional_response(request, etag=response["ETag"], response=response) or response

        return answer

    return decorate


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    return bool(response.cookies) or request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
