"""To ask for a page changes nothing, whoever asks for whichever; the few that do are named."""

import re

import pytest
from django.db import connection
from django.test import Client

from tests.admin.staff import signed_in
from tests.admin.who_may import EVERYBODY, path_of
from tests.attacks.rows import changed, tables
from tests.long import LONG
from tests.test_roles import matrix

pytestmark = pytest.mark.django_db

# How long somebody has been silent stands in the session.
SESSIONS = {"django_session"}
# What an address may write: that it can, which is rolled back; and who has what in hand.
NAMED = {"readyz": {"comments_tries"}, "admin:comments_submission_triage": {"comments_lease"}}
KEPT = {"comments_lease"}
# An administrator may open everything; the others in the long form.
WHO = EVERYBODY if LONG else ("anonymous", "administrator")
_WRITES = re.compile(
    r"\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO|DROP|ALTER|TRUNCATE)\s+\"?(\w+)", re.IGNORECASE
)


class Writes:
    """Notes which tables statements write to."""

    def __init__(self):
        self.found = set()

    def __call__(self, execute, sql, *more):
        if written := _WRITES.match(sql):
            self.found.add(written[1])
        return execute(sql, *more)


def test_no_page_writes_when_it_is_only_asked_for(media, settings, tmp_path):
    settings.OPEN_DATA_ROOT, settings.EXPORT_ROOT = tmp_path / "open-data", tmp_path / "exports"
    rows = matrix()
    clients = {who: Client() if who == "anonymous" else signed_in(who) for who in WHO}
    found, before = {}, tables(without=SESSIONS)
    for who, client in clients.items():
        for name, row in rows.items():
            writes = Writes()
            with connection.execute_wrapper(writes):
                b"".join(client.get(path_of(name, row)))
            if others := writes.found - SESSIONS:
                found[who, name] = others
    assert {name: written for (_who, name), written in found.items()} == NAMED
    assert changed(before, tables(without=SESSIONS)) == KEPT


def test_a_statement_that_writes_is_noticed():
    writes = Writes()
    with connection.execute_wrapper(writes), connection.cursor() as cursor:
        cursor.execute("UPDATE comments_tries SET count = 0")
        cursor.execute("DELETE FROM comments_tries")
        cursor.execute("SELECT count(*) FROM comments_plan")
    assert writes.found == {"comments_tries"}
