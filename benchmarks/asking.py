"""Ask a server as a browser does, and tell what its processes have computed for it."""

from __future__ import annotations

import http.client
import itertools
import re
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg2

from benchmarks import rows
from tests.databases import Database

LIST = "/comments/"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_number = itertools.count(1)
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


@dataclass
class Served:
    """A server with one worker, and which processes work for it."""

    url: str
    workers: list[int]
    database: Database
    log_file: Path | None = None

    def computed(self) -> float:
        """Return the milliseconds that the worker and the database have computed so far."""
        return sum(map(_computed, [*self.workers, *self._backends()])) / 1e6

    def _backends(self) -> list[int]:
        if not self.database.url.startswith("postgres"):
            return []
        with closing(psycopg2.connect(self.database.url)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return [pid for (pid,) in cursor.fetchall()]

    def change(self) -> None:
        """Say, as the triggers do, that something was changed that is shown."""
        statement = "UPDATE comments_publicversion SET shown = shown + 1"
        if self.database.url.startswith("postgres"):
            opened: Any = psycopg2.connect(self.database.url)
        else:
            opened = sqlite3.connect(self.database.url.removeprefix("sqlite:///"), timeout=20)
        with closing(opened) as connection:
            connection.cursor().execute(statement)
            connection.commit()

    def statements(self) -> str:
        """Return how many statements the last request that was noted has asked."""
        noted = (
            re.findall(r"(\d+) queries$", self.log_file.read_text(), re.MULTILINE) if self.log_file else []
        )
        return noted[-1] if noted else ""

    def ask(self, path: str, data: dict[str, str] | None = None, **headers: str) -> http.client.HTTPResponse:
        """Ask over a connection of its own, as a proxy without keep-alive does; return the answer, read."""
        with closing(http.client.HTTPConnection(urlsplit(self.url).netloc)) as connection:
            body = urlencode(data) if data is not None else None
            sent = {"Accept-Encoding": "gzip", **(_FORM if data else {}), **headers}
            connection.request("POST" if data is not None else "GET", path, body, sent)
            answer = connection.getresponse()
            answer.text = answer.read()  # type: ignore[attr-defined]
            return answer


def _computed(pid: int) -> int:
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total


def cost(server: Served, request: Callable[[], http.client.HTTPResponse], times: int) -> float:
    """Return the milliseconds that one request computes: the median of five rounds."""
    expected = request().status
    assert expected < http.HTTPStatus.BAD_REQUEST, expected
    for _ in range(3):
        request()
    rounds = []
    for _ in range(5):
        before = server.computed()
        for _ in range(max(1, times // 5)):
            assert request().status == expected
        rounds.append((server.computed() - before) / max(1, times // 5))
    return median(rounds)


def never_asked(address: str) -> str:
    """Return the address with what was never asked for: nobody has kept its page."""
    return f"{address}{'&' if '?' in address else '?'}x={next(_number)}"


def text(answer: http.client.HTTPResponse) -> str:
    """Return what was answered, which must not be packed."""
    return answer.text.decode()  # type: ignore[attr-defined,no-any-return]


def form(ours: Served, address: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the hidden fields of a form, and the headers to send it with."""
    answer = ours.ask(address, **{"Accept-Encoding": ""})
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text(answer))
    assert token
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return {"csrfmiddlewaretoken": token[1]}, {
        "Cookie": cookie,
        "Origin": ours.url,
        "Referer": ours.url + address,
    }


def submit(ours: Served) -> Callable[[], http.client.HTTPResponse]:
    """Return what sends another opinion each time."""
    fields, headers = form(ours, "/submit/")
    texts = rows.bodies(1_000_000)

    def send() -> http.client.HTTPResponse:
        said = {
            # In letters: digits may look like personal data, which is asked about.
            "body": f"{next(texts)} {uuid.uuid4().hex.translate(_LETTERS)}",
            "sector": "citizen",
            "kind": "opinion",
            "about": "goals",
        }
        answer = ours.ask("/submit/", fields | said | {"idempotency_key": uuid.uuid4().hex}, **headers)
        assert answer.status == 303, answer.status
        return answer

    return send


def vote(ours: Served) -> Callable[[], http.client.HTTPResponse]:
    """Return what agrees and disagrees with one opinion by turns."""
    page = text(ours.ask(LIST, **{"Accept-Encoding": ""}))
    address = re.findall(r'action="(/comments/[^"]+/vote/)"', page)[0]
    same = {"Sec-Fetch-Site": "same-origin"}
    first = ours.ask(address, {"value": "agree"}, **same)
    cookie = {"Cookie": first.headers["Set-Cookie"].partition(";")[0]}
    turn = itertools.cycle(("agree", "disagree"))

    def press() -> http.client.HTTPResponse:
        answer = ours.ask(address, {"value": next(turn)}, **same, **cookie)
        assert answer.status == 303, answer.status
        return answer

    return press


def receipt(ours: Served) -> Callable[[], http.client.HTTPResponse]:
    """Return what looks up the receipt of an opinion."""
    sent = submit(ours)()
    cookie = next(
        value for name, value in sent.getheaders() if name == "Set-Cookie" and value.startswith("receipt=")
    )
    page = text(ours.ask("/receipt/", **{"Accept-Encoding": "", "Cookie": cookie.partition(";")[0]}))
    keys = {
        "reference": re.findall(r"67-[0-9A-Z]{4}-[0-9A-Z]{4}", page)[0],
        "secret": re.findall(r'id="receipt-secret">([^<]+)<', page)[0],
    }
    fields, headers = form(ours, "/receipt/")
    return lambda: ours.ask("/receipt/", fields | keys, **headers)
