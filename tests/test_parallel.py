"""The same form sent many times at once, to a real server, is one row and one receipt."""

import re
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from threading import Barrier
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

AT_ONCE = 50
BODY = "อยากให้มีต้นไม้ริมทางเท้าทุกสาย"
COUNTS = "SELECT (SELECT count(*) FROM comments_submissionevent), (SELECT count(*) FROM comments_contact)"


class Sender:
    """A browser of its own: it has the cookies of the page on which the form was drawn."""

    def __init__(self, url, cookies=()):
        self.url, self.jar = f"{url}/submit/", CookieJar()
        for cookie in cookies:
            self.jar.set_cookie(cookie)
        self.opener = build_opener(HTTPCookieProcessor(self.jar))

    def drawn_form(self):
        """Return the hidden fields of a freshly drawn form."""
        page = self.opener.open(self.url).read().decode()
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))

    def send(self, fields):
        """Send the form, follow to the receipt, and return its reference and secret."""
        page = self.opener.open(self.url, urlencode(fields).encode()).read().decode()
        codes = [re.search(rf'id="receipt-{part}">([0-9A-Z-]+)<', page) for part in ("reference", "secret")]
        assert all(codes), page
        return tuple(code[1] for code in codes)


@pytest.fixture
def drawn(server):
    first = Sender(server.url)
    said = {"body": BODY, "sector": "citizen", "stance": "agree", "email": "somebody@example.org"}
    return first.jar, first.drawn_form() | said


def test_fifty_parallel_identical_posts_are_one_row_and_one_receipt(server, drawn):
    cookies, fields = drawn
    gate = Barrier(AT_ONCE)

    def send(_):
        sender = Sender(server.url, cookies)
        gate.wait(timeout=30)
        return sender.send(fields)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        receipts = list(pool.map(send, range(AT_ONCE)))
    assert len(receipts) == AT_ONCE
    ((reference, secret),) = set(receipts)
    assert len(secret.replace("-", "")) == 32
    assert server.query("SELECT reference FROM comments_submission") == [(reference,)]
    assert server.query(COUNTS) == [(1, 1)]


def test_forms_drawn_apart_are_rows_of_their_own(server, drawn):
    cookies, fields = drawn
    rows = server.query("SELECT count(*) FROM comments_submission")[0][0]
    again = Sender(server.url, cookies).drawn_form()
    first = Sender(server.url, cookies).send(fields)
    assert Sender(server.url, cookies).send(fields | again) != first
    assert server.query("SELECT count(*) FROM comments_submission") == [(rows + 2,)]
