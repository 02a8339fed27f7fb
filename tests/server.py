"""Real servers to test against: gunicorn as in production, each with a database of its own.

`with stage(database_url) as prepared, prepared.server() as server:` runs one until the block ends. Given a
process that is `ready`, servers and commands are forked from it instead of started afresh.
"""

import fcntl
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.request import Request, urlopen

from tests import sharing
from tests.databases import Database, empty_database
from tests.environment import ROOT
from tests.ready import Ready

# The commands that fill a migrated database, for servers and unit tests alike.
PREPARATIONS = ("load_reference", "setup_roles")
STARTS_WITHIN = 60
# As in gunicorn.conf.py.
BACKLOG = 1024


class Starter(Protocol):
    """What starts commands and servers in one environment: afresh, or ready to fork them."""

    def run(self, arguments: list[str], stdin: str) -> subprocess.CompletedProcess[str]:
        """Run a management command to its end, with its output as text."""

    def serve(self, listener: socket.socket, log: IO[str]) -> AbstractContextManager[object]:
        """Serve on `listener` until the block ends, and write what is logged to `log`."""


@dataclass(frozen=True)
class Afresh:
    """Starts processes in `env` by the commands that production uses, with the code in `root`."""

    env: dict[str, str]
    root: Path = ROOT

    def run(self, arguments: list[str], stdin: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(self.root / "manage.py"), *arguments]
        return subprocess.run(
            command, cwd=self.root, env=self.env, input=stdin, capture_output=True, text=True, check=False
        )

    @contextmanager
    def serve(self, listener: socket.socket, log: IO[str]) -> Iterator[subprocess.Popen[bytes]]:
        command = [sys.executable, "-m", "gunicorn", "bma_consult.wsgi", "--config", "gunicorn.conf.py"]
        process = subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}"],
            cwd=self.root,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
        listener.close()
        try:
            yield process
        finally:
            # Killed, with its workers: to stop in good order takes five seconds, and nothing is left to save.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def manage(
    env: dict[str, str], *arguments: object, stdin: str = "", root: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run a management command afresh to its end, with its output as text.

    Raises AssertionError with all of its output when it fails.
    """
    return _managed(Afresh(env, root), arguments, stdin)


def _managed(starter: Starter, arguments: tuple[object, ...], stdin: str) -> subprocess.CompletedProcess[str]:
    done = starter.run([str(argument) for argument in arguments], stdin)
    assert done.returncode == 0, f"manage.py {arguments} failed:\n{done.stdout}\n{done.stderr}"
    return done


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, the environment it runs in, its database and its log."""

    url: str
    env: dict[str, str]
    database: Database
    log_file: Path
    starter: Starter

    def manage(self, *arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a management command against this server's database; AssertionError when it fails."""
        return _managed(self.starter, arguments, stdin)

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
    static: Path
    template: Database
    ready: Ready | None = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextmanager
    def server(self, *, afresh: bool = False, **env: str) -> Iterator[Server]:
        """Start a server with a fresh copy of the database; `env` adds to its environment.

        Raises AssertionError at the end when the server has logged a traceback.
        """
        name = f"server_{next(self.numbers)}"
        database = self.template.copy(name)
        var_dir = self.directory / name
        var_dir.mkdir()
        (var_dir / "static").symlink_to(self.static)
        environ = os.environ | {"DATABASE_URL": database.url, "VAR_DIR": str(var_dir)} | env
        try:
            with (
                _starter(None if afresh else self.ready, environ) as starter,
                served(starter, var_dir / "log") as (url, _process),
            ):
                server = Server(url, environ, database, var_dir / "log", starter)
                yield server
            assert "Traceback (most recent call last)" not in server.log, f"The server logged:\n{server.log}"
        finally:
            database.drop()
            shutil.rmtree(var_dir)


def _starter(ready: Ready | None, env: dict[str, str]) -> AbstractContextManager[Starter]:
    return ready.settled(env) if ready else nullcontext(Afresh(env))


@contextmanager
def stage(like: str, ready: Ready | None = None, template: Database | None = None) -> Iterator[Stage]:
    """Prepare what servers start from, on the database vendor of the URL `like`.

    A migrated and filled `template` saves making one.
    """
    directory = Path(tempfile.mkdtemp(prefix="bma-consult-servers-"))
    own = empty_database(like, directory, "template_of_servers") if template is None else None
    database = template or own
    env = os.environ | {"DATABASE_URL": database.url, "VAR_DIR": str(directory)}
    try:
        if own:
            for command in ("migrate", *PREPARATIONS):
                manage(env, command)
        yield Stage(directory, _collected(directory), database, ready)
    finally:
        if own:
            own.drop()
        shutil.rmtree(directory)


def _collected(directory: Path) -> Path:
    """Return where the static files are collected: in `directory`, or once for all runs side by side."""
    shared = sharing.directory() or directory
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "static").exists():
            manage(os.environ | {"VAR_DIR": str(shared)}, "collectstatic", "--noinput")
    return shared / "static"


@contextmanager
def served(starter: Starter, log_file: Path) -> Iterator[tuple[str, Any]]:
    """Serve on a free loopback port; yield its URL once the first page has come, and the process where it has one."""
    # gunicorn leaves the line before a socket that listens already as it is.
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener, log_file.open("a") as log:
        url = "http://{}:{}".format(*listener.getsockname())
        # The listening socket is handed over: no other process can take the port in between.
        with starter.serve(listener, log) as process:
            _wait_until_served(url, log_file)
            yield url, process


def _wait_until_served(url: str, log_file: Path) -> None:
    try:
        # The request waits in the queue of the listening socket until a worker takes it.
        # With HTTPS on, whoever asks without a proxy says that it is one.
        asked = Request(f"{url}/healthz", headers={"X-Forwarded-Proto": "https"})
        with urlopen(asked, timeout=STARTS_WITHIN):
            pass
    except OSError as error:
        raise AssertionError(f"The server did not start: {error}\n{log_file.read_text()}") from error
