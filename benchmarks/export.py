"""Export many submissions through a real server: time, memory of the worker, row accounting.

`python -m benchmarks.export [--rows 100000] [--out DIR]`
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import servers
from tests import postgres
from tests.server import Server


def measure(name: str, url: str, rows: int, out: Path) -> None:
    """Export once to warm up and once to measure; print one line."""
    with servers.filled(url, rows) as server:
        client = servers.signed_in(server)
        address = f"{server.url}/admin/comments/submission/export/"
        (worker,) = servers.worker_pids(server)
        servers.post(client, address, received_to="01/01/2560").read()
        servers.forget_peak(worker)
        before, _peak = servers.memory(worker)
        began = time.perf_counter()
        file = out / f"{name.lower()}.csv"
        with servers.post(client, address) as response, file.open("wb") as target:
            counted = int(response.headers["X-Row-Count"])
            shutil.copyfileobj(response, target)
        seconds = time.perf_counter() - began
        _now, peak = servers.memory(worker)
        bare = _bare(name, server)
        ((stored,),) = server.query("SELECT count(*) FROM comments_submission")
        print(
            f"{name}: {rows} rows, {file.stat().st_size / 1e6:.0f} MB in {seconds:.1f} s "
            f"({seconds / bare:.2f} × bare {bare:.1f} s), worker {before:.0f} MB, peak +{peak - before:.1f} MB, "
            f"X-Row-Count {counted}, stored {stored}"
        )
        assert counted == stored == rows


def _bare(name: str, server: Server) -> float:
    """Return the seconds that the database's own tool takes to write the same table as CSV."""
    sql = "SELECT * FROM comments_submission ORDER BY received_at, id"
    dump: Callable[[], object]
    if name == "SQLite":
        path = server.env["DATABASE_URL"].removeprefix("sqlite:///")
        dump = lambda: _sqlite(path, sql)  # noqa: E731
    else:
        dump = lambda: _psql(server.env["DATABASE_URL"], sql)  # noqa: E731
    began = time.perf_counter()
    dump()
    return time.perf_counter() - began


def _sqlite(path: str, sql: str) -> None:
    import csv  # noqa: PLC0415

    with sqlite3.connect(path) as connection, tempfile.TemporaryFile("w", encoding="utf-8") as file:
        csv.writer(file).writerows(connection.execute(sql))


def _psql(url: str, sql: str) -> None:
    programs = postgres.find_programs()
    assert programs
    with tempfile.TemporaryFile() as file:
        command = [programs / "psql", url, "--command", f"COPY ({sql}) TO STDOUT (FORMAT csv)"]
        subprocess.run(command, stdout=file, check=True)


def main() -> None:
    """Measure on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path, help="keep the files here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, servers.databases() as urls:
        out = options.out or Path(temporary)
        for name, url in urls.items():
            measure(name, url, options.rows, out)


if __name__ == "__main__":
    main()
