"""Texts that many people send: campaigns, and the index that finds the like of a new text."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import connections, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.plans import Plan
from comments.models.storing_rows import Statement
from comments.models.submissions import Submission

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

# Of each number no more rows are read than this: a phrase that everybody uses can't slow intake down.
MOST_OF_A_BAND = 100
# SQLite takes 32,766 values in one statement.
_ROWS_AT_ONCE = 5_000


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

    def filing(self, numbers: Mapping[int, Iterable[int]]) -> Iterator[Statement]:
        """Yield what files submissions, by their keys, under `numbers`; they may be filed already."""
        # One statement, a third of the time that the ORM takes over 21 objects.
        rows = sorted((number, key) for key, own in numbers.items() for number in set(own))
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            values = ", ".join(["(%s, %s)"] * len(some))
            yield (
                f"INSERT INTO {self._table} (number, submission_id) VALUES {values} ON CONFLICT DO NOTHING",  # noqa: S608
                list(chain.from_iterable(some)),
            )

    def under(self, numbers: Collection[int], before: int | None = None) -> dict[int, list[int]]:
        """Return the keys of the first that are filed under each of `numbers` (below `before`), in order."""
        if not numbers:
            return {}
        connection = connections[self.db]
        asked: Any = list(numbers)
        condition = "" if before is None else f" AND submission_id < {before:d}"
        if connection.vendor == "postgresql":
            # To plan one query for each number takes three times as long as to run them.
            query = (
                f"SELECT asked, filed.* FROM unnest(%s::bigint[]) AS asked, LATERAL (SELECT submission_id "  # noqa: S608
                f"FROM {self._table} WHERE number = asked{condition} ORDER BY submission_id LIMIT {MOST_OF_A_BAND}) AS filed"
            )
        else:
            asked = json.dumps(asked)
            query = (
                f"SELECT asked.value, submission_id FROM json_each(%s) AS asked CROSS JOIN {self._table} AS filed "  # noqa: S608
                f"WHERE number = asked.value{condition} AND submission_id <= ifnull((SELECT submission_id FROM {self._table} "
                f"WHERE number = asked.value ORDER BY submission_id LIMIT 1 OFFSET {MOST_OF_A_BAND - 1}), submission_id)"
            )
        found = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(query, [asked])
            for number, key in sorted(cursor.fetchall()):
                found[number].append(key)
        return found

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
