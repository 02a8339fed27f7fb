"""How often one address may send, vote, look up and search: a hall full of people gets through, a flood does not.

Where no address is known, as behind a proxy that names none, nothing is counted: everybody would be one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comments.forms import ReceiptForm
from comments.limits import Burst, Limit, TooManyTriesError
from comments.views import clients

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def sending(request: HttpRequest) -> None:
    """Count an opinion or a reply before it is stored. Raises TooManyTriesError."""
    _take(request, Burst("submissions", settings.SUBMISSIONS_PER_MINUTE, _MINUTE))
    _take(request, Limit("submissions", settings.SUBMISSIONS_PER_HOUR, _HOUR))


def uploading(request: HttpRequest) -> None:
    """Count a form that brings files before they are looked into. Raises TooManyTriesError."""
    if request.FILES:
        _take(request, Limit("uploads", settings.UPLOADS_PER_HOUR, _HOUR))


def voting(request: HttpRequest) -> None:
    """Count a vote, or the answers to the questions about a goal. Raises TooManyTriesError."""
    _take(request, Burst("votes", settings.VOTES_PER_HOUR, _HOUR))


def searching(request: HttpRequest) -> None:
    """Count a search, or a look through words for personal data. Raises TooManyTriesError."""
    _take(request, Burst("searches", settings.SEARCHES_PER_MINUTE, _MINUTE))


def keys(request: HttpRequest) -> ReceiptForm:
    """Return what was sent as reference and secret; wrong ones are counted, and after too many none is tried."""
    form, limit = ReceiptForm(request.POST), Burst("look-ups", settings.LOOK_UPS_PER_HOUR, _HOUR)
    try:
        _take(request, limit)
    except TooManyTriesError as error:
        form.refuse(error)
    else:
        if form.is_valid():
            limit.give_back(clients.masked_network(request))
    return form


def later(response: HttpResponse, error: TooManyTriesError) -> HttpResponse:
    """Say in the header when to come again."""
    response.headers["Retry-After"] = str(error.seconds)
    return response


def of_searches(view: View[Arguments]) -> View[Arguments]:
    """Answer 429 to whoever searches too often; looking at the lists themselves is free."""

    @wraps(view)
    def counted(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if request.GET.get("q"):
            try:
                searching(request)
            except TooManyTriesError as error:
                return later(render(request, "errors/429.html", status=429), error)
        return view(request, *args, **kwargs)

    return counted


def _take(request: HttpRequest, limit: Limit | Burst) -> None:
    if limit.most and (client := clients.masked_network(request)):
        limit.take(client)
