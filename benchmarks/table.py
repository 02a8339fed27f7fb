"""What each page costs beside the least that Django can do, in one run.

`python -m benchmarks.table [--rows 1000 100000 1000000] [--requests 100] [--only postgresql]` prints, for each request,
milliseconds of the processor in the worker and in the database's own processes, how many times the bare view that is,
and how many statements it asked. *Drawn anew* is an address that was never asked for; *after a change* the same just
after something was changed that the public sees, so that nothing is known but the reference rows.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from urllib.request import urlopen

import django

from benchmarks import rows, servers
from benchmarks.asking import LIST, Served, receipt, submit, text, vote
from tests import environment
from tests.server import Server

FILTERED, GOAL, HOME = "/comments/?sector=citizen&stance=agree", "/goals/G67-4.3-01/", "/"
GOALS, RESULTS = "/goals/", "/results/"
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
_number = itertools.count(1)


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
            yield Served(url, list(map(int, children)), server.database)
        finally:
            process.terminate()
            process.wait()


def measure(name: str, url: str, count: int, times: int) -> None:
    """Print the table of one database at one size."""
    with servers.filled(url, count, **_WITHOUT_END) as running, beside(running) as least:
        workers = [pid for pid in servers.worker_pids(running) if pid not in least.workers]
        ours = Served(running.url, workers, running.database, running.log_file)
        print(f"\n{name}, {count:,} rows: ms of processor for a request · times the bare view · statements")
        limits = _limits(least, times)
        for label, limit, request in _requests(ours):
            took = cost(ours, request, times)
            asked = "" if label == "/healthz" else ours.statements()
            print(f"  {label:34} {took:7.2f} {took / limits[limit]:6.1f} × {limit:8} {asked:>3}", flush=True)


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
        "goals": GOALS,
        "results": RESULTS,
        "home": HOME,
        "search": SEARCH,
    }
    tag = ours.ask(LIST).headers["ETag"]
    yield "list, kept", "constant", lambda: ours.ask(LIST)
    yield "list, kept, 304", "constant", lambda: ours.ask(LIST, **{"If-None-Match": tag})
    for label, address in pages.items():
        yield f"{label}, drawn anew", "list", lambda address=address: ours.ask(never_asked(address))  # type: ignore[misc]
    for label in ("list", "goal", "home"):
        yield f"{label}, after a change", "list", partial(_after_a_change, ours, pages[label])
    yield "form", "constant", lambda: ours.ask("/submit/")
    yield "submit", "insert", submit(ours)
    yield "vote", "insert", vote(ours)
    yield "receipt", "insert", receipt(ours)


def _after_a_change(ours: Served, address: str) -> http.client.HTTPResponse:
    ours.change()
    return ours.ask(never_asked(address))


def never_asked(address: str) -> str:
    """Return the address with what was never asked for: nobody has kept its page."""
    return f"{address}{'&' if '?' in address else '?'}x={next(_number)}"


def _deep(ours: Served, pages: int) -> str:
    address = LIST
    for _ in range(pages - 1):
        page = text(ours.ask(address, **{"Accept-Encoding": ""}))
        found = re.search(r'rel="next" href="(\?[^"]*)"', page)
        if found is None:
            break
        address = LIST + found[1].replace("&amp;", "&")
    return address


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
