"""Ways in that are none: guessed receipts, planted and kept sessions, addresses that lead off the site."""

import logging
import statistics
import time

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin.staff import QUEUE, come_in, member, signed_in
from tests.factories import receive, staff, unlike

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
PASSWORD = "a-long-password-for-the-tests"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "/%2fevil.example/",
    "https://127.0.0.1@evil.example/",
    "https://testserver.evil.example/",
    " //evil.example",
    "\t//evil.example",
    "\x00//evil.example",
    "/\n/evil.example/",
    "ftp://evil.example/",
    "//evil.example\\@testserver/",
    "https://evil。example/",
]


def leads_off(location):
    """Tell whether a browser that follows `location` leaves the site."""
    bare = location.replace("\\", "/").strip()
    return not bare.startswith("/") or bare.startswith("//") or any(ord(one) < 32 for one in location)


@pytest.mark.parametrize(
    "said",
    [
        {"path": "/submit/", "data": b"x", "content_type": "multipart/form-data; boundary="},
        {
            "path": "/submit/",
            "data": "&".join(["a=1"] * 2000),
            "content_type": "application/x-www-form-urlencoded",
        },
        {"path": "/comments/feed/?sort=upside-down", "method": "GET"},
        {"path": "/", "method": "GET", "headers": {"Host": "evil.example"}},
        {"path": "/submit/", "data": b"x" * (11 << 20), "content_type": "application/x-www-form-urlencoded"},
    ],
    ids=["no boundary", "many fields", "no such filter", "another host", "too much"],
)
def test_nobody_fills_the_log_with_tracebacks(said, caplog):
    handler = next(one for one in logging.getLogger().handlers if one.filters)
    response = Client().generic(**{"method": "POST"} | said)
    assert response.status_code in {400, 413}
    assert [record for record in caplog.records if handler.filter(record) and record.exc_info] == []


@pytest.mark.parametrize("secret", ["x", "0000-0000-0000-0000-0000-0000-0000-0000", ""])
def test_a_reference_that_somebody_has_is_answered_like_one_that_nobody_has(record_property, secret):
    known, nobody = receive(body=unlike()).submission.reference, "67-0000-0000"
    answers, counts, taken = {}, {}, {known: [], nobody: []}
    for round_number in range(5):
        for reference in (known, nobody):
            with CaptureQueriesContext(connection) as queries:
                began = time.perf_counter()
                response = Client().post("/receipt/", {"reference": reference, "secret": secret})
                taken[reference].append(time.perf_counter() - began)
            if round_number:
                answers[reference] = response.content.decode().replace(reference, nobody)
                counts[reference] = len(queries), response.status_code
    assert without_token(answers[known]) == without_token(answers[nobody])
    assert counts[known] == counts[nobody]
    # A signal for who reads along, and no assertion: the machine is shared.
    record_property("medians", [round(statistics.median(values), 4) for values in taken.values()])


def without_token(page):
    lines = page.splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


def test_a_session_that_was_planted_is_not_the_one_that_comes_in(settings):
    settings.STAFF_TWO_FACTOR = False
    person = staff("planted")
    person.set_password(PASSWORD)
    person.save()
    victim = Client()
    session = victim.session
    session["planted"] = "yes"
    session.save()
    victim.cookies["sessionid"] = planted = session.session_key
    victim.post(LOGIN, {"username": "planted", "password": PASSWORD})
    assert victim.get("/admin/").status_code == 200
    assert victim.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/admin/").status_code == 302
    assert not Session.objects.filter(session_key=planted).exists()


def test_after_signing_out_the_old_cookie_opens_nothing():
    client = signed_in("administrator")
    kept = client.cookies["sessionid"].value
    assert client.get(QUEUE).status_code == 200
    client.post("/admin/logout/")
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert thief.get(QUEUE).status_code == 302
    assert not Session.objects.filter(session_key=kept).exists()


@pytest.mark.parametrize("change", ["role", "staff", "active", "password"])
def test_a_session_from_before_a_change_of_the_account_opens_nothing(change):
    person, client = member("moderator"), Client()
    come_in(client, person)
    assert client.get(QUEUE).status_code == 200
    match change:
        case "role":
            person.groups.set(Group.objects.filter(name="responder"))
        case "staff":
            person.is_staff = False
        case "active":
            person.is_active = False
        case "password":
            person.set_password("another-long-password")
    person.save()
    assert client.get(QUEUE).status_code == 302
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_way_through_the_door_leads_off_the_site(settings, target):
    settings.STAFF_TWO_FACTOR = False
    person = staff("traveller")
    person.set_password(PASSWORD)
    person.save()
    keys = {"username": "traveller", "password": PASSWORD}
    for where in (
        Client().post(LOGIN, keys | {"next": target}),
        Client().post(f"{LOGIN}?next=/", keys | {"next": target}),
    ):
        assert where.status_code == 302
        assert not leads_off(where.url), where.url


def test_no_redirect_of_a_public_page_leads_off_the_site():
    addresses = [
        f"/{target}"
        for target in ("//evil.example/..", "/evil.example", "%5Cevil.example", "en//evil.example")
    ]
    addresses += [f"/en/{name}" for name in ("m/1", "/evil.example/", "%2f%2fevil.example")]
    addresses += ["/comments/67-0000-0000//evil.example", "/goals//evil.example/"]
    names = ("next", "url", "redirect", "return", "to", "given", "part")
    pages = [
        "/",
        "/receipt/",
        "/receipt/withdraw/",
        "/goals/G67-1.1-01/questions/",
        "/m/1",
        "/admin/",
        "/admin/logout/",
    ]
    for page in pages:
        addresses += [f"{page}?{name}=//evil.example" for name in names]
    for address in addresses:
        response = Client().get(address)
        if 300 <= response.status_code < 400:
            assert not leads_off(response.url), (address, response.url)


def test_the_other_language_is_a_page_of_ours_whatever_was_asked_for():
    for address in ("/?next=//evil.example", "/comments/?q=%22%3E//evil.example", "/en/?next=//evil.example"):
        text = Client().get(address).content.decode()
        assert 'href="//evil.example' not in text
        assert 'href="https://evil' not in text


@pytest.mark.parametrize("deed", ["change", "delete"])
def test_an_empty_name_of_a_column_is_no_fault_of_ours(deed):
    path = f"/admin/auth/group/{Group.objects.first().pk}/{deed}/?_to_field="
    assert signed_in("administrator").get(path).status_code in {200, 403}
