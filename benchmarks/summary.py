"""Count and write many opinions in one process beside the bare database: the summary, tables of two things, the CSV.

`python -m benchmarks.summary [--rows 100000]`
"""

from __future__ import annotations

import argparse
import csv
import io
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from typing import IO

import django

from benchmarks import servers
from tests.environment import ROOT

# By what the bare database counts, over an index made for it alone.
_CUBE = "goal_id, sector_id, district_id, stance"
_EVERYTHING = "SELECT * FROM comments_submission ORDER BY received_at, id"


def measure() -> None:
    """Print what each takes on the database of the settings."""
    from comments import tally  # noqa: PLC0415 - Django must be set up first
    from comments.exports import moments, opinions  # noqa: PLC0415
    from comments.models import Submission  # noqa: PLC0415

    rows, at = Submission.objects.all(), moments.settle()
    _take("the whole table as CSV, bare", lambda: _into_a_file(_dump))
    _take(
        "CSV of the contract",
        lambda: _into_a_file(lambda file: opinions.write(opinions.Selection(rows), at, "csv", file)),
    )
    _take("summary", lambda: tally.summary(rows))
    _take("goal by stance", lambda: tally.pivot(rows, "goal", "stance"))
    _take("strategy by month", lambda: tally.pivot(rows, "strategy", "month"))
    _take("texts by goal and stance", lambda: tally.pivot(rows, "goal", "stance", tally.TEXTS))
    _run(f"CREATE INDEX bare_cube ON comments_submission ({_CUBE})")
    _run("ANALYZE")
    _take(
        "bare GROUP BY over its own index",
        lambda: _run(f"SELECT {_CUBE}, COUNT(*) FROM comments_submission GROUP BY {_CUBE}"),  # noqa: S608
    )


def _take(what: str, deed: Callable[[], object]) -> None:
    deed()
    began, work = time.perf_counter(), servers.worked()
    deed()
    print(
        f"  {what}: {time.perf_counter() - began:.2f} s, processor {(servers.worked() - work) / 1e9:.2f} s",
        flush=True,
    )


def _into_a_file(write: Callable[[IO[bytes]], object]) -> None:
    with tempfile.TemporaryFile() as file:
        write(file)


def _dump(file: IO[bytes]) -> None:
    from django.db import connection  # noqa: PLC0415

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert(f"COPY ({_EVERYTHING}) TO STDOUT (FORMAT csv)", file)
    else:
        # Django's own connection would make dates and times of the texts.
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as bare:
            text = io.TextIOWrapper(file, encoding="utf-8", newline="")
            csv.writer(text).writerows(bare.execute(_EVERYTHING))
            text.detach()


def _run(sql: str) -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(sql)
        if cursor.description:
            cursor.fetchall()


def main() -> None:
    """Measure on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--here", action="store_true", help="on the database of the settings, as it is")
    options = parser.parse_args()
    if options.here:
        django.setup()
        measure()
        return
    with servers.databases() as urls:
        for name, url in urls.items():
            with servers.filled(url, options.rows) as server:
                print(f"{name}, {options.rows} opinions", flush=True)
                command = [sys.executable, "-m", "benchmarks.summary", "--here"]
                subprocess.run(command, env=server.env, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
