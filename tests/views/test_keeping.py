import gzip
import re
from contextlib import closing
from http.client import HTTPConnection
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

LIST, HOME = "/comments/", "/"
PUBLISHED = """
from tests.factories import submission
print(submission("published", body="คำที่หนึ่งขอให้มีต้นไม้ริมคลอง").reference)
"""
PENDING = """
from tests.factories import submission
submission(key="second", body="คำที่สองขอให้มีสวนหย่อมใกล้ตลาด")
"""
WITHDRAW = """
from comments import moderation
from comments.models import Submission
moderation.withdraw(Submission.objects.get(reference="{reference}"))
"""


@pytest.fixture(scope="module")
def server(server_stage):
    with server_stage.server(WEB_CONCURRENCY="1") as running:
        yield running


def ask(server, path, data=None, **headers):
    """Return the status, the headers and the text of a page."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(server.url + path, data, headers)
    try:
        with urlopen(request) as answer:
            body, got = answer.read(), answer
    except HTTPError as error:
        with error:
            body, got = error.read(), error
    if got.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return got.status, got.headers, body.decode()


def kept(server, path):
    """Ask for a page until it is kept, and return its text; twice is enough."""
    drawn = ask(server, path)
    again = ask(server, path)
    assert "Age" in again[1], "it was drawn anew"
    assert again[2] == drawn[2]
    return again[2]


def press(server, reference):
    """Agree as a browser does: the first press brings the cookie, and is sent again with it."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    path = f"/comments/{reference}/vote/"
    for expected in (307, 303):
        with closing(HTTPConnection(urlsplit(server.url).netloc)) as connection:
            connection.request("POST", path, b"value=agree", headers)
            answer = connection.getresponse()
            answer.read()
        assert answer.status == expected
        headers["Cookie"] = (answer.headers["Set-Cookie"] or "").partition(";")[0]


def test_a_kept_page_is_never_older_than_the_last_change(server):
    reference = server.shell(PUBLISHED).strip()
    assert reference in kept(server, LIST)
    assert reference in kept(server, f"/en/comments/{reference}/")

    _status, headers, _text = ask(server, LIST)
    tag = headers["ETag"]
    for name in ("Content-Security-Policy", "X-Frame-Options", "Content-Language", "X-Content-Type-Options"):
        assert headers[name], f"a kept page goes out without {name}"
    assert headers["Cache-Control"] == "public, max-age=30"
    assert ask(server, LIST, If_None_Match=tag)[0] == 304
    packed = ask(server, LIST, Accept_Encoding="gzip", If_None_Match='W/"another"')
    assert (packed[0], packed[1]["Content-Encoding"]) == (200, "gzip")
    assert packed[2] == kept(server, LIST)
    assert kept(server, "/en" + LIST) != packed[2]

    # A vote shows at once, on every page that tells of it.
    press(server, reference)
    assert '<b class="number">1</b>' in ask(server, LIST)[2]
    assert ask(server, LIST, If_None_Match=tag)[0] == 200

    # What only arrives leaves the list as it was kept, and is in the account.
    listed, before = kept(server, LIST), kept(server, HOME)
    server.shell(PENDING)
    again = ask(server, LIST)
    assert again[2] == listed
    assert again[1]["Age"]
    assert ask(server, HOME)[2] != before

    # What its author takes back is gone at once, from every kept page.
    server.shell(WITHDRAW.format(reference=reference))
    assert reference not in ask(server, LIST)[2]
    assert reference not in ask(server, "/en" + LIST)[2]
    assert ask(server, f"/en/comments/{reference}/")[0] == 404
    assert ask(server, LIST, If_None_Match=tag)[0] == 200


def test_forms_errors_and_what_is_private_are_kept_by_nobody(server):
    for path in ("/submit/", "/receipt/", "/comments/?goal=none", "/nowhere/", "/admin/login/", "/healthz"):
        for _ in range(3):
            assert "Age" not in ask(server, path)[1], path


OTHER_GOAL = """
from comments.models import DevelopmentGoal
DevelopmentGoal.objects.filter(code="G67-1.1-01").update(title_th="เป้าหมายที่เปลี่ยนชื่อแล้ว")
"""


def drawn_form(server, path, **headers):
    """Return the page of the form without its token and its key, and these two."""
    _status, got, text = ask(server, path, **headers)
    pattern = r'name="(csrfmiddlewaretoken|idempotency_key)" value="(\w+)"'
    own = dict(re.findall(pattern, text))
    assert set(own) == {"csrfmiddlewaretoken", "idempotency_key"}
    assert got["Set-Cookie"].startswith("csrftoken=")
    assert set(got["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert {"Cookie", "Accept-Encoding"} <= set(got["Vary"].split(", "))
    return re.sub(pattern, "", text), own


def test_a_form_drawn_before_is_as_one_drawn_anew_with_a_token_and_a_key_of_its_own(server):
    for path in ("/submit/", "/en/submit/?goal=G67-1.1-01"):
        pages = [drawn_form(server, path), drawn_form(server, path)]
        pages += [drawn_form(server, path, Accept_Encoding="gzip") for _ in range(2)]
        assert len({page for page, _own in pages}) == 1
        for name in ("csrfmiddlewaretoken", "idempotency_key"):
            assert len({own[name] for _page, own in pages}) == len(pages)
    assert 'value="G67-1.1-01" selected' in pages[0][0]

    # A form that was handed out so is taken.
    cookie = ask(server, "/submit/")[1]["Set-Cookie"].partition(";")[0]
    own = drawn_form(server, "/submit/", Cookie=cookie)[1]
    data = own | {"sector": "citizen", "body": "ขอให้มีม้านั่งใต้ต้นไม้ริมทาง"}
    ask(server, "/submit/", urlencode(data).encode(), Cookie=cookie, Origin=server.url)
    stored = "SELECT count(*) FROM comments_submission WHERE body = '{body}'"
    assert server.query(stored.format(**data)) == [(1,)]

    # What it offers is never older than the last change.
    server.shell(OTHER_GOAL)
    assert "เป้าหมายที่เปลี่ยนชื่อแล้ว" in drawn_form(server, "/submit/")[0]


def test_another_host_gets_addresses_of_its_own(server):
    port = server.url.rpartition(":")[2]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        for _ in range(2):
            assert f'href="http://{host}/about/"' in ask(server, "/about/", Host=host)[2]
    assert ask(server, "/about/", Host="elsewhere.example")[0] == 400
