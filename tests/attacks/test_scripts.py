"""Nothing that anybody types becomes markup or script, on any page; and the policy that would stop it is on all."""

import re
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from tests.admin.staff import signed_in
from tests.attacks import payloads
from tests.attacks.payloads import ALL, PAYLOADS
from tests.test_roles import matrix

pytestmark = pytest.mark.django_db

FOREIGN = {
    "iframe",
    "object",
    "embed",
    "base",
    "applet",
    "frame",
    "math",
    "marquee",
    "video",
    "style",
    "zqx",
}
LEADING = {"href", "src", "action", "formaction", "data", "xlink:href", "poster", "srcset"}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


class Reader(HTMLParser):
    """Reads a page as a browser does, and notes what no page of ours has."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.said = [], []

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag in FOREIGN:
            self.found.append(f"<{tag}>")
        if tag == "script" and not re.match(r"/(?!/)", said.get("src") or ""):
            self.found += (
                [] if said.get("type") in {"application/ld+json", "application/json"} else ["<script>"]
            )
        if tag == "meta" and said.get("http-equiv") and "javascript" in (said.get("content") or ""):
            self.found.append("<meta>")
        for name, value in attrs:
            bare = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or name in {"style", "zqx", "srcdoc"}:
                self.found.append(f"{tag}[{name}]")
            if name in LEADING and bare.startswith(("javascript:", "vbscript:", "data:text", "//evil")):
                self.found.append(f"{tag}[{name}={bare[:30]}]")

    def handle_data(self, data):
        self.said.append(data)


def read(response):
    """Return what no page of ours has, and what the page says to a reader."""
    reader = Reader()
    reader.feed(b"".join(response).decode("utf-8"))
    reader.close()
    return reader.found, "".join(reader.said)


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if "<" in one])
def test_the_reader_would_notice_each_of_them(payload):
    broken = f"<!doctype html><p>{payload}</p><input value=\"{payload}\"><input value='{payload}'><!-- {payload} -->"
    reader = Reader()
    reader.feed(f'{broken}<script type="application/json">{payload}</script>')
    assert reader.found


def headers_of(response):
    """Return what is wrong with the headers of an answer."""
    policy = response.headers.get("Content-Security-Policy", "")
    parts = {part.strip() for part in policy.split(";")}
    # What citizens sent as files may do even less.
    wrong = [] if parts in (POLICY, {"default-src 'none'", "sandbox"}) else [f"policy {policy!r}"]
    wrong += [] if response.headers.get("X-Content-Type-Options") == "nosniff" else ["nosniff"]
    wrong += [] if response.headers.get("X-Frame-Options") == "DENY" else ["frames"]
    wrong += [] if response.headers.get("Referrer-Policy") == "same-origin" else ["referrer"]
    return wrong + (["unsafe"] if "unsafe-" in policy else [])


def test_no_text_in_any_field_becomes_markup_on_any_page_and_every_page_has_the_policy(
    media, settings, tmp_path
):
    settings.OPEN_DATA_ROOT, settings.EXPORT_ROOT = tmp_path / "open-data", tmp_path / "exports"
    rows = matrix()
    payloads.speak()
    reached = payloads.poison()
    # Of the tables there are, and of those to come.
    assert len(reached) > 60
    client, found, showing = signed_in("administrator"), {}, 0
    for path in payloads.places(rows):
        response = client.get(path)
        wrong = headers_of(response)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            markup, said = read(response)
            wrong += markup
            showing += "__xss=1" in said
        elif "xml" in response.headers.get("Content-Type", ""):
            names = {one.tag.rpartition("}")[2] for one in ET.fromstring(b"".join(response)).iter()}  # noqa: S314
            wrong += sorted(names & {"script", "img", "svg", "zqx"})
        else:
            b"".join(response)
        if wrong:
            found[path] = wrong
    assert found == {}
    # What shows none of it proves nothing.
    assert showing > 80


@pytest.mark.parametrize("payload", [ALL, *PAYLOADS[::8]])
def test_what_is_typed_into_an_address_or_a_form_comes_back_as_text(payload):
    asked = quote(payload)
    answers = [
        Client().get(f"{path}{asked}")
        for path in ("/comments/?q=", "/en/comments/?sort=", "/receipt/?reference=")
    ]
    answers += [Client().get(f"/goals/{asked}/"), Client().get(f"/submit/?goal={asked}&meeting={asked}")]
    typed = dict.fromkeys(
        ("body", "display_name", "organisation", "email", "phone", "sector", "goal"), payload
    )
    answers += [
        Client().post("/submit/", typed),
        Client().post("/submit/", typed | {"sector": "citizen", "email": ""}),
    ]
    answers += [Client().post("/receipt/", {"reference": payload, "secret": payload})]
    answers += [Client().post("/receipt/edit/", {"reference": payload, "secret": "x", "body": payload})]
    answers += [Client().post("/admin/login/", {"username": payload, "password": "x", "next": payload})]
    answers += [Client().get(f"/admin/login/?next={asked}")]
    staff = signed_in("administrator")
    answers += [
        staff.get(f"/admin/comments/submission/?{name}={asked}") for name in ("q", "sort", "status", "goal")
    ]
    answers += [
        staff.get(f"/admin/comments/submission/{page}/?q={asked}&plan={asked}")
        for page in ("summary", "export")
    ]
    for response in answers:
        assert read(response)[0] == [], response.request["PATH_INFO"]
        assert headers_of(response) == []


def test_errors_have_the_policy_too(settings, client):
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    refused = Client(enforce_csrf_checks=True)
    answers = {
        404: client.get("/no/such/page/"),
        400: client.get("/", headers={"Host": "evil.example"}),
        403: refused.post("/about/", {}),
        405: client.delete("/"),
    }
    assert {status: (answer.status_code, headers_of(answer)) for status, answer in answers.items()} == {
        status: (status, []) for status in answers
    }
