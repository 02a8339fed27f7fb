"""Real servers to test against: gunicorn as in production, each with a database of its own.

`with stage(database_url) as prepared, prepared.server() as server:` runs one until the block ends.
"""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.databases import Database, empty_database
from tests.environment import ROOT

# The commands that fill a migrated database, for servers and unit tests alike.
PREPARATIONS = ("load_reference", "setup_roles")
STARTS_WITHIN = 60


def manage(env: dict[str, str], *arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a management command to its end, with its output as text.

    Raises AssertionError with all of its output when it fails.
    """
    command = [sys.executable, str(ROOT / "manage.py"), *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=env, input=stdin, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"manage.py {arguments} failed:\n{done.stdout}\n{done.stderr}"
    return done


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, the environment it runs in, its database and its log."""

    url: str
    env: dict[str, str]
    database: Database
    log_file: Path

    def manage(self, *arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a management command against this server's database; AssertionError when it fails."""
        return manage(self.env, *arguments, stdin=stdin)

    def shell(self, code: str) -> str:
        """Run Python against this server's database, models imported, and return what it prints."""
        return self.manage("shell", "--verbosity=0", "--command", code).stdout

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return every row of one SQL query against this server's database."""
        return self.database.query(sql)

    @property
    def log(self) -> str:
        """Everything that the server has logged so far."""
        return self.log_file.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Stage:
    """A migrated database with its reference rows, and collected static files, to start servers from."""

    directory: Path
    template: Database
    env: dict[str, str]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextmanager
    def server(self, **env: str) -> Iterator[Server]:
        """Start a server with a fresh copy of the database; `env` adds to its environment.

        Raises AssertionError at the end when the server has logged a traceback.
        """
        name = f"server_{next(self.numbers)}"
        database = self.template.copy(name)
        var_dir = self.directory / name
        var_dir.mkdir()
        (var_dir / "static").symlink_to(self.directory / "static")
        environ = self.env | {"DATABASE_URL": database.url, "VAR_DIR": str(var_dir)} | env
        try:
            with _gunicorn(environ, var_dir / "log") as url:
                server = Server(url, environ, database, var_dir / "log")
                yield server
            assert "Traceback (most recent call last)" not in server.log, f"The server logged:\n{server.log}"
        finally:
            database.drop()
            shutil.rmtree(var_dir)


@contextmanager
def stage(like: str) -> Iterator[Stage]:
    """Prepare what servers start from, on the database vendor of the URL `like`."""
    directory = Path(tempfile.mkdtemp(prefix="bma-consult-servers-"))
    template = empty_database(like, directory, "template_of_servers")
    env = os.environ | {"DATABASE_URL": template.url, "VAR_DIR": str(directory)}
    try:
        for command in ("migrate", *PREPARATIONS):
            manage(env, command)
        manage(env, "collectstatic", "--noinput")
        yield Stage(directory, template, env)
    finally:
        template.drop()
        shutil.rmtree(directory)


@contextmanager
def _gunicorn(env: dict[str, str], log_file: Path) -> Iterator[str]:
    """Serve on a free loopback port and yield its URL once the first page has come."""
    command = [sys.executable, "-m", "gunicorn", "bma_consult.wsgi", "--config", "gunicorn.conf.py"]
    with socket.create_server(("127.0.0.1", 0)) as listener, log_file.open("a") as log:
        url = "http://{}:{}".format(*listener.getsockname())
        # The listening socket is handed over: no other process can take the port in between.
        process = subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
    try:
        _wait_until_served(url, log_file)
        yield url
    finally:
        _stop(process)


def _wait_until_served(url: str, log_file: Path) -> None:
    try:
        # The request waits in the queue of the listening socket until a worker takes it.
        with urlopen(f"{url}/healthz", timeout=STARTS_WITHIN):
            pass
    except OSError as error:
        raise AssertionError(f"The server did not start: {error}\n{log_file.read_text()}") from error


def _stop(process: subprocess.Popen[bytes]) -> None:
    # Killed, with its workers: to stop in good order takes it five seconds, and there is nothing left to save.
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
