"""Numbers for those who watch: `/metrics`, in the form of Prometheus, for whoever knows the token.

What is counted in requests lies in files that all processes share (`VAR_DIR/metrics`); what the database knows is asked
when somebody looks.
"""

from __future__ import annotations

import hmac
import os
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comments import doctor, tally

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


@cache
def _library() -> Any:
    """Return the library, told where to count; it is read only where somebody watches."""
    _directory().mkdir(mode=0o700, parents=True, exist_ok=True)
    # Read when it is imported: then each process counts into a file there.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_directory())
    import prometheus_client.multiprocess  # noqa: PLC0415

    return prometheus_client


def _directory() -> Path:
    return Path(settings.VAR_DIR) / "metrics"


@cache
def _kept() -> tuple[Any, Any]:
    """Return the counters of this process."""
    library = _library()
    registry = library.CollectorRegistry()
    count = library.Counter("consult_requests", "Requests", ["method", "route", "status"], registry=registry)
    time = library.Histogram(
        "consult_seconds", "Seconds to an answer", ["route"], buckets=SECONDS, registry=registry
    )
    return count, time


def begin() -> None:
    """Forget what processes before us counted: counters begin anew with the service."""
    if settings.METRICS_TOKEN:
        for file in _directory().glob("*.db"):
            file.unlink()


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request, where somebody watches."""
    if settings.METRICS_TOKEN:
        count, time = _kept()
        count.labels(method if method in METHODS else "other", route, status).inc()
        time.labels(route).observe(seconds)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer who sends `Authorization: Bearer` and the token; there is nothing here for anybody else."""
    told = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(
        told, f"Bearer {settings.METRICS_TOKEN}".encode()
    ):
        raise Http404
    library = _library()
    counted, asked = library.CollectorRegistry(), library.CollectorRegistry()
    library.multiprocess.MultiProcessCollector(counted, path=str(_directory()))
    _ask(library.Gauge, asked)
    text = library.generate_latest(counted) + library.generate_latest(asked)
    return HttpResponse(text, content_type=library.CONTENT_TYPE_LATEST)


def _ask(gauge: Any, registry: Any) -> None:
    """Ask the database what it knows, and put that into `registry`."""

    def tell(name: str, said: str, value: float) -> None:
        gauge(name, said, registry=registry).set(value)

    try:
        state = tally.watched(timezone.now())
    except DatabaseError:
        tell("consult_database_reachable", "Whether the database answers", 0)
        return
    tell("consult_database_reachable", "Whether the database answers", 1)
    tell("consult_ready", "Whether requests can be served", not doctor.hindrance())
    tell("consult_queue_oldest_seconds", "How long the first in the queue has waited", state.oldest_seconds)
    tell("consult_mail_waiting", "E-mails about answers that are due", state.mails_due)
    tell("consult_mail_given_up", "E-mails about answers that were given up", state.mails_given_up)
    tell("consult_exports_unfinished", "Large exports that are being made", state.exports_unfinished)
    opinions = gauge("consult_submissions", "Opinions and replies", ["channel", "status"], registry=registry)
    for (channel, status), number in state.submissions.items():
        opinions.labels(channel, status).set(number)
