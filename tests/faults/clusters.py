"""A PostgreSQL cluster that keeps what it is given, to be killed and started again."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from tests import postgres
from tests.databases import PostgresDatabase, SqliteDatabase
from tests.server import Stage

# Unlike the cluster of a test run this one must survive: nothing is switched off.
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{directory}'
max_connections = {connections}
"""


@dataclass(frozen=True)
class Cluster:
    """A cluster in a directory of its own."""

    directory: Path
    programs: Path
    user: str | None

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def url(self) -> str:
        return f"postgres://postgres@/bma_consult?host={self.directory}"

    def control(self, *command: str) -> None:
        """Run pg_ctl: start, stop, restart."""
        program = self.programs / "pg_ctl"
        postgres.run(
            [program, *command, "--wait", "--silent", "--pgdata", self.data], self.directory, self.user
        )

    def kill(self) -> None:
        """End every process of it at once, as the lack of memory or a power cut would."""
        head = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        pids = [head, *children(head)]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(is_alive(pid) for pid in pids):
            Event().wait(0.01)
        # One that is dead and not yet buried would still count as running.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def revive(self) -> None:
        """Kill it and start it again."""
        self.kill()
        for _ in range(50):
            # A process that was born in the same moment has still to notice.
            with suppress(RuntimeError):
                return self.control("start")
            Event().wait(0.1)
        raise AssertionError("PostgreSQL did not start again")

    def fill(self, template: PostgresDatabase) -> PostgresDatabase:
        """Return a copy of a database of another cluster."""
        database = PostgresDatabase(self.url).create()
        dump = [self.programs / "pg_dump", "--dbname", template.url]
        load = [self.programs / "psql", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", self.url]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as source:
            subprocess.run(load, stdin=source.stdout, stdout=subprocess.DEVNULL, check=True)
        assert source.returncode == 0
        return database


def is_alive(pid: int) -> bool:
    """Tell whether a process still runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def children(parent: int) -> list[int]:
    """Return the processes that another has started."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(entry.name))
    return found


@contextmanager
def cluster(directory: Path | None = None, connections: int = 100) -> Iterator[Cluster]:
    """Yield a running cluster, in `directory` or one of its own; remove every trace at the end."""
    programs, user = postgres.find_programs(), postgres.unprivileged_user()
    assert programs
    made = Cluster(Path(tempfile.mkdtemp(prefix="bma-consult-faults-", dir=directory)), programs, user)
    try:
        configuration = CONFIGURATION.format(directory=made.directory, connections=connections)
        postgres.create(made.directory, programs, user, configuration)
        made.control("start")
        yield made
    finally:
        with suppress(RuntimeError):
            made.control("stop", "--mode=immediate")
        shutil.rmtree(made.directory)


@contextmanager
def durable(stage: Stage, directory: Path | None = None) -> Iterator[tuple[Stage, Cluster | None]]:
    """Yield the stage on a database that survives being killed, with its cluster on PostgreSQL.

    In `directory`, where one is given, also with all its files.
    """
    here = directory or stage.directory
    if isinstance(stage.template, PostgresDatabase):
        with cluster(directory) as own:
            yield replace(stage, directory=here, template=own.fill(stage.template)), own
    elif directory:
        template = SqliteDatabase(directory / stage.template.path.name)
        shutil.copy(stage.template.path, template.path)
        yield replace(stage, directory=directory, template=template), None
    else:
        yield stage, None
