"""Run the whole test suite on SQLite and then on PostgreSQL, and say what ran and what did not.

`python -m tests.run [--only sqlite|postgresql] [pytest arguments]`. With CI=true nothing may be left out.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from tests import browser, environment, postgres


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


def run_pytest(name: str, database_url: str, arguments: list[str], report: Report) -> None:
    """Run pytest once against one database; let it clean up after itself when interrupted."""
    print(f"\n=== {name} " + "=" * (70 - len(name)), flush=True)
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=environment.ROOT,
        env=os.environ | {environment.DATABASE_VARIABLE: database_url},
    )
    while process.returncode is None:
        try:
            process.wait()
        except KeyboardInterrupt:
            # The terminal has told pytest too. It stops its servers and browsers; wait for that.
            report.interrupted = True
        except SystemExit:
            report.interrupted = True
            process.send_signal(signal.SIGINT)
    report.ran.append((name, process.returncode, time.monotonic() - began))


def on_sqlite(arguments: list[str], report: Report) -> None:
    """Run everything on SQLite."""
    run_pytest("SQLite", "sqlite://:memory:", arguments, report)


def on_postgresql(arguments: list[str], report: Report) -> None:
    """Run everything on a PostgreSQL cluster of its own."""
    programs = postgres.find_programs()
    if programs is None:
        report.left_out.append("everything on PostgreSQL: no server programs found (Debian: postgresql)")
        return
    with postgres.cluster(programs) as url:
        run_pytest("PostgreSQL", url, arguments, report)


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)


RUNS: dict[str, Callable[[list[str], Report], None]] = {"sqlite": on_sqlite, "postgresql": on_postgresql}


def main() -> int:
    """Run the suite as asked and return the exit code."""
    signal.signal(signal.SIGTERM, _stop)
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--only", choices=RUNS)
    options, arguments = parser.parse_known_args()
    report = Report()
    strict = os.environ.get("CI", "") not in {"", "0", "false"}
    if browser.find_chromium() is None:
        report.left_out.append(
            "every test in a browser: no Chromium found (Debian: chromium, or set CHROMIUM)"
        )
    for name, run in RUNS.items():
        if options.only and name != options.only:
            report.left_out.append(f"everything on {name}: --only {options.only}")
        elif report.interrupted:
            report.left_out.append(f"everything on {name}: interrupted")
        else:
            run(arguments, report)
    print("\n=== Summary " + "=" * 63, *report.lines(strict=strict), sep="\n", flush=True)
    return report.exit_code(strict=strict)


if __name__ == "__main__":
    sys.exit(main())
