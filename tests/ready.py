"""Python processes that have Django imported and the dictionary read, to fork servers and commands from.

To start one afresh takes a second or two of computing, and tests need hundreds. `with ready() as root` starts the
first; `with root.settled(env) as process` forks one that has read the settings of a server, and what is forked from
that does as production's processes do after they have started.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import IO, NoReturn

from tests.environment import ROOT

# Heavy, and read no settings.
MODULES = (
    "django.core.management",
    "django.contrib.auth.hashers",
    "django.forms",
    "django.views.generic",
    "docx",
    "openpyxl",
)
# As slow as production's hashes are meant to be for those who guess, so slow they are for tests.
HASH_ITERATIONS = 1_000
LONGEST = 1 << 17


@dataclass(frozen=True)
class Ready:
    """A process that forks whatever its `door` asks for."""

    door: socket.socket

    @contextmanager
    def settled(self, env: dict[str, str]) -> Iterator[Ready]:
        """Fork a process that sets Django up in the environment `env`, and ends with the block."""
        ours, theirs = _doors()
        with ours:
            with theirs:
                self._ask("settle", [], env, theirs)
            yield Ready(ours)

    def run(self, arguments: list[str], stdin: str) -> subprocess.CompletedProcess[str]:
        """Run a management command to its end, with its output as text."""
        ours, theirs = _doors()
        with _file(stdin) as given, _file() as output, _file() as errors, ours:
            with theirs:
                self._ask("manage", arguments, {}, theirs, given, output, errors)
            # Whoever is killed has no last word.
            code = int(ours.recv(LONGEST) or -signal.SIGKILL)
            return subprocess.CompletedProcess(arguments, code, _read(output), _read(errors))

    @contextmanager
    def serve(self, listener: socket.socket, log: IO[str]) -> Iterator[None]:
        """Serve on `listener` until the block ends, and write what is logged to `log`."""
        ours, theirs = _doors()
        with ours:
            with theirs:
                self._ask("serve", [], {}, theirs, listener, log)
            leader = int(ours.recv(LONGEST))
            listener.close()
            try:
                yield
            finally:
                os.killpg(leader, signal.SIGKILL)
                # The last of its processes closes the door.
                ours.recv(LONGEST)

    def _ask(
        self, what: str, arguments: list[str], env: dict[str, str], *files: IO[str] | socket.socket
    ) -> None:
        asked = json.dumps([what, arguments, env]).encode()
        socket.send_fds(self.door, [asked], [file.fileno() for file in files])


@contextmanager
def ready() -> Iterator[Ready]:
    """Start a process that knows no settings yet; whatever it has forked may outlive it."""
    ours, theirs = _doors()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.ready", str(theirs.fileno())],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    with process, ours:
        yield Ready(ours)
        ours.close()


def _doors() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


@contextmanager
def _file(text: str = "") -> Iterator[IO[str]]:
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        file.write(text)
        file.seek(0)
        yield file


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def _listen(door: socket.socket) -> NoReturn:
    """Fork one process for each thing asked for, until nobody can ask any more."""
    while True:
        asked, files, *_ = socket.recv_fds(door, LONGEST, 4)
        if not asked:
            os._exit(0)
        # Nobody here waits for them: who asked hears from them at their own door.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            door.close()
            _become(*json.loads(asked), files)
        for file in files:
            os.close(file)


def _become(what: str, arguments: list[str], env: dict[str, str], files: list[int]) -> NoReturn:
    """Do what was asked for, and end."""
    door = socket.socket(fileno=files[0])
    try:
        match what:
            case "settle":
                _settle(env)
                _listen(door)
            case "manage":
                code = _manage(arguments, files[1:])
            case "serve":
                code = _serve(door, *files[1:])
    except BaseException:  # noqa: BLE001 - nothing may go on in two processes
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    door.send(str(code).encode())
    # Nothing that this process has inherited is its own to tidy up.
    os._exit(code)


def _settle(env: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(env)
    import_module("bma_consult.wsgi")
    import_module("bma_consult.urls")


def _manage(arguments: list[str], files: list[int]) -> int:
    from django.core.management import execute_from_command_line

    for number, file in enumerate(files):
        os.dup2(file, number)
    sys.argv = ["manage.py", *arguments]
    try:
        execute_from_command_line(sys.argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _serve(door: socket.socket, listener: int, log: int) -> int:
    from gunicorn.app.wsgiapp import run

    os.setsid()
    os.dup2(log, 1)
    os.dup2(log, 2)
    door.send(str(os.getpid()).encode())
    sys.argv = ["gunicorn", "bma_consult.wsgi", "--config", "gunicorn.conf.py", "--bind", f"fd://{listener}"]
    run()
    return 0


def _main(door: int) -> NoReturn:
    for name in MODULES:
        import_module(name)
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    from comments.text import words

    words.load()
    PBKDF2PasswordHasher.iterations = HASH_ITERATIONS
    _listen(socket.socket(fileno=door))


if __name__ == "__main__":
    _main(int(sys.argv[1]))
