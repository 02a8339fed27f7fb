"""Count many opinions beside the bare database: the cube, tables of two things, the planner's page, the results, the metrics.

`python -m benchmarks.summary [--rows 1000000] [--only postgresql]` prints, for each database, the median seconds of the
processor in the application and the database together, and how many times the bare GROUP BY that is, over an index made
for it alone, asked in turns with the others. PostgreSQL works without parallel processes, so that all of it is seen.
"""

from __future__ import annotations

import argparse
import http.client
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from urllib.request import OpenerDirector

import django

from benchmarks import aims, asking, servers
from tests.environment import ROOT
from tests.server import Server

# By what the bare database counts.
_CUBE = "goal_id, sector_id, district_id, stance"
_BARE = f"SELECT {_CUBE}, COUNT(*) FROM comments_submission GROUP BY {_CUBE}"  # noqa: S608 - of our own names
_ROUNDS = 5
_TOKEN = "the-benchmarks-use-this-token-and-nobody-else"  # noqa: S105
# No parallel processes on a server either: they are gone before anybody could see what they computed.
ENVIRONMENT = {"METRICS_TOKEN": _TOKEN, "PGOPTIONS": "-c max_parallel_workers_per_gather=0"}
_SUMMARY = "/admin/comments/submission/summary/"
_PAGES = {
    "the planner's page: goal by stance": _SUMMARY,
    "the same of one plan": f"{_SUMMARY}?plan=2567",
    "the planner's page: texts by goal and stance": f"{_SUMMARY}?measure=texts",
    "the planner's page: strategy by month": f"{_SUMMARY}?rows=strategy&columns=month",
}


def count() -> None:
    """Print what each count takes in this process, on the database of the settings."""
    from django.db import connection  # noqa: PLC0415 - Django must be set up first

    from comments import tally  # noqa: PLC0415
    from comments.models import Plan, Submission  # noqa: PLC0415

    if connection.vendor == "postgresql":
        _run("SET max_parallel_workers_per_gather = 0")
    _run(f"CREATE INDEX bare_cube ON comments_submission ({_CUBE})")
    _run("VACUUM ANALYZE comments_submission" if connection.vendor == "postgresql" else "ANALYZE")
    rows, plan = Submission.objects.all(), Plan.objects.current()
    assert plan
    cube = ("goal", "sector", tally.AXES["district"].key(), "stance")
    _in_turns(
        {
            "bare GROUP BY over its own index": lambda: _run(_BARE),
            "goal, sector, district and stance": lambda: list(tally.grouped(rows, *cube)),
            "the same of one plan": lambda: list(tally.grouped(rows.filter(plan=plan), *cube)),
            "goal by stance": lambda: tally.pivot(rows, "goal", "stance"),
            "texts by goal and stance": lambda: tally.pivot(rows, "goal", "stance", tally.TEXTS),
            "strategy by month": lambda: tally.pivot(rows, "strategy", "month"),
            "everything at once, for the CSV": lambda: tally.summary(rows),
        }
    )
    _run("DROP INDEX bare_cube")


def _in_turns(deeds: dict[str, Callable[[], object]]) -> None:
    took: dict[str, list[float]] = {what: [] for what in deeds}
    for what, deed in list(deeds.items()) * _ROUNDS:
        before = servers.worked()
        deed()
        took[what].append((servers.worked() - before) / 1e9)
    limit = median(next(iter(took.values())))
    for what, seconds in took.items():
        ratio = median(seconds) / limit
        print(
            f"  {what:46} {median(seconds):7.3f} {ratio:6.2f} × bare  {aims.beside(what, ratio)}", flush=True
        )


def _run(sql: str) -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(sql)
        if cursor.description:
            cursor.fetchall()


def ask(server: Server, client: OpenerDirector) -> None:
    """Print what each page takes on a server with one worker."""
    ours = asking.Served(server.url, servers.worker_pids(server), server.database)
    for what, address in _PAGES.items():
        _tell(what, ours, lambda address=address: _get(client, server.url + address))  # type: ignore[misc]
    _tell("/results/, drawn anew", ours, lambda: ours.ask(asking.never_asked("/results/")))
    _tell("/metrics", ours, lambda: ours.ask("/metrics", Authorization=f"Bearer {_TOKEN}"))


def _tell(what: str, ours: asking.Served, request: Callable[[], http.client.HTTPResponse]) -> None:
    took = asking.cost(ours, request, _ROUNDS) / 1e3
    print(f"  {what:46} {took:7.3f} s  {aims.beside(what, took)}", flush=True)


def _get(client: OpenerDirector, address: str) -> http.client.HTTPResponse:
    with client.open(address) as response:
        # Not the page to sign in at.
        assert response.url == address, response.url
        response.read()
        found: http.client.HTTPResponse = response
        return found


def measure(name: str, server: Server, client: OpenerDirector, rows: int) -> None:
    """Count without a server, then ask this one for its pages."""
    print(f"\n{name}, {rows:,} opinions: seconds of the processor", flush=True)
    command = [sys.executable, "-m", "benchmarks.summary", "--here"]
    subprocess.run(command, env=server.env, cwd=ROOT, check=True)
    ask(server, client)


def main() -> None:
    """Measure on each database, or count on the one of the settings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"], action="append", default=[])
    parser.add_argument("--here", action="store_true", help="on the database of the settings, as it is")
    options = parser.parse_args()
    if options.here:
        django.setup()
        count()
        return
    with servers.databases() as urls:
        for name in options.only or urls:
            with servers.filled(urls[name], options.rows, **ENVIRONMENT) as server:
                measure(name, server, servers.signed_in(server), options.rows)


if __name__ == "__main__":
    main()
