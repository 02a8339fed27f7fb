"""Many at once on one receipt, on a real server: guesses of the secret, edits of the words."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from threading import Barrier
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.test_parallel import Sender

AT_ONCE = 20
OTHER = "ขอเปลี่ยนเป็นเรื่องไฟส่องสว่างริมคลองทุกสาย"
_RECEIPT = """
import json, uuid
from tests.factories import receive
row = receive(key=uuid.uuid4().hex)
print(json.dumps([row.submission.reference, row.secret]))
"""


@pytest.fixture
def keys(server):
    reference, secret = json.loads(server.shell(_RECEIPT))
    return {"reference": reference, "secret": secret}


def post(server, path, fields):
    """Post a form as a browser of its own would, and return the status of the answer."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    sender = Sender(server.url)
    sender.url, sender.opener = f"{server.url}/receipt/", opener
    token = sender.drawn_form()["csrfmiddlewaretoken"]

    def press():
        try:
            data = urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
            return opener.open(server.url + path, data).status
        except HTTPError as error:
            return error.code

    return press


def at_once(presses):
    gate = Barrier(len(presses))

    def go(press):
        gate.wait(timeout=30)
        return press()

    with ThreadPoolExecutor(len(presses)) as pool:
        return Counter(pool.map(go, presses))


@pytest.mark.parametrize("reference", ["known", "67-0000-0000"])
def test_of_many_guesses_at_once_no_more_than_five_are_looked_at(server, keys, reference):
    asked = keys["reference"] if reference == "known" else reference
    guesses = [
        post(server, "/receipt/", {"reference": asked, "secret": f"guess {number}"})
        for number in range(AT_ONCE)
    ]
    assert at_once(guesses) == {200: 5, 429: AT_ONCE - 5}
    assert post(server, "/receipt/", keys | {"reference": asked})() == 429


def test_of_many_different_edits_at_once_one_is_saved_and_the_others_are_told(server, keys):
    # As many as may try at once: the limit counts before it knows that a secret is right.
    edits = [
        post(server, "/receipt/edit/", keys | {"edition": "1", "body": f"{OTHER} {number}"})
        for number in range(5)
    ]
    assert at_once(edits) == {200: 1, 409: 4}
    assert _versions(server, keys) == [(1, 2)]


def test_one_edit_many_times_at_once_is_one_version(server, keys):
    edits = [post(server, "/receipt/edit/", keys | {"edition": "1", "body": OTHER}) for _ in range(5)]
    assert at_once(edits) == {200: 5}
    assert _versions(server, keys) == [(1, 2)]


def _versions(server, keys):
    found = server.query(
        "SELECT reference, count(*), max(number) FROM comments_submissionversion"
        " JOIN comments_submission ON comments_submission.id = submission_id GROUP BY reference"
    )
    return [(count, last) for reference, count, last in found if reference == keys["reference"]]
