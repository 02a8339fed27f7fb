"""The random number that a browser keeps, so that it counts once."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from comments import references

COOKIE = "voter"
_SALT = "comments.voter.cookie"
LIFETIME = 365 * 24 * 60 * 60
# Says, in an address, that the cookie was sent: a browser that still comes without keeps none.
_GIVEN = "given"


def number_of(request: HttpRequest) -> str:
    """Return the number that this browser keeps, empty without one."""
    try:
        number: str = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return ""
    return number


def give_number(request: HttpRequest) -> HttpResponse | None:
    """Give the browser a number, and have it send the same form again with it; None when it keeps no cookies.

    To count at once would count the second press of a double click as that of another browser.
    """
    if _GIVEN in request.GET:
        return None
    response = HttpResponseRedirect(f"{request.path}?{_GIVEN}=1", preserve_request=True)
    response.set_cookie(
        COOKIE,
        signing.dumps(references.draw_voter(), salt=_SALT),
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
