"""The random number that a browser keeps, so that it counts once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from comments import references
from comments.views.cookies import SignedCookie

COOKIE = SignedCookie("voter", 365 * 24 * 60 * 60)
# Says, in an address, that the cookie was sent: a browser that still comes without keeps none.
_GIVEN = "given"


def number_of(request: HttpRequest) -> str:
    """Return the number that this browser keeps, empty without one."""
    return str(COOKIE.read(request) or "")


def give_number(request: HttpRequest) -> HttpResponse | None:
    """Give the browser a number, and have it send the same form again with it; None when it keeps no cookies.

    To count at once would count the second press of a double click as that of another browser.
    """
    if _GIVEN in request.GET:
        return None
    response = HttpResponseRedirect(f"{request.path}?{_GIVEN}=1", preserve_request=True)
    COOKIE.give(response, references.draw_voter())
    return response
