"""Run the whole test suite on SQLite and on PostgreSQL, side by side, and say what ran and what did not.

`python -m tests.run [--only sqlite|postgresql] [pytest arguments]`. With CI=true nothing may be left out.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from tests import browser, environment, nginx, postgres, sharing


@dataclass
class Report:
    """What ran, with pytest's exit code and the seconds it took, and what was left out and why."""

    ran: list[tuple[str, int, float]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    interrupted: bool = False

    def exit_code(self, *, strict: bool) -> int:
        """Return 0 only for success; when `strict`, nothing may have been left out either."""
        failures = [code for _, code, _ in self.ran if code]
        incomplete = self.interrupted or (strict and self.left_out)
        return max(failures, default=1 if incomplete else 0)

    def lines(self, *, strict: bool) -> list[str]:
        """Say it all in a few lines."""
        lines = [
            f"  {'passed' if code == 0 else f'FAILED (pytest exit code {code})'}: {name}, {seconds:.0f} s"
            for name, code, seconds in self.ran
        ]
        lines += [f"  LEFT OUT: {reason}" for reason in self.left_out]
        if strict and self.left_out:
            lines.append("  CI is set: nothing may be left out, so this run fails.")
        return lines or ["  nothing ran"]


@dataclass
class Run:
    """Pytest at work on one database; what it says goes to `log`, when there is one."""

    name: str
    process: subprocess.Popen[bytes]
    began: float
    log: IO[bytes] | None = None

    def tell(self, report: Report) -> None:
        """Report how it ended, and say what was said meanwhile."""
        seconds = time.monotonic() - self.began
        if self.log:
            self.log.seek(0)
            print(_title(self.name), self.log.read().decode(errors="replace"), sep="\n", flush=True)
        report.ran.append((self.name, self.process.returncode, seconds))


def start(
    name: str, database_url: str, arguments: list[str], shared: str, log: IO[bytes] | None = None
) -> Run:
    """Start pytest on one database; `shared` is the directory that it has in common with another run."""
    if log is None:
        print(_title(name), flush=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=environment.ROOT,
        env=os.environ | {environment.DATABASE_VARIABLE: database_url, sharing.VARIABLE: shared},
        stdout=log,
        stderr=log,
    )
    return Run(name, process, time.monotonic(), log)


def _title(name: str) -> str:
    return f"\n=== {name} " + "=" * (70 - len(name))


def run_on(names: Sequence[str], arguments: list[str], report: Report) -> None:
    """Run everything on each of the databases at the same time; the first speaks at once, the other at its end.

    How a page looks and behaves in a browser does not depend on the database, and some tests touch none: those
    are shared.
    """
    with ExitStack() as stack:
        urls = {"sqlite": "sqlite://:memory:"} if "sqlite" in names else {}
        if "postgresql" in names:
            programs = postgres.find_programs()
            if programs is None:
                report.left_out.append(
                    "everything on PostgreSQL: no server programs found (Debian: postgresql)"
                )
            else:
                urls["postgresql"] = stack.enter_context(postgres.cluster(programs))
        shared = stack.enter_context(tempfile.TemporaryDirectory()) if len(urls) > 1 else ""
        runs: list[Run] = []
        for name in names:
            if name in urls:
                log = stack.enter_context(tempfile.TemporaryFile()) if runs else None
                runs.append(start(DATABASES[name], urls[name], arguments, shared, log))
        for run in runs:
            while run.process.returncode is None:
                _wait(run, runs, report)
            run.tell(report)


def _wait(run: Run, runs: list[Run], report: Report) -> None:
    """Wait for the end, through interruptions: the runs stop their servers and browsers themselves."""
    try:
        run.process.wait()
    except KeyboardInterrupt:
        # The terminal has told every run, too.
        report.interrupted = True
    except SystemExit:
        report.interrupted = True
        for each in runs:
            each.process.send_signal(signal.SIGINT)


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)


DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main() -> int:
    """Run the suite as asked and return the exit code."""
    signal.signal(signal.SIGTERM, _stop)
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--only", choices=DATABASES)
    options, arguments = parser.parse_known_args()
    report = Report()
    strict = os.environ.get("CI", "") not in {"", "0", "false"}
    if browser.find_chromium() is None:
        report.left_out.append(
            "every test in a browser: no Chromium found (Debian: chromium, or set CHROMIUM)"
        )
    if nginx.find_nginx() is None:
        report.left_out.append("the test of several machines: no nginx found (Debian: nginx-light)")
    names = [options.only] if options.only else list(DATABASES)
    left_out = [title for name, title in DATABASES.items() if name not in names]
    report.left_out += [f"everything on {title}: --only {options.only}" for title in left_out]
    run_on(names, arguments, report)
    print("\n=== Summary " + "=" * 63, *report.lines(strict=strict), sep="\n", flush=True)
    return report.exit_code(strict=strict)


if __name__ == "__main__":
    sys.exit(main())
