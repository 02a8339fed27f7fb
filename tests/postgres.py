"""A private PostgreSQL cluster that lives as long as a test run."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("initdb", "pg_ctl", "postgres")
INITDB_OPTIONS = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
# Nothing here outlives the run, so nothing is flushed to disk. No address is listened on: the only
# door is a socket in a directory that nobody else can enter.
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{directory}'
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 200
"""


def find_programs() -> Path | None:
    """Return the directory of the newest server programs, or None."""
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(installed, key=lambda path: float(path.parent.name), reverse=True)
    on_path = map(Path, os.environ.get("PATH", "").split(os.pathsep))
    for directory in (*newest_first, *on_path):
        if all(os.access(directory / program, os.X_OK) for program in PROGRAMS):
            return directory
    return None


def unprivileged_user() -> str | None:
    """Name the user to run as: initdb refuses root, everyone else runs as themselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def run(command: list[str | Path], directory: Path, user: str | None) -> None:
    """Run one server program to its end, apart from the terminal's Ctrl-C.

    Raises RuntimeError with the program's own words when it fails.
    """
    # A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open.
    log = directory / "log"
    with log.open("a") as output:
        done = subprocess.run(
            command,
            check=False,
            cwd=directory,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{log.read_text()}")


def create(directory: Path, programs: Path, user: str | None, configuration: str) -> None:
    """Make a cluster that is not started yet in `data` below a directory, which becomes the user's. Raises RuntimeError."""
    if user:
        shutil.chown(directory, user)
    data = directory / "data"
    run([programs / "initdb", "--pgdata", data, *INITDB_OPTIONS], directory, user)
    with (data / "postgresql.conf").open("a") as file:
        file.write(configuration)


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """Yield the URL of a new, empty cluster; stop it and remove every trace at the end."""
    directory = Path(tempfile.mkdtemp(prefix="bma-consult-postgres-"))
    data = directory / "data"
    user = unprivileged_user()
    try:
        create(directory, programs, user, CONFIGURATION.format(directory=directory))
        run([programs / "pg_ctl", "start", "--wait", "--silent", "--pgdata", data], directory, user)
        yield f"postgres://postgres@/bma_consult?host={directory}"
    finally:
        try:
            if (data / "postmaster.pid").exists():
                run([programs / "pg_ctl", "stop", "--mode=immediate", "--pgdata", data], directory, user)
        finally:
            shutil.rmtree(directory)
