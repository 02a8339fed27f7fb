"""Let the database itself refuse to change what a citizen wrote and what happened to it.

The application has no code that would; these stop a careless script or a future bug. SQLite gets
no DELETE trigger because the test runner's flush deletes rows; QuerySets refuse there.
"""

from django.db import connections

from comments.models.sign_ins import LEAST_DAYS

# Table → columns that never change; None: the whole row.
SEALED: dict[str, tuple[str, ...] | None] = {
    "comments_submission": (
        "reference",
        "idempotency_hash",
        "received_at",
        "recorded_at",
        "plan_id",
        "parent_id",
        "body",
        "lot",
    ),
    "comments_submissionevent": None,
    "comments_goalrevision": None,
    "comments_goalrevision_opinions": None,
    "comments_redaction": None,
    "comments_answer": None,
    "comments_doublecheck": None,
    "comments_exportrecord": None,
    "comments_formervalue": None,
    "comments_submissionversion": None,
    "comments_themeevent": None,
    "comments_appeal": ("submission_id", "body", "at"),
    "comments_signin": None,
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

# What an erasure may empty, once, together with the moment that it sets; nothing else may.
ERASABLE: dict[str, tuple[str, ...]] = {
    "comments_submission": ("body",),
    "comments_submissionevent": ("note",),
    "comments_formervalue": ("value",),
    "comments_submissionversion": ("body",),
    "comments_appeal": ("body",),
    "comments_attachment": ("name", "sha256"),
}
# What may be deleted once its column `at` is this many days old; the other tables keep their rows for ever.
DELETABLE_AFTER: dict[str, int] = {"comments_signin": LEAST_DAYS}
_ERASED_AT = "erased_at"


def install(using: str = "default", **_: object) -> None:
    """Set the triggers on the database `using`; harmless when they stand already."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    statements = _postgresql if connection.vendor == "postgresql" else _sqlite
    is_other = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    with connection.cursor() as cursor:
        for table, columns in SEALED.items():
            if table in tables:
                described = connection.introspection.get_table_description(cursor, table)
                present = tuple(column.name for column in described)
                for statement in statements(table, _when(table, columns, present, is_other)):
                    cursor.execute(statement)


def _when(table: str, columns: tuple[str, ...] | None, present: tuple[str, ...], is_other: str) -> str:
    """Return the condition on which an UPDATE is refused; none when every one is."""
    emptied = ERASABLE.get(table, ()) if _ERASED_AT in present else ()
    if columns is None and not emptied:
        return ""
    # Between two migrations a column may not be there yet.
    sealed = [name for name in present if name in (columns or present) and name not in {*emptied, _ERASED_AT}]
    refused = [f"OLD.{name} {is_other} NEW.{name}" for name in sealed]
    if emptied:
        changed = " OR ".join(f"OLD.{name} {is_other} NEW.{name}" for name in (*emptied, _ERASED_AT))
        empty = " AND ".join(f"NEW.{name} = ''" for name in emptied)
        lawful = f"OLD.{_ERASED_AT} IS NULL AND NEW.{_ERASED_AT} IS NOT NULL AND {empty}"
        refused.append(f"(({changed}) AND NOT ({lawful}))")
    return f"WHEN ({' OR '.join(refused)})"


def _sqlite(table: str, when: str) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {table}_is_sealed",
        (
            f"CREATE TRIGGER {table}_is_sealed BEFORE UPDATE ON {table} "
            f"{when} BEGIN SELECT RAISE(ABORT, '{table} is sealed'); END"
        ),
    ]


def _postgresql(table: str, when: str) -> list[str]:
    refuse = "FOR EACH ROW {when} EXECUTE FUNCTION comments_refuse()"
    days = DELETABLE_AFTER.get(table)
    kept = f"WHEN (OLD.at > now() - interval '{days} days')" if days else ""
    return [
        (
            "CREATE OR REPLACE FUNCTION comments_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is sealed', TG_TABLE_NAME USING ERRCODE = '23000'; END $$"
        ),
        f"CREATE OR REPLACE TRIGGER {table}_is_sealed BEFORE UPDATE ON {table} {refuse.format(when=when)}",
        f"CREATE OR REPLACE TRIGGER {table}_is_kept BEFORE DELETE ON {table} {refuse.format(when=kept)}",
    ]
