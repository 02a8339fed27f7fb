"""How long a backup and a restore take: `python -m benchmarks.backups [--rows 100000] [--files 200]`.

The drill is that of the operations guide: one command makes the backup of a running server, one brings it into an empty
installation, and the doctor's readiness answers there. Processor time and memory are those of the command with what it starts, not of
PostgreSQL's server. Somebody who opens the form, sends and reads the receipt says what is felt meanwhile.
"""

from __future__ import annotations

import argparse
import base64
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from benchmarks import servers
from tests import environment
from tests.cluster import send
from tests.databases import empty_database
from tests.server import Server

READY = "from comments import doctor; print(doctor.hindrance() or 'ready')"
_MEGABYTE = 1024 * 1024
_SENT = 20


def measure(name: str, url: str, rows: int, files: int) -> None:
    """Print one line a command."""
    with servers.filled(url, rows) as server, tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        (media := Path(server.env["VAR_DIR"]) / "media" / "attachments").mkdir(parents=True)
        for number in range(files):
            (media / f"{number:032x}").write_bytes(os.urandom(_MEGABYTE))
        server.manage("rebuild_search")
        key = {"BACKUP_KEY": base64.urlsafe_b64encode(bytes(range(32))).decode()}
        (place / "var" / "static").mkdir(parents=True)
        database = empty_database(server.database.url, place, "restored")
        empty = server.env | key | {"DATABASE_URL": database.url, "VAR_DIR": str(place / "var")}
        path = place / "one.backup"
        print(
            f"{name}: {rows:,} rows, {files} MB of files; somebody sends while nothing else is done: {_felt(server)}"
        )
        try:
            for label, env, words in (
                ("backup", server.env | key, ("backup", path)),
                ("verify_backup", server.env | key, ("verify_backup", path)),
                ("restore", empty, ("restore", path, "--no-erasures")),
                ("ready", empty, ("shell", "--verbosity=0", "--command", READY)),
            ):
                _run(label, env, words, server)
        finally:
            database.drop()
        print(f"{name}: the backup has {path.stat().st_size / _MEGABYTE:.0f} MB", flush=True)


def _run(label: str, env: dict[str, str], words: tuple[object, ...], server: Server) -> None:
    """Run one command while somebody sends opinions to the server, and print what both felt."""
    began = time.perf_counter()
    command = [sys.executable, "manage.py", *map(str, words)]
    process = subprocess.Popen(command, cwd=environment.ROOT, env=env, stdout=subprocess.PIPE, text=True)
    felt = _felt(server, process) if label == "backup" else "-"
    told = process.stdout.read().strip() if process.stdout else ""
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, told
    clock, cpu, peak = time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(
        f"    {label:14} {clock:6.1f} s, {cpu:5.1f} s CPU, peak {peak:.0f} MB; who sent meanwhile: {felt}",
        flush=True,
    )


def _felt(server: Server, process: subprocess.Popen[str] | None = None) -> str:
    """Send opinions one after the other, twenty or until the process ends; return how long one took."""
    took = []
    while len(took) < _SENT if process is None else _is_at_work(process):
        began = time.perf_counter()
        send(server.url, f"ข้อเสนอ {uuid.uuid4().hex} เรื่องทางเท้าและต้นไม้", uuid.uuid4().hex)
        took.append(time.perf_counter() - began)
    return (
        f"{len(took)}, median {statistics.median(took):.2f} s, worst {max(took):.2f} s" if took else "nobody"
    )


def _is_at_work(process: subprocess.Popen[str]) -> bool:
    # It is waited for elsewhere, with what it has used.
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def main() -> None:
    """Measure on each database that the machine has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--files", type=int, default=200, help="files of 1 MB each")
    options = parser.parse_args()
    with servers.databases() as urls:
        for name, url in urls.items():
            if options.database in {None, name}:
                measure(name, url, options.rows, options.files)


if __name__ == "__main__":
    main()
