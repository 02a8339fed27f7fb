"""Draw the empty form once for all that it offers, and hand it to each reader with a token and a key of their own."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers

from comments import remembering
from comments.forms import SubmissionForm
from comments.models import Plan
from comments.views.packing import Pieces, is_packable

# One for each goal and meeting that a link may name. Beyond them every form is drawn anew.
_MOST = 100
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([0-9A-Za-z]+)"')
Address = tuple[object, ...]


@dataclass(frozen=True)
class Cut:
    """A drawn form, cut where its token and its key stood."""

    pieces: tuple[bytes, bytes, bytes]

    @cached_property
    def packed(self) -> Pieces:
        """The same, compressed."""
        return Pieces(self.pieces)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return the form with a fresh token and a fresh key in it."""
        fresh = [get_token(request).encode(), uuid.uuid4().hex.encode()]
        if is_packable(request):
            response = HttpResponse(self.packed.around(fresh), headers={"Content-Encoding": "gzip"})
        else:
            before, between, after = self.pieces
            response = HttpResponse(b"".join([before, fresh[0], between, fresh[1], after]))
        patch_vary_headers(response, ["Accept-Encoding"])
        return response


def find(request: HttpRequest, plan: Plan) -> Cut | None:
    """Return the form as it would be drawn for this request, but for token and key; None where it has to be drawn."""
    return _drawn().get(_address(request, plan))


def keep(request: HttpRequest, form: SubmissionForm, page: bytes) -> None:
    """Keep the page of an empty form for the readers to come, unless its address is one that nobody else asks for."""
    drawn = _drawn()
    query = request.META.get("QUERY_STRING", "")
    is_usual = not form.has_unknown_wish and len(request.GET) <= 1 and query == request.GET.urlencode()
    named = set(request.GET) <= {"goal", "meeting"} and all(request.GET.values())
    if is_usual and named and len(drawn) < _MOST and (cut := _cut(page, form.initial["idempotency_key"])):
        drawn[_address(request, form.plan)] = cut


def _cut(page: bytes, key: str) -> Cut | None:
    tokens = _TOKEN.findall(page)
    if len(tokens) != 1 or page.count(tokens[0]) != 1 or page.count(key.encode()) != 1:
        return None
    before, _token, rest = page.partition(tokens[0])
    between, found, after = rest.partition(key.encode())
    return Cut((before, between, after)) if found else None


def _address(request: HttpRequest, plan: Plan) -> Address:
    return (request.scheme, request.get_host(), request.get_full_path(), plan.pk, plan.is_accepting())


def _drawn() -> dict[Address, Cut]:
    # Another one for each language, and after each change of what a form offers.
    return remembering.of_frame(dict, "empty forms")
