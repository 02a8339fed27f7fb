"""Who would have to wait too long is told to come again, with everything typed; so is who meets an outage."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase

from comments.views import errors, outages

# A load balancer has to hear from us while it lasts.
_ALWAYS = ("/healthz", "/readyz")
# Who has written something is kept waiting longer before they are refused than who reads.
_READERS_SHARE = 3
logger = logging.getLogger(__name__)


class Gate:
    """Middleware: answer 503 to a request that has waited too long, and when the machine can't serve.

    The server says in `consult.waited` how many seconds a request stood in line before anybody looked at it. Beyond what
    people wait for, an answer is work for nobody, and keeps the next ones waiting.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Read what is sent, to give it back where it can't be served, and because half a form is none."""
        sends = request.method == "POST"
        if sends:
            try:
                request.POST  # noqa: B018 - reading it is the deed
            except UnreadablePostError:
                return HttpResponse(status=400)
        most = settings.REQUESTS_WAIT_SECONDS / (1 if sends else _READERS_SHARE)
        if request.META.get("consult.waited", 0) > most and request.path not in _ALWAYS:
            return errors.unavailable(request, is_overload=True)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view that met an outage; leave our own mistakes to be logged."""
        if not (outage := outages.name(exception)):
            return None
        logger.warning("Answered 503: %s", outage)
        return errors.unavailable(request)
