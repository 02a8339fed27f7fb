"""What a load balancer asks."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comments import doctor

PLAIN = "text/plain; charset=utf-8"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process is up; the database is not asked."""
    return HttpResponse("ok\n", content_type=PLAIN)


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether requests can be served: 503 and the reason when they can't."""
    # For programs and their logs, in English whatever the pages speak.
    with translation.override("en"):
        reason = doctor.hindrance()
    if reason:
        return HttpResponse(f"{reason}\n", content_type=PLAIN, status=503)
    return HttpResponse("ready\n", content_type=PLAIN)
