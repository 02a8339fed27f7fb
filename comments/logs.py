"""What is logged, and how: one line an entry, and nothing that a person typed.

An exception's own words may quote what was sent (PostgreSQL quotes the row that it refuses), a path may hold a secret that
somebody put there, and an address says who asked. So an entry tells where in the code and of which kind; never what with.
"""

from __future__ import annotations

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# The number of the request at work, which the citizen reads on the page of an error.
current: ContextVar[str] = ContextVar("current_request", default="-")
NOWHERE = "-"
Exc = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def route_of(request: Any) -> str:
    """Return the name of the page that was asked for, "-" where there is none; its address may hold anything."""
    match = getattr(request, "resolver_match", None)
    return match.view_name or match.route if match else NOWHERE


class Lines(logging.Formatter):
    """Entries for people."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {request_id} {said}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; below it, for an error, where in the code it came from."""
        record.request_id, record.said = current.get(), said(record)
        record.exc_text = None
        return super().format(record).replace("\x00", "")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is Python's
        """Keep one entry on one line, whatever is in it."""
        return super().formatMessage(record).replace("\n", "\\n").replace("\r", "\\r")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is Python's
        """Return lines of our code, and the kinds of the errors without their words."""
        return "\n".join(where(ei))


class Json(Lines):
    """Entries for programs: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, whatever is in it."""
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": current.get(),
            "message": said(record),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            entry["trace"] = where(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def said(record: logging.LogRecord) -> str:
    """Return what an entry says; Django's own, which name the address that was asked for, are said anew."""
    request = getattr(record, "request", None)
    if request is None or not hasattr(request, "method"):
        return record.getMessage()
    status = getattr(record, "status_code", "")
    return f"{status} {request.method} {route_of(request)}".strip()


def where(exc_info: Any) -> list[str]:
    """Return the way to an error and to those before it: places in the code and kinds, no words and no values."""
    lines: list[str] = []
    error: BaseException | None = exc_info[1]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        lines += ["Traceback (most recent call last):" if not lines else "after:"]
        for frame in traceback.extract_tb(error.__traceback__):
            lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def without_trace_of_refusals(record: logging.LogRecord) -> bool:
    """Take the trace away from what says that a request made no sense: anybody could fill the log with them."""
    is_refusal = record.name == "django.request" and getattr(record, "status_code", 500) < 500
    if is_refusal or record.name.startswith("django.security."):
        record.exc_info = record.exc_text = None
    return True


def configuration(level: str, form: str) -> dict[str, Any]:
    """Return the setting LOGGING: everything of `level` and above goes to standard error, as `text` or `json`.

    Raises ImproperlyConfigured for any other form.
    """
    if form not in {"text", "json"}:
        raise ImproperlyConfigured(f"LOG_FORMAT must be text or json, not {form}.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"text": {"()": Lines}, "json": {"()": Json}},
        # Not to standard output: commands write their answers there.
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["refusals"]}
        },
        "filters": {
            "refusals": {"()": "django.utils.log.CallbackFilter", "callback": without_trace_of_refusals}
        },
        # The refusals themselves are logged as 413 and 400.
        "loggers": {
            "django.security.RequestDataTooBig": {"level": "CRITICAL"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # Every request has a line of our own, with its status.
            "django.request": {"level": "ERROR"},
            # However much is asked for: their finest entries hold what was typed, as parameters and bytes.
            "django.db.backends": {"level": "INFO"},
            "django.template": {"level": "INFO"},
            "PIL": {"level": "INFO"},
            # A line for every way in and out stands in our own log.
            "axes": {"level": "WARNING"},
        },
        "root": {"handlers": ["console"], "level": level},
    }
