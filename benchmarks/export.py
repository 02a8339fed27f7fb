"""Export many submissions through a real server, in each format and as of the past: time, memory, row accounting.

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
from dataclasses import dataclass
from pathlib import Path
from urllib.request import OpenerDirector

from benchmarks import servers
from tests import postgres
from tests.server import Server

_CHANGE = """
from django.db.models import F
from comments.models import Submission
Submission.objects.update(agree_count=F("agree_count") + 1)
"""


@dataclass(frozen=True)
class Taken:
    """What an export took: seconds, bytes, rows by its header, and the memory of the worker in MB."""

    seconds: float
    size: int
    counted: int
    before: float
    more: float


def measure(name: str, url: str, rows: int, out: Path) -> None:
    """Export once to warm up and once in each way to measure; print a line for each."""
    with servers.filled(url, rows, EXPORT_AT_ONCE=str(rows)) as server:
        client = servers.signed_in(server)
        address = f"{server.url}/admin/comments/submission/export/"
        servers.post(client, address, received_to="01/01/2560").read()
        bare = _bare(name, server)
        ((stored,),) = server.query("SELECT count(*) FROM comments_submission")
        for form in ("csv", "jsonl", "xlsx"):
            taken = _take(client, server, address, out / f"{name.lower()}.{form}", format=form)
            _print(f"{name} {form}", taken, bare, rows, stored)
        # Every opinion has changed since; what each said before is put back.
        ((first,),) = server.query("SELECT min(id) FROM comments_exportrecord WHERE rows > 0")
        server.shell(_CHANGE)
        page = f"{server.url}/admin/comments/exportrecord/{first}/change/"
        again = _take(
            client, server, page, out / f"{name.lower()}-again.csv", to=page.replace("change", "file")
        )
        _print(f"{name} csv as of before {rows} changes", again, bare, rows, stored)
        same = (out / f"{name.lower()}-again.csv").read_bytes() == (out / f"{name.lower()}.csv").read_bytes()
        assert same


def _take(client: OpenerDirector, server: Server, page: str, file: Path, **fields: str) -> Taken:
    (worker,) = servers.worker_pids(server)
    servers.forget_peak(worker)
    before, _peak = servers.memory(worker)
    began = time.perf_counter()
    with servers.post(client, page, **fields) as response, file.open("wb") as target:
        counted = int(response.headers["X-Row-Count"])
        shutil.copyfileobj(response, target)
    seconds = time.perf_counter() - began
    return Taken(seconds, file.stat().st_size, counted, before, servers.memory(worker)[1] - before)


def _print(what: str, taken: Taken, bare: float, rows: int, stored: int) -> None:
    print(
        f"{what}: {rows} rows, {taken.size / 1e6:.0f} MB in {taken.seconds:.1f} s "
        f"({taken.seconds / bare:.2f} × bare {bare:.1f} s), worker {taken.before:.0f} MB, peak +{taken.more:.1f} MB, "
        f"X-Row-Count {taken.counted}, stored {stored}",
        flush=True,
    )
    assert taken.counted == stored == rows


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
