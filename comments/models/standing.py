"""How many opinions stand where: counted as they move, so that nobody has to go through them all."""

from __future__ import annotations

from django.db import connections, models, transaction
from django.utils.translation import gettext_lazy as _

from comments.models.goals import DevelopmentGoal
from comments.models.plans import Plan
from comments.models.submissions import Submission


class Standing(models.Model):
    """Part of the numbers of one goal of a plan, or of the plan as a whole; their sums are the numbers.

    There are as many rows for a goal as deeds were ever at work on it at once, so that no deed waits for another; one
    alone may be below nought. Triggers alone write them, in the transaction of the change itself.
    """

    # Without keys of the database: to check one would wait for whoever holds the plan.
    plan = models.ForeignKey(
        Plan,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("plan"),
    )
    goal = models.ForeignKey(
        DevelopmentGoal,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("development goal"),
    )
    published = models.BigIntegerField(_("published"), default=0)
    rejected = models.BigIntegerField(_("not published"), default=0)
    withdrawn = models.BigIntegerField(_("withdrawn"), default=0)
    pending = models.BigIntegerField(_("awaiting review"), default=0)
    alone = models.BigIntegerField(_("published, in no campaign"), default=0)

    class Meta:
        verbose_name = _("number of opinions")
        verbose_name_plural = _("numbers of opinions")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.plan_id} {self.goal_id}"


_TABLE, _OPINIONS = Standing._meta.db_table, Submission._meta.db_table
_IS = {f"{status}": f"{{row}}status = '{status}'" for status in Submission.Status.values}
_IS["alone"] = f"{_IS['published']} AND {{row}}campaign_id IS NULL"
_NUMBERS = ", ".join(_IS)
_NOUGHTS = ", ".join("0" for _name in _IS)
# The deeds that move an opinion, and which of its rows each takes away and brings; a reply is none.
_DEEDS = {
    "arrival": ("INSERT", {"NEW": "+"}),
    "move": ("UPDATE", {"OLD": "-", "NEW": "+"}),
    "end": ("DELETE", {"OLD": "-"}),
}
TRIGGERS = [f"{_OPINIONS}_{name}_counted" for name in _DEEDS]


def _ones(row: str = "") -> dict[str, str]:
    return {name: f"CASE WHEN {is_one.format(row=row)} THEN 1 ELSE 0 END" for name, is_one in _IS.items()}


_COUNTED = (
    f"SELECT plan_id, goal_id, {', '.join(f'SUM({one}) AS {name}' for name, one in _ones().items())}"  # noqa: S608 - our own names
    f" FROM {_OPINIONS} WHERE parent_id IS NULL GROUP BY plan_id, goal_id"
)


def install(using: str = "default", **_: object) -> None:
    """Set the triggers on the database `using`; harmless when they stand already. Count all, where the numbers are wrong."""
    connection = connections[using]
    if not {_TABLE, _OPINIONS} <= set(connection.introspection.table_names()):
        return
    statements = _postgresql if connection.vendor == "postgresql" else _sqlite
    with transaction.atomic(using), connection.cursor() as cursor:
        for name, (deed, rows) in zip(TRIGGERS, _DEEDS.values(), strict=True):
            for statement in statements(name, deed, rows):
                cursor.execute(statement)
    # From here on no change goes uncounted, so what is wrong now stays wrong until it is counted.
    if wrong(using):
        _count(using)


def _count(using: str) -> None:
    with transaction.atomic(using), connections[using].cursor() as cursor:
        # On SQLite nobody else writes within a transaction anyway.
        if connections[using].vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {_OPINIONS} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"DELETE FROM {_TABLE}")  # noqa: S608 - our own names
        cursor.execute(f"INSERT INTO {_TABLE} (plan_id, goal_id, {_NUMBERS}) {_COUNTED}")


def wrong(using: str = "default") -> int:
    """Return for how many goals the numbers are not those of the opinions themselves, as of one moment."""
    differences = " OR ".join(f"SUM({name}) <> 0" for name in _IS)
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM (SELECT 1 FROM (SELECT plan_id, goal_id, {_NUMBERS} FROM {_TABLE} UNION ALL"  # noqa: S608 - our own names
            f" SELECT plan_id, goal_id, {', '.join(f'-{name}' for name in _IS)} FROM ({_COUNTED}) AS counted) AS both_ways"
            f" GROUP BY plan_id, goal_id HAVING {differences}) AS apart"
        )
        number: int = cursor.fetchone()[0]
        return number


def _sqlite(name: str, deed: str, rows: dict[str, str]) -> list[str]:
    when = " AND ".join(f"{row}.parent_id IS NULL" for row in rows)
    if deed == "UPDATE":
        columns = ("status", "goal_id", "campaign_id")
        deed += f" OF {', '.join(columns)}"
        when += f" AND ({' OR '.join(f'OLD.{column} IS NOT NEW.{column}' for column in columns)})"
    body = ""
    for row, sign in rows.items():
        place = f"plan_id = {row}.plan_id AND goal_id IS {row}.goal_id"
        changes = ", ".join(f"{name} = {name} {sign} {one}" for name, one in _ones(f"{row}.").items())
        body += (
            f" INSERT INTO {_TABLE} (plan_id, goal_id, {_NUMBERS}) SELECT {row}.plan_id, {row}.goal_id, {_NOUGHTS}"  # noqa: S608 - our own names
            f" WHERE NOT EXISTS (SELECT 1 FROM {_TABLE} WHERE {place}); UPDATE {_TABLE} SET {changes} WHERE {place};"
        )
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} AFTER {deed} ON {_OPINIONS} WHEN {when} BEGIN{body} END",
    ]


def _postgresql(name: str, deed: str, rows: dict[str, str]) -> list[str]:
    """Return what counts a statement at once: to change a number again and again within one takes its square."""
    called = {"NEW": "rows_after", "OLD": "rows_before"}
    moved = " UNION ALL ".join(
        f"SELECT plan_id, goal_id, {', '.join(f'{sign}{one} AS {name}' for name, one in _ones().items())}"  # noqa: S608 - our own names
        f" FROM {called[row]} WHERE parent_id IS NULL"
        for row, sign in rows.items()
    )
    sums = ", ".join(f"SUM({name}) AS {name}" for name in _IS)
    is_other = " OR ".join(f"SUM({name}) <> 0" for name in _IS)
    changes = ", ".join(f"{name} = {name} + moved.{name}" for name in _IS)
    return [
        # Any row of the goal that nobody else is at work on, or a new one: see `comments.models.noticing`.
        f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE moved record; BEGIN
            FOR moved IN SELECT plan_id, goal_id, {sums} FROM ({moved}) AS each GROUP BY plan_id, goal_id HAVING {is_other}
            LOOP
                UPDATE {_TABLE} SET {changes} WHERE id = (
                    SELECT id FROM {_TABLE} WHERE plan_id = moved.plan_id AND goal_id IS NOT DISTINCT FROM moved.goal_id
                    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
                );
                IF NOT FOUND THEN
                    INSERT INTO {_TABLE} (plan_id, goal_id, {_NUMBERS})
                    VALUES (moved.plan_id, moved.goal_id, {", ".join(f"moved.{name}" for name in _IS)});
                END IF;
            END LOOP;
            RETURN NULL;
        END $$
        """,  # noqa: S608 - our own names
        (
            f"CREATE OR REPLACE TRIGGER {name} AFTER {deed} ON {_OPINIONS}"
            f" REFERENCING {' '.join(f'{row} TABLE AS {called[row]}' for row in rows)}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        ),
    ]
