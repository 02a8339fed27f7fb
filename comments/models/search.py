"""What the search looks into: each submission's words in their normal form, and the index of their leaves.

An entry is derived data: `SearchEntry.objects.index` writes it anew from the submission, whenever its words or what
the public may read of them changed. A decision changes no entry, because a search narrows the submissions that its
caller may see.

PostgreSQL keeps an entry's leaves as a tsvector with a GIN index. SQLite keeps them as text, and triggers copy them
into an FTS5 table of the same row numbers; `install` makes both after each migrate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connections, models, transaction
from django.db.models import Q

from comments.models.leaves import LeavesField
from comments.models.storing_rows import Statement, inserting, send
from comments.models.submissions import Submission
from comments.text import keys, words
from comments.text.normalise import normalise

if TYPE_CHECKING:
    from typing import Self

    from django.db.backends.base.base import BaseDatabaseWrapper

_FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
# A position is the minute, then the submission (20 bits), then the scope (1 bit). FTS5 stores the steps between
# positions, so finer time would cost several times the space; within a minute the order of arrival decides.
_SUBMISSIONS = 1 << 20
FTS_TABLE = "comments_searchleaf"
# Leaves hold letters, digits and these; FTS5's own plain tokeniser takes everything beyond ASCII for letters.
_LEAF_SIGNS = ".,$+<=>^`|~"


def public_words(submission: Submission) -> str:
    """Return what the public reads of a published submission; only these words lead the public to it."""
    return submission.public_body


def position_of(received_at: datetime, pk: int, *, is_public_twin: bool = False) -> int:
    """Return the number by which entries are ordered: by the minute received, then by submission.

    >>> noon = datetime(2024, 1, 1, 5, tzinfo=UTC)
    >>> position_of(noon, 7) < position_of(noon, 8) < position_of(noon + timedelta(minutes=1), 1)
    True
    """
    return ((received_at - _FIRST_DAY) // _MINUTE * _SUBMISSIONS + pk % _SUBMISSIONS) * 2 + is_public_twin


class PositionField(models.BigIntegerField):  # type: ignore[type-arg]
    """A 64-bit key that SQLite takes for the number of the row itself."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Return "integer" on SQLite: a "bigint" key would be a second index beside the row number."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Entries, and how they come to be."""

    def index(self, submissions: Iterable[Submission]) -> None:
        """Write the entries of `submissions` anew, whatever stands there."""
        rows = list(submissions)
        with transaction.atomic(using=self.db):
            self.filter(submission__in=rows).delete()
            send(self.adding(entry for row in rows for entry in entries_of(row)), self.db)

    def adding(self, entries: Iterable[SearchEntry]) -> Iterator[Statement]:
        """Yield what stores the entries that `entries_of` gave for submissions that are stored by now."""
        kept = list(entries)
        for entry in kept:
            entry.position = _position(entry)
        return inserting(kept)

    def stale(self) -> Self:
        """Return entries that another dictionary or algorithm made."""
        # Not `exclude`: two ranges are two short looks into the index, "unequal" reads it all.
        return self.filter(Q(version__lt=words.version()) | Q(version__gt=words.version()))


class SearchEntry(models.Model):
    """The words of one submission as the search sees them.

    Usually one entry serves everybody. Where the public reads something else than was received, there are two.
    """

    class Scope(models.TextChoices):
        """Who finds the submission by this entry."""

        EVERYBODY = "everybody"
        STAFF = "staff"
        PUBLIC = "public"

    position = PositionField(primary_key=True)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="search_entries", db_index=False)
    scope = models.CharField(max_length=9, choices=Scope)
    text = models.TextField()
    leaves = LeavesField()
    version = models.CharField(max_length=16)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["version"], name="search_entry_version")]
        constraints = [
            models.UniqueConstraint(fields=["submission", "scope"], name="search_entry_is_one_per_scope")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.scope}"


class _NoRows(models.Manager["SearchLeaf"]):
    def get_queryset(self) -> models.QuerySet[SearchLeaf]:
        """Return none: `dumpdata` would ask PostgreSQL for a table that isn't there. Joins don't pass here."""
        return super().get_queryset().none()


class SearchLeaf(models.Model):
    """A row of SQLite's index; there is no such table on PostgreSQL."""

    entry = models.OneToOneField(
        SearchEntry, models.DO_NOTHING, primary_key=True, db_column="rowid", related_name="indexed"
    )
    # FTS5's name for "anywhere in the row", the only question that an index without details answers.
    leaves = LeavesField(db_column=FTS_TABLE)

    objects = _NoRows()

    class Meta:
        managed = False
        db_table = FTS_TABLE
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


def entries_of(row: Submission) -> Iterator[SearchEntry]:
    """Yield the entries of a submission, not yet stored; neither need it be."""
    if not row.is_kept:
        return
    scope = SearchEntry.Scope
    received, words_shown = normalise(row.words), public_words(row)
    public = received if words_shown == row.words else normalise(words_shown)
    if received == public:
        yield _entry(row, scope.EVERYBODY, received)
    else:
        yield _entry(row, scope.STAFF, received)
        yield _entry(row, scope.PUBLIC, public)


def _entry(row: Submission, scope: SearchEntry.Scope, text: str) -> SearchEntry:
    return SearchEntry(
        submission=row,
        scope=scope,
        text=text,
        leaves=keys.keys(text),
        version=words.version(),
    )


def _position(entry: SearchEntry) -> int:
    row, is_public_twin = entry.submission, entry.scope == SearchEntry.Scope.PUBLIC
    return position_of(row.received_at, row.pk, is_public_twin=is_public_twin)


def install(using: str = "default", **_: object) -> None:
    """Make the index on the database `using`; harmless when it stands already."""
    connection = connections[using]
    table = SearchEntry._meta.db_table
    tables = set(connection.introspection.table_names())
    if table not in tables:
        return
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, table)
        is_new = FTS_TABLE not in tables and FTS_TABLE not in indexes
        statements = _postgresql if connection.vendor == "postgresql" else _sqlite
        for statement in statements(table, is_new=is_new):
            cursor.execute(statement)


def _postgresql(table: str, *, is_new: bool) -> Iterator[str]:
    if not is_new:
        return
    # No pending list: a search would read it through, and now and then one submission would pay for emptying it.
    yield f"CREATE INDEX {FTS_TABLE} ON {table} USING gin (leaves) WITH (fastupdate = off)"
    # Without counts of the commoner leaves the planner takes every word for a rare one.
    yield f"ALTER TABLE {table} ALTER COLUMN leaves SET STATISTICS 1000"


def _sqlite(table: str, *, is_new: bool) -> Iterator[str]:
    remove = (
        f"INSERT INTO {FTS_TABLE}({FTS_TABLE}, rowid, leaves) VALUES('delete', OLD.position, OLD.leaves);"
    )
    add = f"INSERT INTO {FTS_TABLE}(rowid, leaves) VALUES(NEW.position, NEW.leaves);"
    yield (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {FTS_TABLE} USING fts5(leaves, content='{table}', "
        f"content_rowid='position', detail=none, columnsize=0, tokenize=\"ascii tokenchars '{_LEAF_SIGNS}'\")"
    )
    for event, deeds in {"INSERT": add, "DELETE": remove, "UPDATE": f"{remove} {add}"}.items():
        name = f"{FTS_TABLE}_{event.lower()}"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {deeds} END"
    if is_new:
        yield f"INSERT INTO {FTS_TABLE}({FTS_TABLE}) VALUES('rebuild')"
