"""More and more citizens at once, far too many, then few again: `python -m benchmarks.load [--rows 10000] [--seconds 30]`.

A process of its own sends them on a schedule, whether or not those before them were served. The nginx of deploy/ stands before the
server, and keeps public pages for as long as they say. Every time is counted from the moment of arrival. At the end the ledger of what
was promised is compared with the database.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor

from benchmarks import servers
from tests import environment
from tests.faults.clusters import durable
from tests.load.crowd import crowd, ended
from tests.load.ledger import audit
from tests.nginx import proxy
from tests.server import Server, stage

# For each submission a second: so many a second of everything else.
MIX = {
    "submit": 0.9,
    "submit_file": 0.1,
    "read": 10,
    "draw": 1,
    "search": 0.2,
    "look_up": 0.2,
    "vote": 0.5,
    "moderate": 0.04,
}
STEPS = [2, 5, 10, 25, 50]
OVERLOAD, QUIET = 5, 2
HEADINGS = [
    "submissions · readers a second",
    "submissions taken",
    "p50 / p95",
    "pages read",
    "p50 / p95",
    "503",
    "other ends",
    "processor time of the application, of PostgreSQL",
]
# Each citizen comes from the address that they say, and public pages are kept for as long as they say.
MORE = """
set_real_ip_from 127.0.0.1;
real_ip_header X-Forwarded-For;
proxy_cache_path {directory}/cache keys_zone=pages:10m max_size=100m;
proxy_cache pages;
proxy_cache_lock on;
proxy_cache_use_stale updating error timeout http_503;
proxy_cache_background_update on;
"""


def measure(name: str, like: str, rows: int, seconds: float, steps: list[float]) -> None:
    """Print a table for one database."""
    with (
        tempfile.TemporaryDirectory() as directory,
        stage(like) as prepared,
        durable(prepared) as (lasting, cluster),
        lasting.server(afresh=True, TRUSTED_PROXIES="1", REQUESTS_WAIT_SECONDS="9") as server,
        proxy([server.url], lasting.static, Path(directory), MORE.format(directory=directory)) as url,
    ):
        command = [sys.executable, "-m", "benchmarks.rows", str(rows)]
        subprocess.run(command, env=server.env, cwd=environment.ROOT, check=True)
        server.shell("from django.db import connection; connection.cursor().execute('ANALYZE')")
        ledger = Path(directory) / "ledger"
        plan = {"url": url, "ledger": str(ledger), "staff": _staff(server), "patience": 60}
        told, table = 0, [HEADINGS]
        for number, rate in enumerate([*steps, OVERLOAD * steps[-1], QUIET]):
            rates = {deed: rate * share for deed, share in MIX.items()}
            before = servers.worked_by(server, cluster and cluster.data)
            with crowd(plan | {"seed": number, "steps": [{"seconds": seconds, "rates": rates}]}) as people:
                result = people.result()
            after = servers.worked_by(server, cluster and cluster.data)
            told += ended(result, "submit", "submit_file").get("ok", 0)
            worked = {part: after[part] - before[part] for part in after}
            _print(name, rate, seconds, result, worked)
            table.append(_row(rate, seconds, result, worked))
        print(f"{name}: told {told}, {audit(ledger, server)}\n")
        print(
            *(f"| {' | '.join(row)} |" for row in [table[0], ["---"] * len(HEADINGS), *table[1:]]),
            sep="\n",
            flush=True,
        )


def _print(
    name: str, rate: float, seconds: float, rows: list[dict[str, Any]], worked: dict[str, float]
) -> None:
    cpu = ", ".join(f"{part} {took:.1f} s" for part, took in worked.items())
    print(f"{name}: {rate:g} submissions a second for {seconds:g} s; processor: {cpu}")
    for row in rows:
        times = " / ".join(f"{row.get(part, '-'):>6}" for part in ("p50", "p95", "p99"))
        print(f"    {row['deed']:12} {times} ms  {row['ended']}", flush=True)


def _row(rate: float, seconds: float, rows: list[dict[str, Any]], worked: dict[str, float]) -> list[str]:
    """Return what of a step stands in the table: every form, every page read, and how the others ended that got no answer."""
    said, reads = ended(rows, "submit", "submit_file"), ended(rows, "read")
    times = next((row for row in rows if row["deed"] == "submit"), {})
    read = next((row for row in rows if row["deed"] == "read"), {})
    everything = ended(rows)
    others = {how: count for how, count in sorted(everything.items()) if how not in {"ok", "none", "503"}}
    return [
        f"{rate:g} · {rate * MIX['read']:g}, {seconds:g} s",
        f"{said.get('ok', 0):,} of {sum(said.values()):,}",
        f"{times.get('p50', '-')} / {times.get('p95', '-')} ms",
        f"{reads.get('ok', 0):,} of {sum(reads.values()):,}",
        f"{read.get('p50', '-')} / {read.get('p95', '-')} ms",
        f"{everything.get('503', 0):,}",
        ", ".join(f"{count:,} × {how}" for how, count in others.items()) or "none",
        ", ".join(f"{took:.1f} s" for took in worked.values()),
    ]


def _staff(server: Server) -> str:
    client = servers.signed_in(server)
    jar = next(each for each in client.handlers if isinstance(each, HTTPCookieProcessor)).cookiejar
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar if cookie.name == "sessionid")


def main() -> None:
    """Measure each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--steps", type=float, nargs="+", default=STEPS, help="submissions a second")
    parser.add_argument("--database", choices=["SQLite", "PostgreSQL"])
    options = parser.parse_args()
    environment.fix()
    with servers.databases() as urls:
        for name, url in urls.items():
            if options.database in {None, name}:
                measure(name, url, options.rows, options.seconds, options.steps)


if __name__ == "__main__":
    main()
