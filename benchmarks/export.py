"""Export many submissions through a real server, in each format and as of the past: time, memory, row accounting.

`python -m benchmarks.export [--rows 100000] [--formats csv] [--out DIR]`
"""

from __future__ import annotations

import argparse
import csv
import re
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import OpenerDirector

from benchmarks import aims, servers
from tests import postgres
from tests.server import Server

_CHANGE = """
from django.db.models import F
from comments.models import Submission
Submission.objects.update(agree_count=F("agree_count") + 1)
"""
_EXPORT = "/admin/comments/submission/export/"
_EVERYTHING = "SELECT * FROM comments_submission ORDER BY received_at, id"
ROUNDS = 2


@dataclass(frozen=True)
class Taken:
    """What a file took: seconds by the clock and of the processors, application and database together, and its MB."""

    clock: float
    worked: float
    size: float


@dataclass(frozen=True)
class Exported(Taken):
    """The rows by the header of the response, and the memory of the worker in MB."""

    counted: int
    before: float
    more: float


def measure(name: str, server: Server, client: OpenerDirector, formats: list[str], out: Path) -> None:
    """Export once to warm up and then in each way to measure; print a line for each, beside a bare one just before."""
    address = f"{server.url}{_EXPORT}"
    servers.post(client, address, received_to="01/01/2560").read()  # type: ignore[attr-defined]
    for form in formats:
        bare = _bare(name, server)
        taken = _take(client, server, address, out / f"{name.lower()}.{form}", format=form)
        _print(f"{name} {form}", taken, bare, server)
        print(_aims(name, form, taken, bare), flush=True)


def _measure_past(name: str, server: Server, client: OpenerDirector, out: Path) -> None:
    """Change every opinion, and export what each said before."""
    ((first,),) = server.query("SELECT min(id) FROM comments_exportrecord WHERE rows > 0 AND format = 'csv'")
    kept = out / f"{name.lower()}-first.csv"
    (out / f"{name.lower()}.csv").rename(kept)
    server.shell(_CHANGE)
    bare = _bare(name, server)
    page = f"{server.url}/admin/comments/exportrecord/{first}/change/"
    again = _take(client, server, page, out / f"{name.lower()}.csv", to=page.replace("change", "file"))
    _print(f"{name} csv as of before all were changed", again, bare, server)
    assert (out / f"{name.lower()}.csv").read_bytes() == kept.read_bytes()


def _aims(name: str, form: str, taken: Exported, bare: Taken) -> str:
    told = {
        f"{name} {form}": taken.worked / bare.worked,
        f"{form}, memory": taken.more,
        f"{form}, seconds": taken.clock,
    }
    return "".join(
        f"  {what}: {value:.2f}, {said}" for what, value in told.items() if (said := aims.beside(what, value))
    )


def _take(
    client: OpenerDirector, server: Server, page: str, file: Path, *, to: str = "", **fields: str
) -> Exported:
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.open(page).read().decode())
    assert token
    data = urlencode(fields | {"csrfmiddlewaretoken": token[1]}).encode()
    (worker,) = servers.worker_pids(server)
    servers.forget_peak(worker)
    before, _peak = servers.memory(worker)
    worked, began = _worked(server), time.perf_counter()
    with client.open(to or page, data) as response, file.open("wb") as target:
        counted = int(response.headers["X-Row-Count"])
        shutil.copyfileobj(response, target, 1 << 20)
    clock = time.perf_counter() - began
    more = servers.memory(worker)[1] - before
    return Exported(clock, _worked(server) - worked, file.stat().st_size / 1e6, counted, before, more)


def _worked(server: Server) -> float:
    """Return the seconds of processor time of the server and its database, and of the programs that have ended here."""
    places = parse_qs(urlsplit(server.env["DATABASE_URL"]).query).get("host")
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ours = sum(servers.worked_by(server, Path(places[0]) / "data" if places else None).values())
    return ours + ended.ru_utime + ended.ru_stime


def _print(what: str, taken: Exported, bare: Taken, server: Server) -> None:
    ((stored,),) = server.query("SELECT count(*) FROM comments_submission")
    print(
        f"{what}: {stored} rows, {taken.size:.0f} MB; processor {taken.worked:.1f} s "
        f"({taken.worked / bare.worked:.2f} × bare {bare.worked:.1f} s for {bare.size:.0f} MB), "
        f"clock {taken.clock:.1f} s ({taken.clock / bare.clock:.2f} × {bare.clock:.1f} s), "
        f"worker {taken.before:.0f} MB, peak +{taken.more:.1f} MB, X-Row-Count {taken.counted}",
        flush=True,
    )
    assert taken.counted == stored


def _bare(name: str, server: Server) -> Taken:
    """Return what the database's own tool takes to write the same table as CSV."""
    dump: Callable[[str, Path], object] = _sqlite if name == "SQLite" else _psql
    with tempfile.NamedTemporaryFile() as file:
        url, began = server.env["DATABASE_URL"], time.perf_counter()
        worked, here = _worked(server), time.process_time()
        dump(url, Path(file.name))
        clock, here = time.perf_counter() - began, time.process_time() - here
        return Taken(clock, _worked(server) - worked + here, Path(file.name).stat().st_size / 1e6)


def _sqlite(url: str, out: Path) -> None:
    path = url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection, out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(connection.execute(_EVERYTHING))


def _psql(url: str, out: Path) -> None:
    programs = postgres.find_programs()
    assert programs
    with out.open("wb") as file:
        command = [programs / "psql", url, "--command", f"\\copy ({_EVERYTHING}) TO STDOUT (FORMAT csv)"]
        subprocess.run(command, stdout=file, check=True)


def main() -> None:
    """Measure on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--formats", nargs="+", default=["csv", "jsonl", "xlsx"], help="csv first")
    parser.add_argument("--out", type=Path, help="keep the files here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, servers.databases() as urls:
        out = options.out or Path(temporary)
        for name, url in urls.items():
            formats = [form for form in options.formats for _ in range(ROUNDS if form == "csv" else 1)]
            with servers.filled(url, options.rows, EXPORT_AT_ONCE=str(options.rows)) as server:
                client = servers.signed_in(server)
                measure(name, server, client, formats, out)
                _measure_past(name, server, client, out)


if __name__ == "__main__":
    main()
