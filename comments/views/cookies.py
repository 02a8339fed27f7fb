"""Cookies of ours: for this host alone, out of reach of scripts.

Over HTTPS their names begin with `__Host-`, so that a browser takes them from no other host of the same domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.core import signing
from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class SignedCookie:
    """A cookie that we sign; what it holds is good for so many seconds."""

    short_name: str
    seconds: int

    @property
    def name(self) -> str:
        """Return what the browser calls it."""
        return f"{settings.COOKIE_PREFIX}{self.short_name}"

    def give(self, response: HttpResponse, value: Any) -> None:
        """Have the browser keep `value`."""
        response.set_cookie(
            self.name,
            signing.dumps(value, salt=self._salt),
            max_age=self.seconds,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )

    def read(self, request: HttpRequest) -> Any:
        """Return what the browser keeps; None for nothing, or for what is too old or not from us."""
        try:
            return signing.loads(request.COOKIES.get(self.name, ""), salt=self._salt, max_age=self.seconds)
        except signing.BadSignature:
            return None

    def take_away(self, response: HttpResponse) -> None:
        """Have the browser forget it."""
        response.delete_cookie(self.name, samesite="Lax")

    @property
    def _salt(self) -> str:
        return f"comments.{self.short_name}.cookie"


class _MessagesInCookie(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class Messages(FallbackStorage):
    """Django's, but for the name of the cookie."""

    storage_classes = (_MessagesInCookie, SessionStorage)
