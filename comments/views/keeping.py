"""Keep drawn pages in the process, and hand them out again for as long as nothing was changed that the public sees."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from comments.models import public_version
from comments.models.public_version import Version
from comments.views.packing import is_packable

# Where a request carries what is known about keeping its page.
_NOTE = "comments.keeping"
_VERSION = "comments.version"
# An address that is longer is one that nobody asks for twice.
_LONGEST_KEY = 1_000
_MB = 1024 * 1024
# What goes out again with a 304 (RFC 9110, section 15.4.5), of what our pages have.
_OF_304 = {"Cache-Control", "ETag", "Last-Modified", "Vary"}


@dataclass(frozen=True)
class Note:
    """What a view says about its page: when it began to draw it, as of what, and for how long it is good."""

    began: float
    version: Version
    max_age: int
    heeds_arrivals: bool


@dataclass(frozen=True)
class Kept:
    """A page as it went out, to be handed out again."""

    note: Note
    headers: dict[str, str]
    body: bytes
    match: Any

    def is_good(self, version: Version, now: float) -> bool:
        """Tell whether it would be drawn the same at `version`; its clocks may be as late as in any cache."""
        note = self.note
        if now - note.began >= note.max_age or note.version[:2] != version[:2]:
            return False
        return not note.heeds_arrivals or note.version == version

    def answer(self, request: HttpRequest, now: float) -> HttpResponseBase:
        """Return the page, or 304 to who has it; its age counts for whoever keeps it further."""
        # Asked first: most have it, and a page that is not sent needn't be drawn up.
        if known := get_conditional_response(request, etag=self.headers["ETag"]):
            if known.status_code == HTTPStatus.NOT_MODIFIED:
                for name in _OF_304 & self.headers.keys():
                    known.headers[name] = self.headers[name]
            return known
        return HttpResponse(self.body, headers=self.headers | {"Age": str(int(now - self.note.began))})


class Shelf:
    """As many pages as fit, those asked for last, all of what is shown now."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._size = 0
        self._shown = 0

    def find(self, key: Hashable) -> Kept | None:
        """Return the page under `key`."""
        with self._lock:
            if found := self._pages.get(key):
                self._pages.move_to_end(key)
            return found

    def put(self, key: Hashable, page: Kept, room: int) -> None:
        """Keep `page`; let go what has no room beside it, and everything that is no longer shown."""
        shown = page.note.version.shown
        with self._lock:
            if shown < self._shown:
                return
            if shown > self._shown:
                self._pages.clear()
                self._size, self._shown = 0, shown
            if before := self._pages.pop(key, None):
                self._size -= len(before.body)
            self._pages[key] = page
            self._size += len(page.body)
            while self._size > room:
                _key, gone = self._pages.popitem(last=False)
                self._size -= len(gone.body)


SHELF = Shelf()


class KeptPages:
    """Answer with a kept page where there is a good one; it stands before all that a page needs to be drawn."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand on what is not kept, and keep what may be."""
        room = settings.KEPT_PAGES_MB * _MB
        if not room:
            return self.get_response(request)
        request.META[_NOTE] = None
        key = _key(request)
        if request.method != "GET" or sum(map(len, map(str, key))) > _LONGEST_KEY:
            return self.get_response(request)
        if found := SHELF.find(key):
            now, version = time.monotonic(), version_of(request)
            if version and found.is_good(version, now):
                request.resolver_match = found.match
                return found.answer(request, now)
        response = self.get_response(request)
        note: Note | None = request.META[_NOTE]
        if note is None or not isinstance(response, HttpResponse) or response.cookies:
            return response
        page = Kept(note, dict(response.items()), response.content, request.resolver_match)
        SHELF.put(key, page, room)
        return page.answer(request, time.monotonic())


def _key(request: HttpRequest) -> tuple[Hashable, ...]:
    meta = request.META
    names = ("HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
    return (request.scheme, is_packable(request), *(meta.get(name, "") for name in names))


def version_of(request: HttpRequest) -> Version | None:
    """Return the version as of which this request is answered; None where nothing may be kept.

    Within somebody's transaction nothing is: what it has changed may never come to be.
    """
    if _NOTE not in request.META or connection.in_atomic_block:
        return None
    if _VERSION not in request.META:
        request.META[_VERSION] = _read()
    version: Version | None = request.META[_VERSION]
    return version


def _read() -> Version | None:
    asked: Any = connection
    # Whether the connection still works, this very query tells.
    asked.health_check_done = True
    try:
        return public_version.read()
    except Error:
        connection.close()
        return None


def keep(request: HttpRequest, note: Note) -> None:
    """Say that the page being drawn may be kept."""
    request.META[_NOTE] = note
