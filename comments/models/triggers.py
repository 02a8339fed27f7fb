"""Let the database itself refuse to change what a citizen wrote and what happened to it.

The application has no code that would; these stop a careless script or a future bug. SQLite gets
no DELETE trigger because the test runner's flush deletes rows; QuerySets refuse there.
"""

from django.db import connections

# Table → columns that never change; None: the whole row.
SEALED: dict[str, tuple[str, ...] | None] = {
    "comments_submission": ("reference", "idempotency_hash", "received_at", "plan_id", "parent_id", "body"),
    "comments_submissionevent": None,
    "comments_goalrevision": None,
    "comments_goalrevision_opinions": None,
    "comments_redaction": None,
    "comments_submissionversion": None,
    "comments_attachment": (
        "submission_id",
        "position",
        "name",
        "kind",
        "size",
        "width",
        "height",
        "sha256",
        "file",
    ),
}


def install(using: str = "default", **_: object) -> None:
    """Set the triggers on the database `using`; harmless when they stand already."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    statements = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for table, columns in SEALED.items():
            if table in tables:
                for statement in statements(table, columns):
                    cursor.execute(statement)


def _changed(columns: tuple[str, ...] | None, distinct: str) -> str:
    if columns is None:
        return ""
    return "WHEN (" + " OR ".join(f"OLD.{name} {distinct} NEW.{name}" for name in columns) + ")"


def _sqlite(table: str, columns: tuple[str, ...] | None) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {table}_is_sealed",
        (
            f"CREATE TRIGGER {table}_is_sealed BEFORE UPDATE ON {table} "
            f"{_changed(columns, 'IS NOT')} BEGIN SELECT RAISE(ABORT, '{table} is sealed'); END"
        ),
    ]


def _postgresql(table: str, columns: tuple[str, ...] | None) -> list[str]:
    refuse = "FOR EACH ROW {when} EXECUTE FUNCTION comments_refuse()"
    changed = refuse.format(when=_changed(columns, "IS DISTINCT FROM"))
    return [
        (
            "CREATE OR REPLACE FUNCTION comments_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is sealed', TG_TABLE_NAME USING ERRCODE = '23000'; END $$"
        ),
        f"DROP TRIGGER IF EXISTS {table}_is_sealed ON {table}",
        f"CREATE TRIGGER {table}_is_sealed BEFORE UPDATE ON {table} {changed}",
        f"DROP TRIGGER IF EXISTS {table}_is_kept ON {table}",
        f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} {refuse.format(when='')}",
    ]
