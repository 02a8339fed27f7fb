"""Let the database itself keep what a row said before, whoever changes it.

The columns are those that an export reads and that may change. No code of ours has to remember to do it,
and none can forget.
"""

from django.db import connections

# Table → columns whose former values are kept.
WATCHED: dict[str, tuple[str, ...]] = {
    "comments_submission": (
        "goal_id",
        "meeting_id",
        "about",
        "kind",
        "stance",
        "sector_id",
        "district_id",
        "is_outside_bangkok",
        "channel",
        "language",
        "edited_body",
        "redacted_body",
        "status",
        "reason_id",
        "moderated_at",
        "campaign_id",
        "agree_count",
        "disagree_count",
    ),
    "comments_plan": ("fiscal_year",),
    "comments_strategy": ("code", "title_th", "parent_id"),
    "comments_developmentgoal": ("code", "title_th", "strategy_id"),
    "comments_meeting": ("title_th",),
    "comments_sector": ("key",),
    "comments_district": ("code", "title_th"),
    "comments_rejectionreason": ("code",),
}

# What an author said: an erasure leaves no former value of it.
ERASED: dict[str, tuple[str, ...]] = {"comments_submission": ("edited_body", "redacted_body")}

_INSERT = "INSERT INTO comments_formervalue (of_table, of_row, of_column, value, recorded_at) SELECT"
# As `datetime.fromisoformat` and SQLite's own rows have it.
_MOMENT = "TO_CHAR({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"


def install(using: str = "default", **_: object) -> None:
    """Set the triggers on the database `using`; harmless when they stand already."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if "comments_formervalue" not in tables:
        return
    statements = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for table in WATCHED.keys() & tables:
            described = connection.introspection.get_table_description(cursor, table)
            present = {column.name for column in described}
            if present.issuperset(WATCHED[table]):
                for statement in statements(table):
                    cursor.execute(statement)


def _unless_erased(table: str, column: str) -> str:
    return " AND NEW.erased_at IS NULL" if column in ERASED.get(table, ()) else ""


def _sqlite(table: str) -> list[str]:
    keep = "".join(
        f" {_INSERT} '{table}', OLD.id, '{column}', OLD.{column}, STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')"
        f" WHERE OLD.{column} IS NOT NEW.{column}{_unless_erased(table, column)};"
        for column in WATCHED[table]
    )
    return [
        f"DROP TRIGGER IF EXISTS {table}_is_watched",
        (
            f"CREATE TRIGGER {table}_is_watched AFTER UPDATE OF {', '.join(WATCHED[table])} ON {table}"
            f" BEGIN{keep} END"
        ),
    ]


def _postgresql(table: str) -> list[str]:
    # By IF: a statement for each column would be run even where that column stays as it is.
    keep = "".join(
        f" IF OLD.{column} IS DISTINCT FROM NEW.{column}{_unless_erased(table, column)} THEN"
        f" {_INSERT} '{table}', OLD.id, '{column}', {_as_text(column)}, CLOCK_TIMESTAMP(); END IF;"
        for column in WATCHED[table]
    )
    return [
        (
            f"CREATE OR REPLACE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN{keep} RETURN NULL; END $$"
        ),
        (
            f"CREATE OR REPLACE TRIGGER {table}_is_watched AFTER UPDATE OF {', '.join(WATCHED[table])} ON {table}"
            f" FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION {table}_keep()"
        ),
    ]


def _as_text(column: str) -> str:
    name = f"OLD.{column}"
    return _MOMENT.format(name) if column.endswith("_at") else f"{name}::text"
