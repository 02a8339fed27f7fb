"""What is logged, and how."""

from __future__ import annotations

from typing import Any


def configuration(*, level: str) -> dict[str, Any]:
    """Return the setting LOGGING: everything of `level` and above goes to standard error, one line an entry."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        # The refusals themselves are logged as 413 and 400. Django's own entries have a traceback, with which anybody
        # could fill the log.
        "loggers": {
            "django.security.RequestDataTooBig": {"level": "CRITICAL"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # A line for every way in and out stands in our own log.
            "axes": {"level": "WARNING"},
        },
        "root": {"handlers": ["console"], "level": level},
    }
