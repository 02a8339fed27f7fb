"""Several machines on one: nodes behind the nginx of deploy/, a PostgreSQL and a streaming replica of it; all thrown away."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

from tests import postgres
from tests.databases import PostgresDatabase
from tests.environment import ROOT
from tests.nginx import proxy, until
from tests.server import Afresh, Server, Stage, served

NAME = "served_by_several"


@dataclass(frozen=True)
class Replica:
    """A streaming replica of the cluster in which the tests' databases are."""

    directory: Path
    programs: Path
    user: str | None

    def url(self, database: str) -> str:
        """Return where a database of that name is read."""
        return f"postgres://postgres@/{database}?host={self.directory}"

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Return every row of one query, asked outside of any of our databases."""
        return PostgresDatabase(self.url("postgres")).query(sql)

    def promote(self) -> None:
        """Make it a primary of its own; it follows nobody any more."""
        self.run("pg_ctl", "promote", "--wait", "--silent")

    def run(self, program: str, *options: str) -> None:
        """Run a program of the server on its directory. Raises RuntimeError."""
        command: list[str | Path] = [self.programs / program, *options, "--pgdata", self.directory / "data"]
        postgres.run(command, self.directory, self.user)


@contextmanager
def replica(primary_url: str) -> Iterator[Replica]:
    """Copy the cluster of `primary_url` and follow it."""
    programs, directory = postgres.find_programs(), Path(tempfile.mkdtemp(prefix="bma-consult-replica-"))
    primary = parse_qs(urlsplit(primary_url).query)["host"][0]
    assert programs
    made = Replica(directory, programs, postgres.unprivileged_user())
    try:
        if made.user:
            shutil.chown(directory, made.user)
        copied = (
            f"--host={primary}",
            "--username=postgres",
            "--checkpoint=fast",
            "--no-sync",
            "--wal-method=stream",
        )
        made.run("pg_basebackup", *copied, "--write-recovery-conf")
        settings = directory / "data" / "postgresql.auto.conf"
        with settings.open("a") as configuration:
            configuration.write(f"unix_socket_directories = '{directory}'\n")
        made.run("pg_ctl", "start", "--wait", "--silent")
        yield made
    finally:
        if (directory / "data" / "postmaster.pid").exists():
            made.run("pg_ctl", "stop", "--mode=immediate", "--silent")
        shutil.rmtree(directory)


@dataclass(frozen=True)
class Node:
    """A server that others stand beside, and the process that is it."""

    server: Server
    process: subprocess.Popen[bytes]


@contextmanager
def node(stage: Stage, database: PostgresDatabase, root: Path = ROOT, **env: str) -> Iterator[Node]:
    """Start a node on a database that others have, too, with a directory of its own, as on another machine."""
    var_dir = Path(tempfile.mkdtemp(prefix="node-", dir=stage.directory))
    (var_dir / "static").symlink_to(stage.static)
    starter = Afresh(os.environ | {"DATABASE_URL": database.url, "VAR_DIR": str(var_dir)} | env, root)
    try:
        with served(starter, var_dir / "log") as (url, process):
            server = Server(url, starter.env, database, var_dir / "log", starter)
            yield Node(server, process)
        assert "Traceback (most recent call last)" not in server.log, f"The node logged:\n{server.log}"
    finally:
        shutil.rmtree(var_dir)


@dataclass(frozen=True)
class Cluster:
    """Two nodes behind a proxy, their primary, and its replica."""

    url: str
    nodes: list[Node]
    replica: Replica

    @property
    def primary(self) -> PostgresDatabase:
        """The database that takes every write."""
        return self.nodes[0].server.database

    def kill_a_node(self) -> None:
        """End the first node as a power cut would, with all that it has under way."""
        os.killpg(self.nodes[0].process.pid, signal.SIGKILL)


@contextmanager
def cluster(stage: Stage, **env: str) -> Iterator[Cluster]:
    """Start it all; every node has a directory of its own, as on another machine."""
    with ExitStack() as stack:
        following = stack.enter_context(replica(stage.template.url))
        database = stage.template.copy(NAME)
        stack.callback(database.drop)
        asked = f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'"  # noqa: S608
        until(lambda: following.query(asked), "the copy is copied")
        more = {"DATABASE_REPLICA_URL": following.url(NAME), "TRUSTED_PROXIES": "1", **env}
        nodes = [stack.enter_context(node(stage, database, **more)) for _ in range(2)]
        directory = stage.directory / "proxy"
        directory.mkdir()
        stack.callback(shutil.rmtree, directory)
        url = stack.enter_context(proxy([one.server.url for one in nodes], stage.static, directory))
        yield Cluster(url, nodes, following)


def send(url: str, body: str, key: str, tries: int = 5) -> tuple[str, int]:
    """Send an opinion as often as it takes; return its reference, and how often it was sent. No cookies, a key of its own."""
    for number in range(1, tries + 1):
        reference = _sent_once(
            url, urlencode({"body": body, "sector": "citizen", "idempotency_key": key}).encode()
        )
        if reference:
            return reference, number
    raise AssertionError(f"not taken in {tries} tries")


def _sent_once(url: str, data: bytes) -> str:
    jar = CookieJar()
    opener = build_opener(HTTPCookieProcessor(jar))
    try:
        form = opener.open(f"{url}/submit/", timeout=20).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        shown = opener.open(f"{url}/submit/", data + f"&csrfmiddlewaretoken={token}".encode(), timeout=20)
        found = re.search(r'id="receipt-reference">([0-9A-Z-]+)<', shown.read().decode())
    except OSError:
        return ""
    return found[1] if found else ""
