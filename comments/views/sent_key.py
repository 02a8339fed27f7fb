"""The key of the form that a browser sent last, so that the same words under a new key are noticed.

A browser without JavaScript may draw the form anew when its reader goes back, with another key and the old words.
"""

from django.http import HttpRequest, HttpResponse

from comments.views.cookies import SignedCookie

COOKIE = SignedCookie("form", 10 * 60)


def remember(response: HttpResponse, key: str) -> None:
    """Keep the key for ten minutes."""
    COOKIE.give(response, key)


def recall(request: HttpRequest) -> str:
    """Return the key that was sent from this browser in the last ten minutes, or an empty text."""
    return str(COOKIE.read(request) or "")
