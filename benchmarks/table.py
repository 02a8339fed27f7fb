"""What each page costs beside the least that Django can do, in one run.

`python -m benchmarks.table [--rows 1000 100000 1000000] [--requests 100] [--only postgresql]` prints, for each request,
milliseconds of the processor in the worker and in the database's own processes, and how many times the bare view that
is.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import django
import psycopg2

from benchmarks import rows, servers
from tests import environment
from tests.server import Server

LIST, FILTERED, GOAL, HOME = "/comments/", "/comments/?sector=citizen&stance=agree", "/goals/G67-4.3-01/", "/"
SEARCH = "/comments/?" + urlencode({"q": "น้ำท่วม"})
_WITHOUT_END = dict.fromkeys(
    (
        "SUBMISSIONS_PER_MINUTE",
        "SUBMISSIONS_PER_HOUR",
        "VOTES_PER_HOUR",
        "SEARCHES_PER_MINUTE",
        "LOOK_UPS_PER_HOUR",
    ),
    "0",
)
# What the bare view's row is stored in, on either database.
_TABLE = {
    "sqlite": "CREATE TABLE bare_row (id integer PRIMARY KEY AUTOINCREMENT, words text NOT NULL)",
    "postgresql": "CREATE TABLE bare_row (id bigserial PRIMARY KEY, words text NOT NULL)",
}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_number = itertools.count(1)


@dataclass
class Served:
    """A server with one worker, and which processes work for it."""

    url: str
    workers: list[int]
    database: str

    def computed(self) -> float:
        """Return the milliseconds that the worker and the database have computed so far."""
        return sum(map(_computed, [*self.workers, *self._backends()])) / 1e6

    def _backends(self) -> list[int]:
        if not self.database.startswith("postgres"):
            return []
        with closing(psycopg2.connect(self.database)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return [pid for (pid,) in cursor.fetchall()]

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
    for _ in range(3):
        request()
    rounds = []
    for _ in range(5):
        before = server.computed()
        for _ in range(max(1, times // 5)):
            assert request().status == expected
        rounds.append((server.computed() - before) / max(1, times // 5))
    return median(rounds)


@contextmanager
def beside(server: Server) -> Iterator[Served]:
    """Serve the bare views on the same database."""
    vendor = "postgresql" if server.database.url.startswith("postgres") else "sqlite"
    server.shell(f"from django.db import connection; connection.cursor().execute('''{_TABLE[vendor]}''')")
    env = server.env | {"DJANGO_SETTINGS_MODULE": "", "WEB_CONCURRENCY": "1"}
    log = Path(server.env["VAR_DIR"]) / "bare.log"
    listener = http.client.socket.create_server(("127.0.0.1", 0))  # type: ignore[attr-defined]
    with listener, log.open("w") as output:
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "benchmarks.bare",
            "--config",
            "/dev/null",
            "--threads",
            "4",
        ]
        process = subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}"],
            cwd=environment.ROOT,
            env=env,
            stdout=output,
            stderr=output,
            pass_fds=[listener.fileno()],
        )
        url = "http://{}:{}".format(*listener.getsockname())
        try:
            urlopen(f"{url}/constant", timeout=60).read()
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            yield Served(url, list(map(int, children)), server.database.url)
        finally:
            process.terminate()
            process.wait()


def measure(name: str, url: str, count: int, times: int) -> None:
    """Print the table of one database at one size."""
    with servers.filled(url, count, **_WITHOUT_END) as running, beside(running) as least:
        workers = [pid for pid in servers.worker_pids(running) if pid not in least.workers]
        ours = Served(running.url, workers, running.database.url)
        print(f"\n{name}, {count:,} rows: ms of processor for a request · times the bare view")
        limits = _limits(least, times)
        for label, limit, request in _requests(ours):
            took = cost(ours, request, times)
            print(f"  {label:34} {took:7.2f} {took / limits[limit]:6.1f} × {limit}", flush=True)


def _limits(least: Served, times: int) -> dict[str, float]:
    text = next(rows.bodies(1))
    limits = {
        "constant": cost(least, lambda: least.ask("/constant"), 3 * times),
        "list": cost(least, lambda: least.ask("/rows"), times),
        "insert": cost(least, lambda: least.ask("/store", {"body": text}), times),
    }
    for limit, took in limits.items():
        print(f"  bare {limit:29} {took:7.2f}", flush=True)
    return limits


Request = tuple[str, str, Callable[[], http.client.HTTPResponse]]


def _requests(ours: Served) -> Iterator[Request]:
    """Yield each request by name and limit. A page is drawn anew where its address was never asked for."""
    yield "/healthz", "constant", lambda: ours.ask("/healthz")
    pages = {
        "list": LIST,
        "list, page 20 by key": _deep(ours, 20),
        "list, filtered": FILTERED,
        "goal": GOAL,
        "home": HOME,
        "search": SEARCH,
    }
    tag = ours.ask(LIST).headers["ETag"]
    yield "list, kept", "constant", lambda: ours.ask(LIST)
    yield "list, kept, 304", "constant", lambda: ours.ask(LIST, **{"If-None-Match": tag})
    for label, address in pages.items():
        yield f"{label}, drawn anew", "list", lambda address=address: ours.ask(never_asked(address))  # type: ignore[misc]
    yield "form", "constant", lambda: ours.ask("/submit/")
    yield "submit", "insert", _submit(ours)
    yield "vote", "insert", _vote(ours)
    yield "receipt", "insert", _receipt(ours)


def never_asked(address: str) -> str:
    """Return the address with what was never asked for: nobody has kept its page."""
    return f"{address}{'&' if '?' in address else '?'}x={next(_number)}"


def _deep(ours: Served, pages: int) -> str:
    address = LIST
    for _ in range(pages - 1):
        page = _text(ours.ask(address, **{"Accept-Encoding": ""}))
        found = re.search(r'rel="next" href="(\?[^"]*)"', page)
        if found is None:
            break
        address = LIST + found[1].replace("&amp;", "&")
    return address


def _text(answer: http.client.HTTPResponse) -> str:
    return answer.text.decode()  # type: ignore[attr-defined,no-any-return]


def _form(ours: Served, address: str) -> tuple[dict[str, str], dict[str, str]]:
    answer = ours.ask(address, **{"Accept-Encoding": ""})
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', _text(answer))
    assert token
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return {"csrfmiddlewaretoken": token[1]}, {
        "Cookie": cookie,
        "Origin": ours.url,
        "Referer": ours.url + address,
    }


def _submit(ours: Served) -> Callable[[], http.client.HTTPResponse]:
    fields, headers = _form(ours, "/submit/")
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


def _vote(ours: Served) -> Callable[[], http.client.HTTPResponse]:
    page = _text(ours.ask(LIST, **{"Accept-Encoding": ""}))
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


def _receipt(ours: Served) -> Callable[[], http.client.HTTPResponse]:
    sent = _submit(ours)()
    cookie = next(
        value for name, value in sent.getheaders() if name == "Set-Cookie" and value.startswith("receipt=")
    )
    page = _text(ours.ask("/receipt/", **{"Accept-Encoding": "", "Cookie": cookie.partition(";")[0]}))
    keys = {
        "reference": re.findall(r"67-[0-9A-Z]{4}-[0-9A-Z]{4}", page)[0],
        "secret": re.findall(r'id="receipt-secret">([^<]+)<', page)[0],
    }
    fields, headers = _form(ours, "/receipt/")
    return lambda: ours.ask("/receipt/", fields | keys, **headers)


def main() -> None:
    """Measure on each database at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    environment.fix()
    django.setup()
    with servers.databases() as urls:
        for name, url in urls.items():
            for count in options.rows if options.only in (None, name.lower()) else []:
                measure(name, url, count, options.requests)


if __name__ == "__main__":
    main()
