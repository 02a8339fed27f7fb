"""Start the arrivals as a process of their own, and read what it has to say at the end."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from tests.environment import ROOT
from tests.server import Server


class Crowd:
    """People on their way; `result` waits for the last of them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @property
    def is_there(self) -> bool:
        """Tell whether there is still anybody."""
        return self._process.poll() is None

    def result(self, timeout: float = 4000) -> list[dict[str, Any]]:
        """Return the rows of all steps and deeds."""
        said, _ = self._process.communicate(timeout=timeout)
        assert self._process.returncode == 0
        rows: list[dict[str, Any]] = json.loads(said)
        return rows


def plan(server: Server, directory: Path, **more: object) -> dict[str, Any]:
    """Return what the arrivals need to know, and keep the ledger in `directory`."""
    return {"url": server.url, "ledger": str(directory / "ledger"), "patience": 30} | more


@contextmanager
def crowd(plan: dict[str, Any]) -> Iterator[Crowd]:
    """Let people arrive while the block runs; whoever is left at its end is sent home."""
    command = [sys.executable, "-m", "tests.load.arrivals"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdin
    # Popen.communicate must not write it once more.
    process.stdin.write(json.dumps(plan))
    process.stdin.close()
    process.stdin = None
    try:
        yield Crowd(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def wait_for_receipts(number: int, ledger: Path, people: Crowd) -> None:
    """Wait until so many receipts stand in the ledger, or nobody is left."""
    while people.is_there and (not ledger.exists() or ledger.read_text("utf-8").count("told") < number):
        Event().wait(0.05)


def ended(rows: list[dict[str, Any]], *deeds: str) -> dict[str, int]:
    """Return how often something ended how, over all steps; of these deeds, or of all."""
    total: dict[str, int] = {}
    for row in rows:
        if not deeds or row["deed"] in deeds:
            for outcome, count in row["ended"].items():
                total[outcome] = total.get(outcome, 0) + count
    return total
