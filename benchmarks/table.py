"""What everything costs beside its limit, in one run: pages and forms, counts, files.

`python -m benchmarks.table [--rows 1000 100000 1000000] [--requests 100] [--only postgresql] [--pages]` prints, for each
request, milliseconds of the processor in the worker and in the database's own processes, how many times the bare view
that is, the aim (`aims`), and how many statements it asked; then what `summary` and `export` print of the same rows. Workbooks
and JSON Lines are made of 100,000 rows alone; `--pages` leaves out all but requests. *Drawn anew* is an address that was never asked for; *after a change* the same just
after something was changed that the public sees, so that nothing is known but the reference rows.
"""

from __future__ import annotations

import argparse
import http.client
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import django

from benchmarks import aims, export, rows, servers, summary
from benchmarks.asking import LIST, Served, cost, never_asked, receipt, submit, text, vote
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
# So many rows make a workbook.
_WORKBOOK = 100_000
# What the bare view's row is stored in, on either database.
_TABLE = {
    "sqlite": "CREATE TABLE bare_row (id integer PRIMARY KEY AUTOINCREMENT, words text NOT NULL)",
    "postgresql": "CREATE TABLE bare_row (id bigserial PRIMARY KEY, words text NOT NULL)",
}


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


def measure(name: str, url: str, count: int, times: int, *, only_pages: bool) -> None:
    """Print the table of one database at one size."""
    env = _WITHOUT_END | summary.ENVIRONMENT | {"EXPORT_AT_ONCE": str(2 * count)}
    with servers.filled(url, count, **env) as running:
        _pages(name, running, count, times)
        if not only_pages:
            client = servers.signed_in(running)
            summary.measure(name, running, client, count)
            forms = [*["csv"] * export.ROUNDS, *(["jsonl", "xlsx"] if count == _WORKBOOK else [])]
            with tempfile.TemporaryDirectory() as out:
                export.measure(name, running, client, forms, Path(out))


def _pages(name: str, running: Server, count: int, times: int) -> None:
    with beside(running) as least:
        workers = [pid for pid in servers.worker_pids(running) if pid not in least.workers]
        ours = Served(running.url, workers, running.database, running.log_file)
        print(
            f"\n{name}, {count:,} rows, {servers.size(running):,.0f} MB: ms of processor for a request · times the bare view · statements"
        )
        limits = _limits(least, times)
        for label, limit, request in _requests(ours):
            took = cost(ours, request, times)
            asked = "" if label == "/healthz" else ours.statements()
            ratio = took / limits[limit]
            aim = aims.beside(label, ratio)
            print(f"  {label:34} {took:7.2f} {ratio:6.1f} × {limit:8} {asked:>3}  {aim}", flush=True)


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
    for label in ("list", "goal", "home", "results"):
        yield f"{label}, after a change", "list", partial(_after_a_change, ours, pages[label])
    yield "form", "constant", lambda: ours.ask("/submit/")
    yield "submit", "insert", submit(ours)
    yield "vote", "insert", vote(ours)
    yield "receipt", "insert", receipt(ours)


def _after_a_change(ours: Served, address: str) -> http.client.HTTPResponse:
    ours.change()
    return ours.ask(never_asked(address))


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
    parser.add_argument("--pages", action="store_true")
    options = parser.parse_args()
    environment.fix()
    django.setup()
    with servers.databases() as urls:
        for name, url in urls.items():
            for count in options.rows if options.only in (None, name.lower()) else []:
                measure(name, url, count, options.requests, only_pages=options.pages)


if __name__ == "__main__":
    main()
