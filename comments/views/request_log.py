"""One line in the log for each request, and a number by which the citizen and we can speak of it."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from comments import logs
from comments.views import metrics

logger = logging.getLogger(__name__)
_NUMBER = re.compile(r"[0-9A-Za-z-]{8,64}\Z")
# They come every few seconds, and say nothing new.
_SILENT = frozenset({"healthz", "readyz", "metrics"})


class RequestLog:
    """Middleware, the outermost: count, time and note each request, without anything that was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Give the request its number, and note what became of it."""
        number = _number_of(request)
        token, began, counted = logs.current.set(number), time.perf_counter(), _Queries()
        try:
            with connection.execute_wrapper(counted):
                response = self.get_response(request)
            response.headers["X-Request-ID"] = number
            _note(request, response.status_code, time.perf_counter() - began, counted.number)
            return response
        finally:
            logs.current.reset(token)


class _Queries:
    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.number += 1
        return execute(*arguments)


def _number_of(request: HttpRequest) -> str:
    """Return the number that our proxy gave; anybody else could write into our log by it."""
    told = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
    return told if _NUMBER.match(told) else secrets.token_hex(8)


def _note(request: HttpRequest, status: int, seconds: float, queries: int) -> None:
    route = logs.route_of(request)
    # A static file, or a redirect to HTTPS: no page was asked for.
    if route == logs.NOWHERE and status < 400:
        return
    metrics.observe(request.method or "", route, status, seconds)
    facts = {
        "method": request.method if request.method in metrics.METHODS else "other",
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "queries": queries,
    }
    level = logging.DEBUG if route in _SILENT else logging.INFO
    said = "%(method)s %(route)s %(status)d %(ms).1f ms %(queries)d queries"
    logger.log(level, said, facts, extra={"facts": facts})
