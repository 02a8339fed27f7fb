"""What people press without an account: agree or disagree, and the five questions about a goal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connections, models, router, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.goals import DevelopmentGoal
from comments.models.submissions import Submission

# The rows that may be voted on, as SQL that selects their primary key, with its parameters.
Open = tuple[str, tuple[Any, ...]]
# What stands among these parameters for the name of a target and for the time of a vote.
NAME, MOMENT = "\0", datetime(2000, 1, 1, tzinfo=UTC)


class VoteQuerySet(models.QuerySet["Vote"]):
    """Votes, and how one is counted."""

    def press(
        self, model: type[models.Model], open_one: Open, name: str, *, voter: str, value: str, at: datetime
    ) -> bool:
        """Have `voter` agree or disagree with the row of that name; tell whether that changed anything.

        The row of the vote and the counts of its target change together. It changes nothing where the vote is the same,
        or `open_one` selects none.
        """
        using = router.db_for_write(self.model)
        connection = connections[using]
        moment = connection.ops.adapt_datetimefield_value
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {_function(model)}(%s, %s, %s, %s)", [name, voter, value, moment(at)])
                (is_changed,) = cursor.fetchone()
                return bool(is_changed)
        names = _names(model) | {
            "counter": f"{value}_count",
            "other": f"{Vote.OPPOSITE[Vote.Value(value)]}_count",
            "open": open_one[0],
        }
        known = {NAME: name, moment(MOMENT): moment(at)}
        target = [known.get(param, param) for param in open_one[1]]
        given = (voter, value, moment(at))
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute(_NEW.format(**names), [*given, *target])
            step = 0
            if not cursor.rowcount:
                cursor.execute(_OTHER.format(**names), [*given[1:], *target, voter, value])
                step = 1
            if not cursor.rowcount:
                return False
            cursor.execute(_COUNT.format(**names), [step, *target])
            return True


def install(model: type[models.Model], open_one: Open, using: str) -> None:
    """Have PostgreSQL count votes on rows of `model` in one call, whose statements each of its processes plans once."""
    connection: Any = connections[using]
    if connection.vendor != "postgresql":
        return
    sql, params = open_one
    with connection.cursor() as cursor:
        spelt = {NAME: "_name", MOMENT: "_at", connection.ops.adapt_datetimefield_value(MOMENT): "_at"}
        literals = [spelt.get(param) or cursor.cursor.mogrify("%s", [param]).decode() for param in params]
        names = _names(model) | {"function": _function(model), "open": sql % tuple(literals)}
        cursor.execute(_FUNCTION.format(**names))


def _function(model: type[models.Model]) -> str:
    return f"{model._meta.db_table}_is_voted_on"


def _names(model: type[models.Model]) -> dict[str, str]:
    column = "submission_id" if model is Submission else "goal_id"
    return {"votes": Vote._meta.db_table, "column": column, "table": model._meta.db_table}


# Votes on one target wait for each other, and for a decision about it. Rows that refer to it needn't wait. The lock is a statement
# of its own: one that waited in the middle would go on with the counts of its beginning, and might take one from nought.
# A row that a statement has updated on a conflict carries the number of its transaction, a new one none.
_FUNCTION = """
CREATE OR REPLACE FUNCTION {function}(_name text, _voter text, _value text, _at timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$ DECLARE _target bigint; _step int; BEGIN
    {open} FOR NO KEY UPDATE OF {table} INTO _target;
    IF _target IS NULL THEN RETURN false; END IF;
    INSERT INTO {votes} ({column}, voter, value, at) VALUES (_target, _voter, _value, _at)
        ON CONFLICT ({column}, voter) WHERE {column} IS NOT NULL
        DO UPDATE SET value = excluded.value, at = excluded.at WHERE {votes}.value <> excluded.value
        RETURNING (xmax <> 0)::int INTO _step;
    IF _step IS NULL THEN RETURN false; END IF;
    IF _value = 'agree' THEN
        UPDATE {table} SET agree_count = agree_count + 1, disagree_count = disagree_count - _step WHERE id = _target;
    ELSE
        UPDATE {table} SET disagree_count = disagree_count + 1, agree_count = agree_count - _step WHERE id = _target;
    END IF;
    RETURN true;
END $$
"""
# SQLite can't write in the middle of a statement. There a writer is alone from the beginning of its transaction.
_NEW = """
INSERT INTO {votes} ({column}, voter, value, at) SELECT id, %s, %s, %s FROM ({open}) WHERE true ON CONFLICT DO NOTHING
"""
_OTHER = "UPDATE {votes} SET value = %s, at = %s WHERE {column} = ({open}) AND voter = %s AND value <> %s"
_COUNT = "UPDATE {table} SET {counter} = {counter} + 1, {other} = {other} - %s WHERE id = ({open})"


class Vote(models.Model):
    """One browser's agreement or disagreement with a goal or with a published opinion."""

    class Value(models.TextChoices):
        """What was pressed."""

        AGREE = "agree", _("agree")
        DISAGREE = "disagree", _("disagree")

    OPPOSITE = {Value.AGREE: Value.DISAGREE, Value.DISAGREE: Value.AGREE}

    # The keyed hash of a random number and of the target; see `comments.references.voter_key`.
    voter = models.CharField(max_length=64, editable=False)
    goal = models.ForeignKey(
        DevelopmentGoal,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="votes",
        verbose_name=_("development goal"),
    )
    submission = models.ForeignKey(
        Submission,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="votes",
        verbose_name=_("submission"),
    )
    value = models.CharField(_("vote"), max_length=8, choices=Value)
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(goal__isnull=False, submission__isnull=True)
                | Q(goal__isnull=True, submission__isnull=False),
                name="vote_is_on_a_goal_or_on_an_opinion",
            ),
            models.CheckConstraint(
                condition=Q(value__in=["agree", "disagree"]), name="vote_agrees_or_disagrees"
            ),
            models.UniqueConstraint(
                fields=["goal", "voter"], condition=Q(goal__isnull=False), name="vote_once_on_a_goal"
            ),
            models.UniqueConstraint(
                fields=["submission", "voter"],
                condition=Q(submission__isnull=False),
                name="vote_once_on_an_opinion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal or self.submission}: {self.value}"


class Assessment(models.Model):
    """One browser's yes or no to one of the five questions about a goal."""

    class Question(models.TextChoices):
        """What the hearing asked of every goal."""

        SUITABLE = "suitable", _("Is it suitable?")
        COMPLETE = "complete", _("Is it complete?")
        FITTING = "fitting", _("Does it fit the present situation?")
        NEEDED = "needed", _("Does it meet what people need?")
        DOABLE = "doable", _("Can it really be done?")

    # As for a vote.
    voter = models.CharField(max_length=64, editable=False)
    goal = models.ForeignKey(
        DevelopmentGoal,
        models.PROTECT,
        db_index=False,
        related_name="assessments",
        verbose_name=_("development goal"),
    )
    question = models.CharField(_("question"), max_length=10, choices=Question)
    is_yes = models.BooleanField(_("yes"))
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("answer to a question about a goal")
        verbose_name_plural = _("answers to questions about goals")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "voter", "question"], name="assessment_once_for_each_question"
            )
        ]
        indexes = [models.Index(fields=["goal", "question", "is_yes"], name="assessment_counted")]

    def __str__(self) -> str:
        return f"{self.goal.code} {self.question}: {self.is_yes}"
