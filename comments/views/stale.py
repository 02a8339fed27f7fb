"""Which public pages may be drawn from a replica."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from comments import replica
from comments.models import public_version
from comments.models.public_version import Version
from comments.views import keeping

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def may_be_old(view: View[Arguments]) -> View[Arguments]:
    """Let a page be drawn from the replica, if that has all that the public sees on the primary.

    The page is kept under the version of the primary, so an older one must never be drawn for it.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        version = keeping.version_of(request) if replica.is_there() else None
        if version is None:
            return view(request, *args, **kwargs)
        return replica.ask(lambda: view(request, *args, **kwargs), has_all=lambda: _has(version))

    return answer


def _has(version: Version) -> bool:
    theirs = public_version.read(replica.ALIAS)
    return all(there >= here for there, here in zip(theirs, version, strict=True))
