"""Import a file of many opinions into each database: bit by bit, all or none, and the same file again.

`python -m benchmarks.imports [--rows 10000]`. The texts are real Thai posts from CORPORA, none twice.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks import servers, variants
from tests import environment
from tests.server import Server, stage
from tests.spreadsheets import xlsx_bytes

# Code points; a shorter text may have fewer than ten characters that count.
SHORTEST = 30


def bodies(count: int, seed: int) -> list[str]:
    """Return `count` different texts of two to four sentences, those of another seed not among them."""
    own = variants.remarks()
    chance = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        # What begins with = would be written as a formula.
        text = " ".join(chance.sample(own[seed::2], chance.randint(2, 4))).lstrip("=")
        if len(text) >= SHORTEST:
            found[text] = None
    return list(found)


def measure(name: str, url: str, rows: int, directory: Path) -> None:
    """Print the seconds of a dry run, of both ways to add, and of the repetition: by the clock, and computed by us."""
    environment.fix()
    with stage(url) as prepared, prepared.server() as server:
        for mode, seed in (((), 1), (("--all-or-nothing",), 2)):
            path = directory / f"{seed}.xlsx"
            table = [[body, "ภาคประชาชน", "23/02/2565"] for body in bodies(rows, seed)]
            path.write_bytes(xlsx_bytes([["ความคิดเห็น", "ภาคส่วน", "วันที่"], *table]))
            checked = _timed(server, path, "--dry-run")
            whole = _timed(server, path, *mode)
            again = _timed(server, path, *mode)
            ((stored,),) = server.query("SELECT count(*) FROM comments_submission")
            print(
                f"{name}, {rows} rows {' '.join(mode)}: checked in {checked}, checked and added in {whole} "
                f"({whole.clock / rows * 1000:.1f} · {whole.own / rows * 1000:.1f} ms a row), again {again}, "
                f"{stored} stored",
                flush=True,
            )
            assert stored == rows * seed


class Cost(NamedTuple):
    """Seconds by the clock, and those that the command computed; a PostgreSQL server's own are not among them."""

    clock: float
    own: float

    def __str__(self) -> str:
        return f"{self.clock:.1f} · {self.own:.1f} s"


def _timed(server: Server, path: Path, *options: str) -> Cost:
    began, computed = time.perf_counter(), _computed()
    server.manage("import_submissions", path, *options)
    return Cost(time.perf_counter() - began, _computed() - computed)


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, servers.databases() as urls:
        for name, url in urls.items():
            measure(name, url, options.rows, Path(directory))


if __name__ == "__main__":
    main()
