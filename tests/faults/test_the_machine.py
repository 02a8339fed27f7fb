"""A full disk, a database closed to writing and a clock that jumps: `make chaos`, as root."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.databases import PostgresDatabase
from tests.faults.clusters import durable
from tests.load.citizens import City, outcome_of
from tests.load.crowd import crowd, ended, plan, wait_for_receipts
from tests.load.ledger import Ledger, audit
from tests.long import LONG

pytestmark = pytest.mark.skipif(not LONG, reason="make chaos")
# Read by Python before anything else. What measures time, as the limits of gunicorn do, goes on as before.
CLOCK = """
import datetime, time
from pathlib import Path
from django.utils import timezone
real_time, real_now = time.time, timezone.now
ahead = lambda: float(Path({clock!r}).read_text() or 0)
time.time = lambda: real_time() + ahead()
timezone.now = lambda: real_now() + datetime.timedelta(seconds=ahead())
"""
HOUR = 3600


@contextmanager
def disk(megabytes):
    """Mount a small disk in memory, where PostgreSQL's user may go, too."""
    directory = Path(tempfile.mkdtemp(prefix="bma-consult-disk-"))
    if os.geteuid() or subprocess.call(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "small", directory]
    ):
        directory.rmdir()
        pytest.skip("only root may mount a small disk")
    try:
        yield directory
    finally:
        subprocess.run(["umount", "--lazy", directory], check=True)
        directory.rmdir()


def fill(directory, *, leave):
    """Take what is free but for so many bytes, and return the file that takes it."""
    ballast = directory / "ballast"
    size = shutil.disk_usage(directory).free - leave
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    return ballast


def send(server, ledger, count):
    """Send so many opinions, one after the other, and return how each ended."""

    async def all_of_them():
        with closing(Ledger(ledger)) as book:
            city = City(server.url, book)
            await city.begin()
            return [await outcome_of(city.submit) for _ in range(count)]

    return asyncio.run(all_of_them())


def test_on_a_full_disk_everybody_keeps_their_words_and_nothing_is_half_stored(server_stage, tmp_path):
    is_postgresql = isinstance(server_stage.template, PostgresDatabase)
    ledger = tmp_path / "ledger"
    with (
        disk(400 if is_postgresql else 60) as small,
        durable(server_stage, small) as (stage, cluster),
        stage.server(afresh=True, TRUSTED_PROXIES="1") as server,
    ):
        assert set(send(server, ledger, 20)) == {"ok"}
        ballast = fill(small, leave=300_000)
        outcomes = send(server, ledger, 200)
        assert set(outcomes) <= {"ok", "503"}, outcomes
        assert outcomes[-1] == "503", outcomes
        ballast.unlink()
        if cluster:
            # Without room for its log PostgreSQL stops; systemd starts it again.
            with suppress(RuntimeError):
                cluster.control("start")
        assert set(send(server, ledger, 20)) == {"ok"}
        account = audit(ledger, server)
        if not is_postgresql:
            assert server.query("PRAGMA integrity_check") == [("ok",)]
    assert account.is_clean, account


def test_a_database_closed_to_writing_keeps_the_words(server_stage, tmp_path):
    if not isinstance(server_stage.template, PostgresDatabase):
        pytest.skip("on SQLite tests/views/test_overload.py does it")
    ledger = tmp_path / "ledger"
    with server_stage.server(afresh=True, TRUSTED_PROXIES="1") as server:
        name = server.database.name
        others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
        outcomes = send(server, ledger, 5)
        for state in ("on", "off"):
            postgres = server.database.named("postgres")
            postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {state}")
            postgres.query(others)
            outcomes += send(server, ledger, 5)
        account = audit(ledger, server)
    assert outcomes == [*["ok"] * 5, *["503"] * 5, *["ok"] * 5]
    assert account.is_clean, account


def test_a_clock_that_jumps_loses_nothing(server_stage, tmp_path):
    clock, ledger = tmp_path / "clock", tmp_path / "ledger"
    clock.write_text("0")
    (tmp_path / "sitecustomize.py").write_text(CLOCK.format(clock=str(clock)))
    with server_stage.server(afresh=True, TRUSTED_PROXIES="1", PYTHONPATH=str(tmp_path)) as server:
        steps = [{"seconds": 60, "rates": {"submit": 10, "read": 5, "look_up": 2}}]
        with crowd(plan(server, tmp_path, steps=steps, forms=250, insists=60)) as people:
            for number, jump in enumerate([2 * HOUR, -2 * HOUR, 40 * 24 * HOUR, 0]):
                wait_for_receipts(50 * (number + 1), ledger, people)
                clock.write_text(str(jump))
            rows = people.result()
        account = audit(ledger, server)
        days = server.query("SELECT count(DISTINCT date(received_at)) FROM comments_submission")
    assert set(ended(rows)) <= {"ok", "none"}, rows
    assert account.is_clean, account
    assert account.stored == 250
    assert days[0][0] > 1
