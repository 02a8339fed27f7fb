"""An operation for migrations: make an index while others go on writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_IS_WHOLE = (
    "SELECT indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid"
    " WHERE relname = %s AND pg_table_is_visible(oid)"
)


class AddIndexConcurrently(migrations.AddIndex):
    """Add an index; on PostgreSQL nobody waits for it, and one that was broken off is begun anew.

    Its migration needs `atomic = False`. An index that stands already, made by hand, is left as it is.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Make it."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_IS_WHOLE, [self.index.name])
            found = cursor.fetchone()
        if found == (True,):
            return
        editor: Any = schema_editor
        # It keeps nobody waiting, and waits itself for whoever reads for long, such as a backup.
        editor.execute("SET lock_timeout = 0")
        if found:
            editor.remove_index(model, self.index, concurrently=True)
        editor.add_index(model, self.index, concurrently=True)
        editor.execute("RESET lock_timeout")
