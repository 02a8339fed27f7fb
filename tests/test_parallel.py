"""The same form sent many times at once, to a real server, is one row and one receipt."""

import re
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

AT_ONCE = 50
BODY = "อยากให้มีต้นไม้ริมทางเท้าทุกสาย"


def client():
    return build_opener(HTTPCookieProcessor(CookieJar()))


def drawn_form(opener, url):
    """Return the hidden fields of a freshly drawn form."""
    page = opener.open(f"{url}/submit/").read().decode()
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return dict(hidden)


def shown(page):
    return tuple(
        re.search(rf'id="receipt-{part}"[^>]*>\s*([0-9A-Z-]+)', page)[1] for part in ("reference", "secret")
    )


def test_fifty_parallel_identical_posts_are_one_row_and_one_receipt(server):
    opener = client()
    fields = drawn_form(opener, server.url) | {"body": BODY, "sector": "citizen", "stance": "agree"}
    cookies = "; ".join(
        f"{c.name}={c.value}" for h in opener.handlers if hasattr(h, "cookiejar") for c in h.cookiejar
    )
    headers = {"Cookie": cookies, "Referer": f"{server.url}/submit/"}

    def send(_):
        # Each has its own cookie jar, so that it shows its own receipt.
        own = client()
        request = Request(f"{server.url}/submit/", urlencode(fields).encode(), headers)
        return shown(own.open(request).read().decode())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        receipts = list(pool.map(send, range(AT_ONCE)))
    assert len(receipts) == AT_ONCE
    assert len(set(receipts)) == 1
    ((reference, _),) = set(receipts)
    assert server.query("SELECT reference FROM comments_submission") == [(reference,)]
    assert server.query("SELECT count(*) FROM comments_submissionevent") == [(1,)]
