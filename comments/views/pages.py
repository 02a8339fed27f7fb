"""Pages that say what this is, what happens with data, and how accessible it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comments import retention
from comments.views import receipts, sent_key, voters
from comments.views.caching import public

_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Cookie:
    """A cookie: when a browser gets it, what for, and for how long."""

    name: str
    when: Any
    seconds: int

    @property
    def how_long(self) -> str:
        """Say for how long in the language of the page."""
        days, minutes = self.seconds // _DAY, self.seconds // 60
        if days:
            return ngettext("%d day", "%d days", days) % days
        return ngettext("%d minute", "%d minutes", minutes) % minutes


COOKIES = (
    Cookie(
        settings.CSRF_COOKIE_NAME,
        _("When you open a page with a form. It keeps other sites from sending the form in your name."),
        settings.CSRF_COOKIE_AGE,
    ),
    Cookie(
        receipts.COOKIE.name,
        _(
            "When you have sent an opinion. It brings the two codes to your receipt, and goes when they are shown."
        ),
        receipts.COOKIE.seconds,
    ),
    Cookie(
        sent_key.COOKIE.name,
        _("When you have sent an opinion. It keeps the number of the form, so that nothing is sent twice."),
        sent_key.COOKIE.seconds,
    ),
    Cookie(
        voters.COOKIE.name,
        _(
            "When you press agree or disagree, answer the questions about a goal or report an opinion. A random number, so that each browser counts once."
        ),
        voters.COOKIE.seconds,
    ),
)


@require_safe
@public(max_age=30, heeds_arrivals=False)
def about(request: HttpRequest) -> HttpResponse:
    """Say what this service does and who runs it."""
    return render(request, "pages/about.html")


@require_safe
@public(max_age=30, heeds_arrivals=False)
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept about a citizen, why, how long, and what a citizen can ask for."""
    context = {"rules": retention.RULES, "cookies": COOKIES, "sends_email": settings.SENDS_EMAIL}
    return render(request, "pages/privacy.html", context)


@require_safe
@public(max_age=30, heeds_arrivals=False)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how accessible these pages are and what to do about a barrier."""
    return render(request, "pages/accessibility.html")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers out of the form, the receipts and the staff side."""
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
