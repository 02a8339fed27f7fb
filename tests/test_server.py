"""The servers that other tests rely on are real, apart from each other, and tell of their errors."""

import subprocess
import sys
from urllib.request import urlopen

import pytest

from tests.environment import ROOT

NEW_PERSON = "from django.contrib.auth.models import User; print(User.objects.create_user('somebody').pk)"
COUNT_PEOPLE = "SELECT count(*) FROM auth_user"
# A thing that only the collector can let go of, and enough new ones to call it.
LEAVE_A_RING = """
from threading import Event, current_thread
from bma_consult import worker
worker._SWEEPS = 0.2
gone = Event()
class Ring:
    def __del__(self):
        print(current_thread().name)
        gone.set()
worker.sweep_apart()
ring = Ring()
ring.itself = ring
del ring
made = [[] for _ in range(100_000)]
assert gone.wait(60)
"""


def test_a_server_answers(server):
    for path in ("/healthz", "/readyz", "/"):
        with urlopen(server.url + path) as response:
            assert response.status == 200


def test_a_server_and_a_command_started_as_in_production_do_the_same(server_stage):
    with server_stage.server(afresh=True) as server:
        assert server.shell(NEW_PERSON).strip().isdigit()
        with urlopen(f"{server.url}/readyz") as response:
            assert response.status == 200


def test_a_server_knows_the_reference_rows(server):
    assert server.query("SELECT count(*) FROM comments_district") == [(50,)]


def test_a_failing_command_fails_the_test(server):
    with pytest.raises(AssertionError, match="Unknown command"):
        server.manage("no_such_command")


def test_servers_share_no_rows(server, fresh_server):
    before = server.query(COUNT_PEOPLE)
    assert fresh_server.shell(NEW_PERSON).strip().isdigit()
    assert fresh_server.query(COUNT_PEOPLE) == [(before[0][0] + 1,)]
    assert server.query(COUNT_PEOPLE) == before


def test_a_logged_traceback_fails_the_test(server_stage):
    failing = pytest.raises(AssertionError, match="The server logged")
    with failing, server_stage.server() as server, server.log_file.open("a") as log:
        log.write("Traceback (most recent call last):")


def test_no_thread_at_work_collects_the_garbage_of_another():
    """Who holds the only right to write would wait for a connection that waits for it."""
    done = subprocess.run(
        [sys.executable, "-c", LEAVE_A_RING], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["sweeper"]
