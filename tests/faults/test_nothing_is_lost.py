"""What was acknowledged is stored once, whatever is killed meanwhile; who can't be served keeps their words."""

import itertools
import os
import signal
from pathlib import Path

from tests.faults.clusters import children, durable
from tests.load.crowd import crowd, ended, plan, wait_for_receipts
from tests.load.ledger import audit
from tests.long import LONG

FORMS = 10_000 if LONG else 60
# As fast as the machine allows, so many at once.
RATE, AT_ONCE = (200, 40) if LONG else (25, 60)
# Receipts between two blows.
APART = 200 if LONG else 15


def kill_a_worker(server):
    (arbiter,) = (pid for pid in children(os.getpid()) if f"VAR_DIR={server.env['VAR_DIR']}" in environ(pid))
    os.kill(children(arbiter)[0], signal.SIGKILL)


def environ(pid):
    return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")


def test_nothing_is_lost_or_doubled_while_processes_are_killed_and_answers_cut(server_stage, tmp_path):
    with durable(server_stage) as (stage, cluster), stage.server(afresh=True, TRUSTED_PROXIES="1") as server:
        restart = [cluster.revive, lambda: cluster.control("restart", "--mode=fast")] if cluster else []
        steps = [{"seconds": 10 * FORMS / RATE, "rates": {"submit": RATE * 0.9, "submit_file": RATE * 0.1}}]
        planned = plan(server, tmp_path, steps=steps, forms=FORMS, insists=120, hangs_up=0.1, at_once=AT_ONCE)
        blows = itertools.cycle([lambda: kill_a_worker(server), *restart])
        with crowd(planned) as people:
            for number in range(APART, FORMS, APART):
                wait_for_receipts(number, tmp_path / "ledger", people)
                next(blows)()
            rows = people.result()
        account = audit(tmp_path / "ledger", server)
    assert ended(rows) == {"ok": FORMS}
    assert account.is_clean, account
    assert (account.meant, account.told, account.stored) == (FORMS, FORMS, FORMS)


def test_in_an_overload_everybody_is_served_or_sent_away_with_their_words(server_stage, tmp_path):
    options = {"TRUSTED_PROXIES": "1", "REQUESTS_WAIT_SECONDS": "0.1", "WEB_CONCURRENCY": "1"}
    with server_stage.server(afresh=True, **options) as server:
        many = {
            "seconds": 1,
            "rates": {"submit": 60, "submit_file": 10, "read": 60, "search": 10, "vote": 10},
        }
        quiet = {"seconds": 0.5, "rates": {"look_up": 10}}
        with crowd(plan(server, tmp_path, steps=[many, quiet])) as people:
            rows = people.result()
        account = audit(tmp_path / "ledger", server)
    assert set(ended(rows)) <= {"ok", "503", "none"}, rows
    assert ended(rows)["503"] > 0
    assert account.is_clean, account
    assert account.told == account.stored == ended(rows, "submit", "submit_file").get("ok", 0)
