"""Old code on the new schema, as while nodes are brought up to date one after the other: `make chaos`."""

import json
import os
import re
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from urllib.request import HTTPCookieProcessor

import pytest

from benchmarks.servers import post, signed_in
from comments.doctor.upgrades import FIRST_WITHOUT_A_STOP
from tests.cluster import node
from tests.databases import PostgresDatabase
from tests.environment import DATABASE_VARIABLE, ROOT
from tests.load.crowd import crowd, ended, plan, wait_for_receipts
from tests.load.ledger import audit
from tests.long import LONG
from tests.nginx import page
from tests.server import PREPARATIONS, manage

pytestmark = pytest.mark.skipif(
    not LONG or not os.environ.get(DATABASE_VARIABLE, "").startswith("postgres"),
    reason="make chaos, on PostgreSQL",
)
# So many migrations back.
OLDEST = 3
FORMS = 80
RATES = {
    "submit": 5,
    "submit_file": 1,
    "read": 2,
    "draw": 1,
    "search": 1,
    "vote": 2,
    "moderate": 2,
    "look_up": 1,
}
PUBLISH = """
from comments import moderation
from comments.models import Submission
from tests.factories import staff
moderation.publish(Submission.objects.get(reference={!r}), actor=staff())
"""
REJECT = """
from comments import moderation
from comments.models import Submission
from tests.factories import reason, staff
moderation.reject(Submission.objects.get(reference={!r}), actor=staff(), reason=reason())
"""


def git(*words):
    """Return what git says, or nothing where it knows nothing of it."""
    return subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()


def before_the_last(count):
    """Return the commit before the last `count` migrations. Skips where the history does not go back so far."""
    names = sorted((ROOT / "comments" / "migrations").glob("[0-9]*.py"))
    first = names[-count]
    if int(first.name[:4]) < FIRST_WITHOUT_A_STOP:
        pytest.skip(f"{first.name} needs a stop")
    brought = git("log", "--diff-filter=A", "--format=%H", "-1", "--", str(first))
    if not (found := brought and git("rev-parse", "--verify", "--quiet", f"{brought}^")):
        pytest.skip(f"LEFT OUT: git does not know the version before {first.name}")
    return found


@contextmanager
def checked_out(commit, directory):
    """Put the code of a commit into a directory, and take it away again."""
    git("worktree", "add", "--detach", "--force", str(directory), commit)
    try:
        assert (directory / "manage.py").exists()
        yield directory
    finally:
        git("worktree", "remove", "--force", str(directory))


def settled(root, stage, database, directory):
    """Fill the database and collect the files with the code in `root`; return the stage for its nodes."""
    env = os.environ | {"DATABASE_URL": database.url, "VAR_DIR": str(directory)}
    for command in ("migrate", *PREPARATIONS, "collectstatic --noinput"):
        manage(env, *command.split(), root=root)
    return replace(stage, static=directory / "static")


@pytest.mark.parametrize("count", range(1, OLDEST + 1))
def test_the_version_before_goes_on_while_and_after_the_migrations_run(server_stage, tmp_path, count):
    commit, database = before_the_last(count), PostgresDatabase(server_stage.template.url).named("upgraded")
    with checked_out(commit, tmp_path / "code") as root:
        database.create()
        try:
            upgrade(root, server_stage, database, tmp_path)
        finally:
            database.drop()


def upgrade(root, stage, database, directory):
    """Migrate under the load of an old node, put a new one beside it, and compare what was told with what is stored."""
    before = settled(root, stage, database, directory)
    with node(before, database, root, TRUSTED_PROXIES="1") as old:
        staff = signed_in(old.server)
        (jar,) = (one.cookiejar for one in staff.handlers if isinstance(one, HTTPCookieProcessor))
        cookie = next(f"sessionid={one.value}" for one in jar if one.name == "sessionid")
        planned = plan(old.server, directory, forms=FORMS, insists=300, staff=cookie) | {"patience": 120}
        planned["steps"] = [{"seconds": 600, "rates": RATES}]
        with crowd(planned) as people:
            wait_for_receipts(FORMS // 4, directory / "ledger", people)
            manage(old.server.env, "migrate")
            rows = people.result()
            # Whoever meets the lock of a migration may be told to press again.
            assert set(ended(rows)) <= {"ok", "none", "503"}, old.server.log[-5000:]
            assert set(ended(rows, "submit", "submit_file")) == {"ok"}
        with node(stage, database, TRUSTED_PROXIES="1") as new:
            with crowd(planned | {"seed": 2}) as people:
                assert set(ended(people.result())) <= {"ok", "none"}, old.server.log[-5000:]
            the_new_shows_what_the_old_decides(old.server, new.server)
            account = audit(directory / "ledger", new.server)
            told = json.loads(new.server.starter.run(["doctor", "--json"], "").stdout)
        with post(staff, f"{old.server.url}/admin/comments/submission/export/") as file:
            assert int(file.headers["X-Row-Count"]) == account.stored
    assert account.is_clean, account
    assert account.told == account.stored == 2 * FORMS
    assert {"migrations", "triggers", "search"} <= set(told["checks"])
    assert not [
        one for one in told["findings"] if one["check"] in {"database", "migrations", "triggers", "search"}
    ]


def the_new_shows_what_the_old_decides(old, new):
    """No page that the new node has kept outlives a decision that the old one takes."""
    newest = (
        "SELECT reference FROM comments_submission WHERE status = 'pending' ORDER BY received_at DESC LIMIT 1"
    )
    ((reference,),) = new.query(newest)
    assert reference not in page(f"{new.url}/comments/")
    for decide, is_there in ((PUBLISH, True), (REJECT, False)):
        old.shell(decide.format(reference))
        assert bool(re.search(reference, page(f"{new.url}/comments/"))) is is_there
