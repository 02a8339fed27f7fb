"""Servers with many rows, on each database that the machine has, and a client signed in to them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from tests import environment, postgres
from tests.faults.clusters import children
from tests.server import Server, stage

_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def filled(url: str, rows: int, **env: str) -> Iterator[Server]:
    """Run a server with one worker and `rows` submissions on the database vendor of `url`."""
    environment.fix()
    with stage(url) as prepared, prepared.server(WEB_CONCURRENCY="1", **env) as server:
        command = [sys.executable, "-m", "benchmarks.rows", str(rows)]
        subprocess.run(command, env=server.env, cwd=environment.ROOT, check=True)
        # As the database's own upkeep would: an index alone is not read before a VACUUM has seen the rows.
        upkeep = "VACUUM ANALYZE" if server.database.url.startswith("postgres") else "ANALYZE"
        server.shell(f"from django.db import connection; connection.cursor().execute('{upkeep}')")
        yield server


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Yield the URL of a database of each vendor that the machine has, by the vendor's name."""
    urls = {"SQLite": "sqlite://:memory:"}
    programs = postgres.find_programs()
    if programs is None:
        print("LEFT OUT: PostgreSQL, no server programs found", file=sys.stderr)
        yield urls
        return
    with postgres.cluster(programs) as url:
        yield urls | {"PostgreSQL": url}


def signed_in(server: Server) -> OpenerDirector:
    """Return a client with the session of an administrator."""
    output = server.manage("first_administrator").stdout
    drawn = re.search(r"Name: (\S+) +Password: (\S+)", output)
    assert drawn, output
    # Else a password of one's own would have to be chosen first.
    server.shell("from comments.models import GivenPassword; GivenPassword.objects.all().delete()")
    client = build_opener(HTTPCookieProcessor(CookieJar()))
    post(client, f"{server.url}/admin/login/?next=/healthz", username=drawn[1], password=drawn[2])
    return client


def post(client: OpenerDirector, address: str, *, to: str = "", **fields: str) -> object:
    """Send the form at `address` with its token, to that address or another, and return the open response."""
    page = client.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, page[:500]
    data = urlencode(fields | {"csrfmiddlewaretoken": token[1]}).encode()
    return client.open(to or address, data)


def size(server: Server) -> float:
    """Return how much room the database takes, in MB."""
    if server.database.url.startswith("postgres"):
        ((found,),) = server.query("SELECT pg_database_size(current_database())")
    else:
        ((found,),) = server.query("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
    return float(found) / 1e6


def worker_pids(server: Server) -> list[int]:
    """Return the processes that serve, children of gunicorn's arbiter."""
    marker = f"VAR_DIR={server.env['VAR_DIR']}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if marker in (entry / "environ").read_bytes().split(b"\0"):
                    found.append((int(_status(int(entry.name), "PPid")), int(entry.name)))
            except (FileNotFoundError, PermissionError, ProcessLookupError):
                continue
    ours = {pid for _parent, pid in found}
    return [pid for parent, pid in found if parent in ours]


def _status(pid: int, name: str) -> int:
    text = Path(f"/proc/{pid}/status").read_text()
    value = re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)
    assert value
    return int(value[1])


def worked() -> int:
    """Return the nanoseconds that this process and its connection's server have computed so far.

    On a busy machine they say more than the clock does.
    """
    from django.db import connection  # noqa: PLC0415 - Django must be set up first

    own = time.process_time_ns()
    if connection.vendor != "postgresql":
        return own
    pid = connection.connection.info.backend_pid
    return own + int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])


def worked_by(server: Server, data: Path | None) -> dict[str, float]:
    """Return the seconds of processor time of the application, and of the PostgreSQL with that data directory, so far."""
    worked = {"application": sum(seconds(pid) for pid in worker_pids(server))}
    if data:
        head = int((data / "postmaster.pid").read_text().splitlines()[0])
        # Those that have ended count with their parent, so it comes last.
        worked["PostgreSQL"] = sum(seconds(pid) for pid in [*children(head), head])
    return worked


def seconds(pid: int) -> float:
    """Return the seconds of processor time of a process and of its children that have ended; 0 once it has ended itself."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(map(int, fields[11:15])) / _TICKS


def forget_peak(pid: int) -> None:
    """Begin to measure the peak of a process's memory anew."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def memory(pid: int) -> tuple[float, float]:
    """Return resident memory now and at its peak, in MB."""
    return _status(pid, "VmRSS") / 1024, _status(pid, "VmHWM") / 1024
