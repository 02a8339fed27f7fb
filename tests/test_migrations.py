"""Old code goes on while new code's migrations run: nothing that it writes or reads may go, or be asked of it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from types import SimpleNamespace

import psycopg2
import pytest
from django.apps import apps
from django.db import connection, connections, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.utils import load_backend
from django.test.utils import CaptureQueriesContext

from comments.doctor.upgrades import FIRST_WITHOUT_A_STOP, hindrances, need_a_stop, number_of
from comments.models import noticing, triggers, watching
from comments.models.concurrently import AddIndexConcurrently, ReplaceIndexConcurrently
from tests.nginx import until

# Before it indexes were made while nobody wrote.
INDEXED_MEANWHILE = 30


@pytest.fixture(scope="module")
def ours():
    found = MigrationLoader(None).disk_migrations.items()
    return {name: migration for (app, name), migration in sorted(found) if app == "comments"}


def since(first, migrations_by_name):
    return {name: one for name, one in migrations_by_name.items() if number_of(one) >= first}


def test_each_new_migration_lets_the_version_before_go_on(ours):
    assert {
        name: found
        for name, one in since(FIRST_WITHOUT_A_STOP, ours).items()
        if (found := hindrances(one.operations))
    } == {}


def test_the_last_that_needs_a_stop_is_named(ours):
    assert [*need_a_stop(ours.values())][-1] == "comments.0028_lists_by_index"


def test_each_new_index_of_a_table_that_was_there_is_made_while_others_write(ours):
    found = [
        f"{name}: {one.describe()}"
        for name, migration in since(INDEXED_MEANWHILE, ours).items()
        for one in migration.operations
        if isinstance(one, migrations.AddIndex) and not isinstance(one, AddIndexConcurrently)
        if one.model_name_lower not in {made.name_lower for made in migration.operations if _makes(made)}
    ]
    assert found == []


def _makes(operation):
    return isinstance(operation, migrations.CreateModel)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("a", "b", models.IntegerField(default=0)),
        migrations.AddField("a", "b", models.CharField(max_length=9)),
        migrations.RemoveField("a", "b"),
        migrations.RenameField("a", "b", "c"),
        migrations.DeleteModel("a"),
    ],
)
def test_what_would_stop_old_code_is_found(operation):
    assert len(hindrances([operation])) == 1


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("a", "b", models.IntegerField(null=True)),
        migrations.AddField("a", "b", models.IntegerField(db_default=0)),
        migrations.AddField("a", "b", models.ManyToManyField("c")),
        migrations.CreateModel("a", [("id", models.BigAutoField(primary_key=True))]),
    ],
)
def test_what_old_code_need_not_know_is_fine(operation):
    assert hindrances([operation]) == []


def test_a_new_table_is_nobody_else_s():
    made = migrations.CreateModel("a", [("id", models.BigAutoField(primary_key=True))])
    assert hindrances([made, migrations.AddField("a", "b", models.IntegerField())]) == []


def test_nothing_is_written_unwatched_while_the_triggers_are_set_anew(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is upgraded while nobody writes")
    with CaptureQueriesContext(connection) as asked:
        for one in (triggers, watching, noticing):
            one.install()
    said = [query["sql"] for query in asked if "TRIGGER" in query["sql"]]
    assert len(said) > 50
    assert [statement for statement in said if "DROP" in statement] == []


def connected(name, **options):
    """Return Django's connection to another database of the same kind."""
    known = connection.settings_dict
    wanted = {"NAME": name, "OPTIONS": known["OPTIONS"] | options}
    return load_backend(known["ENGINE"]).DatabaseWrapper(known | wanted, "another")


def test_an_index_is_made_while_others_write_and_begun_anew_where_it_was_broken_off(db, server_stage):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is upgraded while nobody writes")
    database = server_stage.template.copy("indexed")
    # Whoever waited for a lock would give up at once.
    own = connected(database.name, options="-c lock_timeout=1ms")
    operation = AddIndexConcurrently("submission", models.Index(fields=["lot", "id"], name="made_meanwhile"))

    def make():
        with own.schema_editor(atomic=False) as editor:
            operation.database_forwards("comments", editor, None, SimpleNamespace(apps=apps))
        with own.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            return cursor.fetchone()

    own.inc_thread_sharing()
    write = "LOCK TABLE comments_submission IN ROW EXCLUSIVE MODE NOWAIT"
    waits = (
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%' AND wait_event_type = 'Lock'"
    )
    is_whole = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'made_meanwhile'::regclass"
    with ThreadPoolExecutor(1) as pool, closing(own):
        with closing(psycopg2.connect(database.url)) as writer, writer.cursor() as cursor:
            cursor.execute(write)
            made = pool.submit(make)
            until(lambda: made.done() or database.query(waits), "the index waits for who writes already")
            database.query(f"{write}; SELECT 1")
        assert made.result() == ("1ms",)
        assert database.query(is_whole) == [(True,)]
        database.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'made_meanwhile'::regclass"
        )
        make()
        assert database.query(is_whole) == [(True,)]
        make()
    database.drop()


def test_an_index_is_exchanged_under_its_name_and_back(db, server_stage):
    loader = MigrationLoader(None)
    key = ("comments", "0036_results_by_index")
    (operation,) = loader.disk_migrations[key].operations
    assert isinstance(operation, ReplaceIndexConcurrently)
    states = [loader.project_state(key, at_end=False), loader.project_state(key)]
    database = server_stage.template.copy("exchanged")
    own = connected(getattr(database, "name", None) or database.path)

    def columns():
        with own.cursor() as cursor:
            found = own.introspection.get_constraints(cursor, "comments_submission")
        assert "submission_of_plan_new" not in found
        return found["submission_of_plan"]["columns"]

    def exchange(deed, *states):
        with own.schema_editor(atomic=False) as editor:
            deed("comments", editor, *states)

    connections["another"] = own
    with closing(own):
        with own.cursor() as cursor:
            cursor.execute("ANALYZE")
        wide = columns()
        exchange(operation.database_backwards, *reversed(states))
        assert columns() == ["plan_id", "status", "goal_id", "parent_id"]
        for _again in range(2):
            with CaptureQueriesContext(own) as asked:
                exchange(operation.database_forwards, *states)
            assert columns() == wide
        # Else SQLite would take it for the best of all.
        assert own.vendor != "sqlite" or "ANALYZE" in [query["sql"] for query in asked]
    del connections["another"]
    database.drop()
