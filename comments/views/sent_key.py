"""The key of the form that a browser sent last, so that the same words under a new key are noticed.

A browser without JavaScript may draw the form anew when its reader goes back, with another key and the old words.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

COOKIE = "form"
_SALT = "comments.form.cookie"
LIFETIME = 10 * 60


def remember(response: HttpResponse, key: str) -> None:
    """Keep the key for ten minutes; only the form gets it, no script and no other site."""
    response.set_cookie(
        COOKIE,
        signing.dumps(key, salt=_SALT),
        max_age=LIFETIME,
        path=reverse("submit"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def recall(request: HttpRequest) -> str:
    """Return the key that was sent from this browser in the last ten minutes, or an empty text."""
    try:
        return str(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFETIME))
    except signing.BadSignature:
        return ""
