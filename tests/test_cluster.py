"""More than one machine: a node falls over under load, the replica falls behind, the replica takes over."""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from tests.cluster import NAME, cluster, node, send
from tests.databases import PostgresDatabase
from tests.environment import DATABASE_VARIABLE
from tests.factories import unlike
from tests.long import LONG
from tests.nginx import find_nginx, page, until

SENDERS, EACH = (12, 40) if LONG else (6, 3)
PUBLISH = """
from comments import moderation
from comments.models import Submission
from tests.factories import staff
moderation.publish(Submission.objects.get(reference={reference!r}), actor=staff())
"""
pytestmark = pytest.mark.skipif(
    find_nginx() is None or not os.environ.get(DATABASE_VARIABLE, "").startswith("postgres"),
    reason="needs nginx and PostgreSQL",
)


def test_a_node_dies_the_replica_falls_behind_and_then_takes_over(server_stage):
    with cluster(server_stage, REPLICA_MOST_LAG="1") as running:
        stored = nothing_is_lost_or_doubled_when_a_node_dies(running)
        first, second, third = sorted(stored)[:3]
        the_replica_is_asked_and_left_out_while_it_lags(running, first, second)
        copied = PostgresDatabase(running.replica.url(NAME))
        until(lambda: _count(copied) == len(stored), "the replica has every row")
        running.replica.promote()
        publish(running, third)
        until(lambda: third in page(f"{running.url}/comments/"), "a promoted replica is left out")
        with node(server_stage, copied) as after:
            reference, _tries = send(after.server.url, unlike(), "f" * 32)
        assert reference not in stored
        assert _count(copied) == len(stored) + 1


def nothing_is_lost_or_doubled_when_a_node_dies(running):
    """Send from several at once, end a node in the midst of it, and return what is stored."""
    half = Event()
    said = [[(unlike(), f"{sender:08}{number:024}") for number in range(EACH)] for sender in range(SENDERS)]

    def speak(words):
        sent = []
        for number, (body, key) in enumerate(words):
            sent.append(send(running.url, body, key))
            if number == EACH // 2:
                half.set()
        return sent

    with ThreadPoolExecutor(SENDERS) as pool:
        work = [pool.submit(speak, words) for words in said]
        half.wait(60)
        running.kill_a_node()
        references = {reference for one in work for reference, _tries in one.result()}
    stored = {
        reference for (reference,) in running.primary.query("SELECT reference FROM comments_submission")
    }
    assert references == stored
    assert len(stored) == SENDERS * EACH
    return stored


def the_replica_is_asked_and_left_out_while_it_lags(running, first, second):
    publish(running, first)
    until(lambda: first in page(f"{running.url}/comments/"), "what was published is listed")
    asked = (
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%comments_submission%' AND pid <> pg_backend_pid()"
    )
    copied = PostgresDatabase(running.replica.url(NAME))
    # Each of these is a page of its own, which nobody has kept.
    numbers = itertools.count()
    until(
        lambda: page(f"{running.url}/comments/?n={next(numbers)}") and copied.query(asked),
        "the replica is asked",
    )
    copied.query("SELECT pg_wal_replay_pause()")
    publish(running, second)
    until(lambda: second in page(f"{running.url}/comments/"), "a replica that lags is left out")
    copied.query("SELECT pg_wal_replay_resume()")


def publish(running, reference):
    running.nodes[1].server.shell(PUBLISH.format(reference=reference))


def _count(database):
    return database.query("SELECT count(*) FROM comments_submission")[0][0]
