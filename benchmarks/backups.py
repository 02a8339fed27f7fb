"""How long a backup and a restore take: `python -m benchmarks.backups [--rows 100000] [--files 200]`.

The drill is that of the operations guide: one command makes the backup of a running server, one brings it into an empty
installation, and the doctor's readiness answers there.
"""

from __future__ import annotations

import argparse
import base64
import os
import resource
import tempfile
import time
from pathlib import Path

from benchmarks import servers
from tests.databases import empty_database
from tests.server import manage

READY = "from comments import doctor; print(doctor.hindrance() or 'ready')"
_MEGABYTE = 1024 * 1024


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
        try:
            for label, env, words in (
                ("backup", server.env | key, ("backup", path)),
                ("verify_backup", server.env | key, ("verify_backup", path)),
                ("restore", empty, ("restore", path, "--no-erasures")),
                ("ready", empty, ("shell", "--verbosity=0", "--command", READY)),
            ):
                began, computed = time.perf_counter(), _computed()
                told = manage(env, *words).stdout.strip().splitlines()[-1]
                clock, cpu = time.perf_counter() - began, _computed() - computed
                size = f"{rows:9,} rows {files} MB of files"
                print(f"{name:10} {size}  {label:14} {clock:6.1f} s, {cpu:5.1f} s CPU  {told}")
        finally:
            database.drop()
        print(f"{name:10} the backup has {path.stat().st_size / _MEGABYTE:.0f} MB")


def _computed() -> float:
    """Return the seconds that our commands computed so far; those of PostgreSQL's server are not among them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure on each database that the machine has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=200, help="files of 1 MB each")
    options = parser.parse_args()
    with servers.databases() as urls:
        for name, url in urls.items():
            measure(name, url, options.rows, options.files)


if __name__ == "__main__":
    main()
