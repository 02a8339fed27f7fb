"""Old code goes on while new code's migrations run: nothing that it writes or reads may go, or be asked of it."""

import re

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext

from comments.models import noticing, triggers, watching

# Those before were on no site that had more than one node.
FIRST = 30
GOES = (migrations.RemoveField, migrations.RenameField, migrations.DeleteModel, migrations.RenameModel)


def hindrances(operations, made_here=()):
    """Return what in `operations` would make the code of the version before fail, while it still runs."""
    made = {*made_here, *(one.name.lower() for one in operations if isinstance(one, migrations.CreateModel))}
    found = []
    for one in operations:
        model = getattr(one, "model_name", "") or ""
        if model.lower() in made:
            continue
        if isinstance(one, GOES):
            found.append(f"{one.describe()}: what the old code uses may go in the version after the next")
        if isinstance(one, migrations.AddField) and not _fills_itself(one.field):
            found.append(f"{one.describe()}: the old code gives it no value; it needs a db_default, or null")
    return found


def _fills_itself(field):
    return field.null or field.many_to_many or field.has_db_default() or field.generated


def test_each_new_migration_lets_the_version_before_go_on():
    ours = {
        name: migration
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app == "comments" and int(re.match(r"\d+", name)[0]) >= FIRST
    }
    assert {name: found for name, one in ours.items() if (found := hindrances(one.operations))} == {}


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
