"""Votes sent at once to a real server: one browser counts once, a hundred count a hundred times."""

import random
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest

CODES = ["G67-1.1-01", "G67-1.2-01", "G67-4.3-01"]
PUBLISHED = """
import secrets
from tests.factories import submission
print(submission("published", key=secrets.token_hex()).reference)
"""
ROWS = "SELECT count(*) FROM comments_vote WHERE {column} = (SELECT id FROM {table} WHERE {key} = '{value}')"
COUNTS = "SELECT agree_count, disagree_count FROM {table} WHERE {key} = '{value}'"
RECOUNT = """
from comments import tally
from comments.models import DevelopmentGoal, Submission
row = DevelopmentGoal.objects.get(code="{value}") if "{table}".endswith("goal") else Submission.objects.get(reference="{value}")
print(tally.votes(row).agree, tally.votes(row).disagree)
"""
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


class Browser:
    """Sends votes as a browser does, with the number that it was given."""

    def __init__(self, server, path, cookie=""):
        self.host, self.path, self.cookie = urlsplit(server.url).netloc, path, cookie

    def _post(self, path, value):
        connection = HTTPConnection(self.host, timeout=120)
        connection.request("POST", path, urlencode({"value": value}), HEADERS | {"Cookie": self.cookie})
        response = connection.getresponse()
        response.read()
        connection.close()
        return response

    def vote(self, value):
        response = self._post(self.path, value)
        if response.status == 307:
            self.cookie = response.getheader("Set-Cookie").partition(";")[0]
            response = self._post(response.getheader("Location"), value)
        assert response.status == 303, response.status


@pytest.fixture(params=["goal", "opinion"])
def target(request, server):
    """Return the server, the path to vote at, and where the target stands in the database: each test has its own."""
    if request.param == "goal":
        code = CODES.pop()
        place = {"column": "goal_id", "table": "comments_developmentgoal", "key": "code", "value": code}
        return server, f"/goals/{code}/vote/", place
    reference = server.shell(PUBLISHED).strip()
    place = {
        "column": "submission_id",
        "table": "comments_submission",
        "key": "reference",
        "value": reference,
    }
    return server, f"/comments/{reference}/vote/", place


def at_once(deeds):
    gate = Barrier(len(deeds))

    def run(deed):
        gate.wait(timeout=60)
        deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        list(pool.map(run, deeds))


def stands(target):
    """Return the number of rows, and the counts, which must equal the recount."""
    server, _path, place = target
    ((rows,),), (counts,) = server.query(ROWS.format(**place)), server.query(COUNTS.format(**place))
    assert server.shell(RECOUNT.format(**place)).split() == [str(count) for count in counts]
    return rows, counts


def test_a_hundred_votes_of_one_browser_are_one(target):
    server, path, _ = target
    first = Browser(server, path)
    first.vote("")
    at_once([lambda: Browser(server, path, first.cookie).vote("agree") for _ in range(100)])
    assert stands(target) == (1, (1, 0))


def test_votes_of_a_hundred_browsers_are_a_hundred(target):
    server, path, _ = target
    at_once([lambda: Browser(server, path).vote("agree") for _ in range(100)])
    assert stands(target) == (100, (100, 0))


def test_any_mix_ends_with_counts_that_equal_the_rows(target):
    server, path, _ = target
    chance = random.Random(1)  # noqa: S311
    browsers = [Browser(server, path) for _ in range(4)]
    for browser in browsers:
        browser.vote("agree")
    values = [(chance.choice(browsers).cookie, chance.choice(["agree", "disagree", ""])) for _ in range(200)]
    at_once([lambda one=one: Browser(server, path, one[0]).vote(one[1]) for one in values])
    rows, counts = stands(target)
    assert rows == sum(counts) <= 4
