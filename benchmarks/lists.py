"""The public list at different sizes: queries, CPU of the worker and time for each request.

`python -m benchmarks.lists [--rows 1000 100000] [--requests 40]`
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from benchmarks import servers
from tests import environment
from tests.server import Server

ADDRESSES = {
    "constant view": "/healthz",
    "first page": "/comments/",
    "filtered page": "/comments/?sector=citizen&stance=agree",
    "goal with its opinions": "/goals/G67-4.3-01/",
    "home": "/",
}
_TICKS = os.sysconf("SC_CLK_TCK")


def measure(name: str, url: str, rows: int, requests: int) -> None:
    """Print one line an address."""
    with servers.filled(url, rows) as server:
        addresses = ADDRESSES | {"page 20, by key": _deep(server, 20)}
        queries = _queries(server, list(addresses.values()))
        (worker,) = servers.worker_pids(server)
        for label, address in addresses.items():
            urlopen(server.url + address).read()
            before, began = _cpu(worker), time.perf_counter()
            for _ in range(requests):
                urlopen(server.url + address).read()
            cpu = 1000 * (_cpu(worker) - before) / requests
            wall = 1000 * (time.perf_counter() - began) / requests
            print(
                f"{name:10} {rows:9,} rows  {label:24} {queries[address]:2} queries"
                f" {cpu:6.1f} ms CPU {wall:6.1f} ms wall"
            )


def _deep(server: Server, pages: int) -> str:
    address = "/comments/"
    for _ in range(pages):
        found = re.search(
            r'href="(/comments/\?[^"]*after=[^"]+)"', urlopen(server.url + address).read().decode()
        )
        if found is None:
            break
        address = found[1].replace("&amp;", "&")
    return address


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _queries(server: Server, addresses: list[str]) -> dict[str, int]:
    command = [sys.executable, "-m", "benchmarks.lists", "--count", *addresses]
    done = subprocess.run(
        command, env=server.env, cwd=environment.ROOT, check=True, capture_output=True, text=True
    )
    counted: dict[str, int] = json.loads(done.stdout)
    return counted


def count_queries(addresses: list[str]) -> None:
    """Print, as JSON, how many queries each address takes in this process."""
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    counted = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            Client(SERVER_NAME="localhost").get(address)
        counted[address] = len(captured)
    print(json.dumps(counted))


def main() -> None:
    """Measure on each database at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--count", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.count:
        count_queries(options.count)
        return
    with servers.databases() as urls:
        for name, url in urls.items():
            for rows in options.rows:
                measure(name, url, rows, options.requests)


if __name__ == "__main__":
    main()
