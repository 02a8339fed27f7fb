"""Whatever a request says, at any address, by any method, from anybody: the answer is never our own fault."""

import os
import time
from collections import Counter
from urllib.parse import quote_from_bytes

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import forms as public_forms
from comments.exports.filters import ExportFilter
from tests.admin.staff import signed_in
from tests.admin.who_may import path_of
from tests.long import LONG
from tests.test_roles import matrix

pytestmark = pytest.mark.django_db

SECONDS = 60 * float(os.environ.get("ATTACK_MINUTES", "60")) if LONG else 0
EXAMPLES = 500 if LONG else 120
METHODS = ("GET", "GET", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY")
# As bytes: not all of them are text.
VALUES = [
    *(
        b"",
        b" ",
        b"0",
        b"1",
        b"-1",
        b"2",
        b"99999999999999999999",
        b"9" * 5000,
        b"1e309",
        b"NaN",
        b"0x10",
        b"1.5",
    ),
    *(
        b"\x00",
        b"a\x00b",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\xc0\xaf",
        b"\r\nSet-Cookie: a=b",
        b"%",
        b"%00",
        b"\x1b[31m",
    ),
    *(
        "\u202e\u2066\ufeff\U000e0041".encode(),
        "๙٣²½".encode(),
        "กำ้ๆ".encode() * 3000,
        b"e\xcc\x81" * 4000,
        b"A" * 70_000,
    ),
    *(
        b"' OR 1=1--",
        b"{{7*7}}{% debug %}",
        b"../../etc/passwd",
        b"<script>",
        b"[]",
        b"{}",
        b"null",
        b"None",
        b"true",
        b"on",
    ),
    *(b"2567-13-45", b"0001-01-01", b"9999-12-31T23:59:59+14:00", b"29/02/2566", b"24:61", b"-0001", b"P1Y"),
    *(
        b"published",
        b"pending:1",
        b"1:pending",
        b"newest",
        b"best",
        b"discussed",
        b"agree",
        b"citizen",
        b"1001",
        b"outside",
    ),
    *(
        b"G67-1.1-01",
        b"67-0000-0000",
        b"67-XXXX-XXXX",
        b"2567",
        b"csv",
        b"admin",
        b"//evil.example",
        b"javascript:1",
    ),
    *(b"-", b'"', b'-"a', b"((((", b"OR OR", b"*" * 200, b"a " * 900, b'" "' * 300),
]
_FORMS = [value for name, value in vars(public_forms).items() if name.endswith("Form")]
_KNOWN = """
    after limit part given next seen why words words_reason note action index _selected_action back
    o p e all _popup _to_field _changelist_filters plan rows columns measure as_of format purpose
    theme office edition version username password otp code review change q query name fate
    csrfmiddlewaretoken idempotency_key ก a[b] __class__ pk__in submission__body
"""
NAMES = sorted(
    {name for form in (*_FORMS, ExportFilter) for name in getattr(form, "base_fields", ())}
    | set(_KNOWN.split())
)
TYPES = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense",
    "multipart/form-data; boundary=b",
    "multipart/form-data; boundary=",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/json",
    "text/xml",
    "",
    "\u00e9/;;;=",
]
HEADERS = [
    *("Accept-Language", "Accept-Encoding", "Accept", "User-Agent", "Referer", "Origin", "Sec-Fetch-Site"),
    *(
        "If-None-Match",
        "If-Modified-Since",
        "If-Match",
        "Range",
        "Authorization",
        "X-Forwarded-For",
        "X-CSRFToken",
    ),
    *("X-Requested-With", "X-HTTP-Method-Override", "Content-Encoding", "Transfer-Encoding", "Upgrade"),
]
COOKIES = ("receipt", "voter", "csrftoken", "sessionid", "messages", "sent", "django_language")


def quoted(value):
    return quote_from_bytes(value)


pairs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=6)
encoded = pairs.map(
    lambda found: "&".join(f"{quoted(name.encode())}={quoted(value)}" for name, value in found)
)
parts = pairs.map(
    lambda found: (
        b"".join(
            b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: image/png\r\n\r\n%s\r\n'
            % (name.encode(), value[:80].replace(b"\r\n", b""), value)
            for name, value in found
        )
        + b"--b--"
    )
)
bodies = st.one_of(encoded.map(str.encode), parts, st.sampled_from(VALUES), st.binary(max_size=200))
short = st.sampled_from([value for value in VALUES if len(value) < 300]).map(
    lambda value: value.decode("latin-1")
)


@st.composite
def requests(draw, paths):
    """Draw a request: a known address, often with a part of it replaced, and all that comes with it."""
    path = draw(st.sampled_from(paths))
    pieces = path.split("/")
    if draw(st.integers(0, 2)) == 0:
        place = draw(st.integers(1, len(pieces) - 1))
        pieces[place] = quoted(draw(st.sampled_from([value for value in VALUES if len(value) < 6000])))
    return {
        "method": draw(st.sampled_from(METHODS)),
        "path": "/".join(pieces),
        "query": draw(encoded),
        "body": draw(bodies),
        "type": draw(st.sampled_from(TYPES)),
        "headers": draw(st.dictionaries(st.sampled_from(HEADERS), short, max_size=3)),
        "cookies": draw(st.dictionaries(st.sampled_from(COOKIES), short, max_size=2)),
        "is_staff": draw(st.booleans()),
    }


def answer(said, session):
    """Send a request and return the status of its answer; whatever it changed is taken back."""
    client = Client(raise_request_exception=False)
    for name, value in said["cookies"].items():
        # As a browser with bad intent writes them, past the rules of Python's own.
        client.cookies[name] = ""
        client.cookies[name].set(name, value, value)
    if said["is_staff"]:
        client.cookies["sessionid"] = session
    with transaction.atomic():
        response = client.generic(
            said["method"],
            said["path"],
            said["body"],
            said["type"],
            QUERY_STRING=said["query"],
            headers=said["headers"],
        )
        # A download closes its file once it is read to the end.
        b"".join(response)
        transaction.set_rollback(True)
    return response.status_code


def test_no_request_is_answered_with_a_fault_of_ours(media, settings_of_files, record_property):
    paths = sorted({path_of(name, row) for name, row in matrix().items()})
    paths += [f"/en{path}" for path in paths if not path.startswith(("/api", "/sitemap"))][::3]
    session = signed_in("administrator").cookies["sessionid"].value
    counted = Counter()

    @settings(
        max_examples=EXAMPLES, derandomize=not LONG, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(requests(paths))
    def one_after_another(said):
        status = answer(said, session)
        counted[status] += 1
        assert status < 500, said

    until = time.monotonic() + SECONDS
    one_after_another()
    while time.monotonic() < until:
        one_after_another()
    record_property("answers", dict(counted))
    if LONG:
        print(f"\n{counted.total()} requests, by status: {dict(sorted(counted.items()))}")  # noqa: T201
    # Requests that reach nothing try nothing.
    assert counted[200] > EXAMPLES / 20


@pytest.fixture
def settings_of_files(settings, tmp_path):
    settings.OPEN_DATA_ROOT, settings.EXPORT_ROOT = tmp_path / "open-data", tmp_path / "exports"
