"""Let the database itself count the changes of what the public sees, whoever makes them.

A table that nobody has sorted below counts as shown: a page is then drawn once too often, never once too seldom.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connections

from comments.models.public_version import PublicVersion

_TABLE = PublicVersion._meta.db_table
_SUBMISSIONS, _GOALS = "comments_submission", "comments_developmentgoal"

# What pages are framed with: filters, names, places. Everything that is remembered by `comments.remembering`.
FRAME = {
    "comments_plan",
    "comments_strategyframework",
    "comments_strategy",
    "comments_agency",
    _GOALS,
    "comments_sector",
    "comments_districtgroup",
    "comments_district",
    "comments_meeting",
    "comments_theme",
}
# What only the accounts of the work tell about: results, the moderation report.
ARRIVED = {"comments_submissionevent", "comments_appeal", "comments_doublecheck", "comments_flag"}
# What no public page reads, or reads only together with a row that is counted.
APART = {
    _TABLE,
    "comments_answerdraft",
    "comments_authenticator",
    "comments_band",
    "comments_contact",
    "comments_erasurerequest",
    "comments_exportjob",
    "comments_exportrecord",
    "comments_formervalue",
    "comments_importbatch",
    "comments_importrow",
    "comments_lease",
    "comments_officemembership",
    "comments_recoverycode",
    "comments_savedview",
    "comments_searchentry",
    "comments_signin",
    "comments_standing",
    "comments_tries",
    "comments_vote",
}
# Columns of submissions that no public page reads.
_UNSEEN = {"secret_hash", "fingerprint", "lot", "attention", "asked_id", "flag_count"}
_VOTES = {"agree_count", "disagree_count"}

# A trigger: what it is called after, on which deed, for which rows, and what it adds to the three numbers.
Trigger = tuple[str, str, str, tuple[int, int, int]]
_FRAME, _SHOWN, _ARRIVED = (1, 1, 1), (0, 1, 1), (0, 0, 1)


def install(using: str = "default", **_: object) -> None:
    """Set the triggers on the database `using`; harmless when they stand already."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    if _TABLE not in present:
        return
    ours = apps.get_app_config("comments").get_models(include_auto_created=True)
    tables = {model._meta.db_table for model in ours if model._meta.managed} & present - APART
    statements = _sqlite
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            statements = _postgresql
        for table in sorted(tables):
            described = (
                connection.introspection.get_table_description(cursor, table) if table in _SPLIT else ()
            )
            for trigger in _triggers(table, {column.name for column in described}):
                for statement in statements(table, trigger):
                    cursor.execute(statement)


def _triggers(table: str, columns: set[str]) -> list[Trigger]:
    if table == _SUBMISSIONS:
        seen = ", ".join(sorted(columns - _UNSEEN))
        return [
            ("arrives", "INSERT", "", _ARRIVED),
            ("appears", "INSERT", "WHEN (NEW.status = 'published')", _SHOWN),
            ("alters", f"UPDATE OF {seen}", "", _SHOWN),
            ("leaves", "DELETE", "", _SHOWN),
        ]
    number = _FRAME if table in FRAME else _ARRIVED if table in ARRIVED else _SHOWN
    update = "UPDATE"
    votes: list[Trigger] = []
    if table == _GOALS:
        update = f"UPDATE OF {', '.join(sorted(columns - _VOTES))}"
        votes = [("is_voted_on", f"UPDATE OF {', '.join(sorted(_VOTES))}", "", _SHOWN)]
    return [
        ("arrives", "INSERT", "", number),
        ("alters", update, "", number),
        ("leaves", "DELETE", "", number),
        *votes,
    ]


_SPLIT = {_SUBMISSIONS, _GOALS}


def _sqlite(table: str, trigger: Trigger) -> list[str]:
    name, deed, when, numbers = trigger
    added = ", ".join(map(str, numbers))
    return [
        f"DROP TRIGGER IF EXISTS {table}_{name}_noticed",
        (
            f"CREATE TRIGGER {table}_{name}_noticed AFTER {deed} ON {table} {when} BEGIN"  # noqa: S608 - our own names
            f" INSERT INTO {_TABLE} (id, frame, shown, arrived) VALUES (1, {added})"
            " ON CONFLICT (id) DO UPDATE SET frame = frame + excluded.frame, shown = shown + excluded.shown,"
            " arrived = arrived + excluded.arrived; END"
        ),
    ]


# Any row that nobody else is at work on, or a new one: to wait for one row would put all deeds into one queue, and
# two that hold what the other waits for would end in a deadlock.
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION comments_notice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE {_TABLE} SET frame = frame + TG_ARGV[0]::int, shown = shown + TG_ARGV[1]::int,
        arrived = arrived + TG_ARGV[2]::int
        WHERE id = (SELECT id FROM {_TABLE} ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
        INSERT INTO {_TABLE} (frame, shown, arrived) VALUES (TG_ARGV[0]::int, TG_ARGV[1]::int, TG_ARGV[2]::int);
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608 - our own name


def _postgresql(table: str, trigger: Trigger) -> list[str]:
    name, deed, when, numbers = trigger
    each = f"FOR EACH ROW {when}" if when else "FOR EACH STATEMENT"
    return [
        (
            f"CREATE OR REPLACE TRIGGER {table}_{name}_noticed AFTER {deed} ON {table} {each}"
            f" EXECUTE FUNCTION comments_notice({', '.join(map(str, numbers))})"
        ),
    ]
