import json
import logging
import re
from io import StringIO

import pytest
from django.test import Client

from comments import logs
from tests.views import failing

# What must not be in the log, by where it is sent.
SECRETS = {
    "path": "zqpath",
    "body": "zqwords",
    "query": "zqquery",
    "agent": "zqagent",
    "cookie": "zqcookie",
    "file": "zqfile",
    "address": "198.51.100.77",
}


@pytest.fixture(params=["text", "json"])
def log(request):
    """Yield what is logged meanwhile, however fine, in the form that the server writes."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter({"text": logs.Lines, "json": logs.Json}[request.param]())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield stream
    root.setLevel(before)
    root.removeHandler(handler)
    if request.param == "json":
        assert all(json.loads(line)["message"] for line in stream.getvalue().splitlines())


@pytest.fixture
def citizen():
    heads = {
        "user-agent": SECRETS["agent"],
        "referer": SECRETS["query"],
        "x-forwarded-for": SECRETS["address"],
    }
    client = Client(raise_request_exception=False, headers=heads, REMOTE_ADDR=SECRETS["address"])
    client.cookies["other"] = SECRETS["cookie"]
    return client


def in_the(log):
    return {name for name, secret in SECRETS.items() if secret in log.getvalue()}


def test_an_error_is_told_by_its_place_and_found_by_its_number(log, citizen, settings):
    settings.ROOT_URLCONF = failing
    address = f"/en/fail/{SECRETS['path']}/?q={SECRETS['query']}"
    response = citizen.post(address, {"body": SECRETS["body"], "csrfmiddlewaretoken": "x"})
    number = response.headers["X-Request-ID"]
    assert response.status_code == 500
    assert f">{number}</strong>" in response.content.decode()
    said = log.getvalue()
    assert number in said
    assert "500 POST fail" in said
    assert said.index("builtins.ValueError") < said.index("builtins.KeyError")
    assert f"{failing.__file__}:" in said
    assert in_the(log) == set()


@pytest.mark.django_db
def test_nothing_that_was_typed_is_logged_however_fine_the_log(log, citizen, media):
    from tests import files

    citizen.get(f"/{SECRETS['path']}/?q={SECRETS['query']}")
    citizen.get(f"/comments/?q={SECRETS['query']}")
    form = citizen.get("/submit/").content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    said = {"body": SECRETS["body"] * 3, "sector": "citizen", "email": f"{SECRETS['body']}@example.org"}
    sent = {"attachments": files.upload(files.jpeg(), f"{SECRETS['file']}.jpg")}
    assert citizen.post("/submit/", fields | said | sent).status_code == 303
    citizen.post("/receipt/", {"reference": SECRETS["path"], "secret": SECRETS["body"]})
    citizen.post("/admin/login/", {"username": SECRETS["body"], "password": SECRETS["path"]})
    assert "POST submit 303" in log.getvalue()
    assert "GET - 404" in log.getvalue()
    assert in_the(log) == set()


@pytest.mark.django_db
def test_a_line_says_which_page_how_it_went_and_how_long(caplog, client):
    with caplog.at_level("INFO"):
        response = client.get("/about/?q=x")
        client.get("/healthz")
    (record,) = [one for one in caplog.records if one.name == "comments.views.request_log"]
    facts = record.facts
    assert (facts["method"], facts["route"], facts["status"]) == ("GET", "about", response.status_code)
    assert facts["ms"] > 0
    assert facts["queries"] >= 0


@pytest.mark.parametrize(
    ("proxies", "told", "is_taken"),
    [
        (0, "a" * 32, False),
        (1, "a" * 32, True),
        (1, "a\u0e01" * 9, False),
        (1, "x" * 65, False),
        (1, "a b c d e f", False),
    ],
)
def test_only_a_trusted_proxy_numbers_requests(client, settings, proxies, told, is_taken):
    settings.TRUSTED_PROXIES = proxies
    number = client.get("/healthz", headers={"x-request-id": told}).headers["X-Request-ID"]
    assert (number == told) is is_taken
    assert re.fullmatch(r"[0-9a-f]{16}|a{32}", number)


def test_an_entry_stays_on_its_line():
    record = logging.LogRecord("a", logging.INFO, "", 0, "one\ntwo\r%s", ("\x00three\n",), None)
    assert "\n" not in logs.Lines().format(record)
    assert json.loads(logs.Json().format(record))["message"].startswith("one\ntwo")
