"""Texts that many people send: campaigns, and the index that finds the like of a new text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import connections, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.plans import Plan
from comments.models.submissions import Submission

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

# Of each number no more rows are read than this: a phrase that everybody uses can't slow intake down.
_MOST_OF_A_BAND = 100


class Campaign(models.Model):
    """One text that more than one person sent on a plan, alike or nearly so.

    Its members are submissions like any other: each keeps its words, stance, state and answer.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="campaigns", verbose_name=_("plan"))
    founded_at = models.DateTimeField(_("first seen"), default=timezone.now, editable=False)
    # How many members are filed under their bands; see `comments.campaigns`.
    filed = models.PositiveSmallIntegerField(default=1, editable=False)

    if TYPE_CHECKING:
        members: RelatedManager[Submission]

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["id"]

    delete = never("A campaign keeps its members together; members are split off instead.")

    def __str__(self) -> str:
        return f"{self.plan.fiscal_year % 100}-{self.pk}"


class BandQuerySet(models.QuerySet["Band"]):
    """The index of texts by the numbers that near copies share."""

    def file(self, submission: Submission, numbers: Iterable[int]) -> None:
        """File `submission` under `numbers`; it may be filed already."""
        # One statement, a third of the time that the ORM takes over 21 objects.
        rows = [(number, submission.pk) for number in sorted(set(numbers))]
        if not rows:
            return
        values = ", ".join(["(%s, %s)"] * len(rows))
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self._table} (number, submission_id) VALUES {values} ON CONFLICT DO NOTHING",  # noqa: S608
                list(chain.from_iterable(rows)),
            )

    def sharing(self, numbers: list[int], before: int | None = None) -> list[int]:
        """Return the keys of those filed under most of `numbers` (below `before`), the earliest first among equals."""
        if not numbers:
            return []
        connection = connections[self.db]
        condition = "" if before is None else f" AND submission_id < {before:d}"
        of_band = (
            f"SELECT submission_id FROM {self._table} WHERE number = {{}}{condition} LIMIT {_MOST_OF_A_BAND}"  # noqa: S608
        )
        if connection.vendor == "postgresql":
            # To plan one query for each number takes three times as long as to run them.
            query = f"SELECT part.* FROM unnest(%s) AS asked, LATERAL ({of_band.format('asked')}) AS part"  # noqa: S608
            parameters: list[Any] = [numbers]
        else:
            # The ORM can't limit each part of a union on SQLite.
            query = " UNION ALL ".join([f"SELECT * FROM ({of_band.format('%s')}) AS part"] * len(numbers))  # noqa: S608
            parameters = numbers
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            shared = Counter(key for (key,) in cursor.fetchall())
        return sorted(shared, key=lambda key: (-shared[key], key))

    @property
    def _table(self) -> str:
        return connections[self.db].ops.quote_name(self.model._meta.db_table)


class Band(models.Model):
    """A number under which a submission is filed; a near copy of it shares one, most likely.

    Of a campaign only a few members are filed, so a lookup costs the same whatever its size.
    """

    pk = models.CompositePrimaryKey("number", "submission_id")
    number = models.BigIntegerField()
    # Found by number only; the rows of a submission are never asked for.
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+", db_index=False)

    objects = BandQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} {self.submission_id}"
