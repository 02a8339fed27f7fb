"""Pages that say what this is, what happens with data, and how accessible it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comments.views.caching import public


@require_safe
@public(max_age=30)
def about(request: HttpRequest) -> HttpResponse:
    """Say what this service does and who runs it."""
    return render(request, "pages/about.html")


@require_safe
@public(max_age=30)
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept about a citizen, why, and what a citizen can ask for."""
    return render(request, "pages/privacy.html")


@require_safe
@public(max_age=30)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how accessible these pages are and what to do about a barrier."""
    return render(request, "pages/accessibility.html")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers out of the form, the receipts and the staff side."""
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
