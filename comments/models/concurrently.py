"""Operations for migrations: make an index while others go on writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations, models, transaction

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_IS_WHOLE = (
    "SELECT indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid"
    " WHERE relname = %s AND pg_table_is_visible(oid)"
)
_HAS_STATISTICS = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'sqlite_stat1'"


class AddIndexConcurrently(migrations.AddIndex):
    """Add an index; on PostgreSQL nobody waits for it, and one that was broken off is begun anew.

    Its migration needs `atomic = False`. An index that stands already, made by hand, is left as it is.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Make it."""
        if schema_editor.connection.vendor == "postgresql":
            _make(schema_editor, to_state.apps.get_model(app_label, self.model_name), self.index)
            return
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        _tell_the_planner(schema_editor)


class ReplaceIndexConcurrently(AddIndexConcurrently):
    """Make an index anew with other columns, under its name; until it stands everybody reads by the one before."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Put the new index into the place of the one before."""
        state.remove_index(app_label, self.model_name_lower, self.index.name)
        super().state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Exchange them; backwards it is the same."""
        model: Any = to_state.apps.get_model(app_label, self.model_name)
        before, after = (
            state.models[app_label, self.model_name_lower].get_index_by_name(self.index.name)
            for state in (from_state, to_state)
        )
        editor: Any = schema_editor
        using = editor.connection.alias
        if editor.connection.vendor != "postgresql":
            with transaction.atomic(using):
                editor.remove_index(model, before)
                editor.add_index(model, after)
                _tell_the_planner(editor)
            return
        made = after.clone()
        made.name = f"{after.name}_new"
        _make(editor, model, made)
        with transaction.atomic(using):
            editor.remove_index(model, before)
            names = map(editor.quote_name, (made.name, after.name))
            editor.execute("ALTER INDEX {} RENAME TO {}".format(*names))

    database_backwards = database_forwards


def _make(schema_editor: BaseDatabaseSchemaEditor, model: type[models.Model], index: models.Index) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_IS_WHOLE, [index.name])
        found = cursor.fetchone()
    if found == (True,):
        return
    editor: Any = schema_editor
    # It keeps nobody waiting, and waits itself for whoever reads for long, such as a backup.
    editor.execute("SET lock_timeout = 0")
    if found:
        editor.remove_index(model, index, concurrently=True)
    editor.add_index(model, index, concurrently=True)
    editor.execute("RESET lock_timeout")


def _tell_the_planner(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have SQLite look at the new index as at the others, if it ever did: it would prefer one that it knows nothing of."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_HAS_STATISTICS)
        if cursor.fetchone()[0]:
            cursor.execute("ANALYZE")
