"""The columns of each export, as database expressions: one SELECT makes the whole file.

docs/data-dictionary.md explains every column; a test compares it with these tables.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Expression
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Substr
from django.db.models.lookups import In
from django.utils import timezone

from comments import tally
from comments.models import Attachment, Submission
from comments.models.answers import of_the_answer
from comments.models.submissions import OUTSIDE, words_column

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

# What a spreadsheet would run as a formula, in both widths, and the guard itself. A tab or line
# break first would be skipped by some programs, and the formula behind it run.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
GUARD = "'"


def guard(text: str) -> str:
    """Return `text` as a spreadsheet may safely read it; twin of `Guarded`.

    >>> guard("=1+1"), guard("- ข้อเสนอ"), guard("'quoted'"), guard("น้ำท่วม")
    ("'=1+1", "'- ข้อเสนอ", "''quoted'", 'น้ำท่วม')
    """
    return GUARD + text if text.startswith((*DANGEROUS, GUARD)) else text


def unguard(cell: str) -> str:
    """Return the exact text that `guard` was given.

    >>> unguard(guard("=1+1")), unguard(guard("'quoted'"))
    ('=1+1', "'quoted'")
    """
    return cell.removeprefix(GUARD)


class Guarded(Case):
    """Text with an apostrophe before a dangerous first character, or before an apostrophe.

    Reversible: whoever reads the file takes one leading apostrophe away, if there is one.
    """

    def __init__(self, text: Expression | F) -> None:
        """Wrap `text`; NULL and the empty string come out as NULL."""
        first = Substr(text, 1, 1)
        super().__init__(
            When(In(first, [*DANGEROUS, GUARD]), then=Concat(Value(GUARD), text)),
            default=NullIf(text, Value("")),
            output_field=TextField(),
        )


class LocalTime(Func):
    """A moment as Bangkok's clocks show it: 2022-02-23T09:00:00+07:00."""

    output_field = CharField()
    # Bangkok has kept +07:00, without summer time, since 1920. SQLite keeps moments as text and
    # would round the microseconds up; the first 19 characters end with the second.
    _SQLITE = (
        "STRFTIME('%%%%Y-%%%%m-%%%%dT%%%%H:%%%%M:%%%%S+07:00', SUBSTR(%(expressions)s, 1, 19), '+7 hours')"
    )
    _POSTGRESQL = (
        "TO_CHAR(%(expressions)s AT TIME ZONE 'Asia/Bangkok', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+07:00\"')"
    )

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Any:
        """Return the expression for SQLite."""
        return self.as_sql(compiler, connection, template=self._SQLITE)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Any:
        """Return the expression for PostgreSQL."""
        return self.as_sql(compiler, connection, template=self._POSTGRESQL)


class BuddhistDate(LocalTime):
    """The day of a moment in Bangkok: 23/02/2565."""

    _SQLITE = (
        "STRFTIME('%%%%d/%%%%m/', SUBSTR(%(expressions)s, 1, 19), '+7 hours')"
        " || (STRFTIME('%%%%Y', SUBSTR(%(expressions)s, 1, 19), '+7 hours') + 543)"
    )
    _POSTGRESQL = "TO_CHAR(%(expressions)s AT TIME ZONE 'Asia/Bangkok' + INTERVAL '543 years', 'DD/MM/YYYY')"


def _whole(name: str) -> Expression:
    return Cast(F(name), TextField())


_NOTHING = Value("", output_field=TextField())
# Of all that are stored, not only of those in the file.
_CAMPAIGN_SIZE = Subquery(
    Submission.objects.filter(campaign=OuterRef("campaign"))
    .order_by()
    .values("campaign")
    .annotate(size=Cast(Count("pk"), TextField()))
    .values("size")
)
_ATTACHMENTS = Subquery(
    Attachment.objects.filter(submission=OuterRef("pk"))
    .order_by()
    .values("submission")
    .annotate(number=Cast(Count("pk"), TextField()))
    .values("number")
)

SUBMISSIONS: dict[str, Expression | F | Subquery] = {
    "reference": F("reference"),
    "received_at": LocalTime("received_at"),
    "received_date_be": BuddhistDate("received_at"),
    "plan_year": _whole("plan__fiscal_year"),
    "strategy_code": Guarded(Coalesce("goal__strategy__parent__code", "goal__strategy__code")),
    "strategy": Guarded(Coalesce("goal__strategy__parent__title_th", "goal__strategy__title_th")),
    "goal_code": Guarded(F("goal__code")),
    "goal": Guarded(F("goal__title_th")),
    "about": F("about"),
    "kind": F("kind"),
    "stance": NullIf("stance", Value("")),
    "sector": F("sector__key"),
    "district_code": Case(When(is_outside_bangkok=True, then=Value(OUTSIDE)), default=F("district__code")),
    "district": Guarded(F("district__title_th")),
    "meeting": Guarded(F("meeting__title_th")),
    "channel": F("channel"),
    # A name that its author did not agree to show stays in the database.
    "display_name": Guarded(Case(When(shows_name=True, then=F("display_name")), output_field=TextField())),
    "organisation": Guarded(F("organisation")),
    # As the public reads it: what was covered or edited away leaves the database in no file.
    "body": Guarded(Coalesce(NullIf("redacted_body", _NOTHING), words_column())),
    "language": F("language"),
    "status": F("status"),
    "reason_code": F("reason__code"),
    "moderated_at": LocalTime("moderated_at"),
    "campaign": _whole("campaign"),
    "campaign_size": _CAMPAIGN_SIZE,
    "agree": _whole("agree_count"),
    "disagree": _whole("disagree_count"),
    "answered_at": LocalTime(of_the_answer("approved_at")),
    "answer_outcome": of_the_answer("outcome"),
    "attachments": Coalesce(_ATTACHMENTS, Value("0", output_field=TextField())),
}


def submissions(rows: QuerySet[Submission]) -> QuerySet[Any, Any]:
    """Return `rows` as tuples of the columns of the CSV, oldest first."""
    return rows.order_by("received_at", "pk").values_list(*SUBMISSIONS.values())


RESPONSES: dict[str, Callable[[tally.Responses], object]] = {
    "goal_code": lambda row: row.goal and guard(row.goal.code),
    "goal": lambda row: row.goal and guard(row.goal.title_th),
    "lead_office": lambda row: row.goal and row.goal.lead_office and guard(row.goal.lead_office.title_th),
    "opinions": lambda row: row.opinions,
    "texts": lambda row: row.texts,
    "answered": lambda row: row.answered,
    "blank": lambda row: row.blank,
    "overdue": lambda row: row.overdue,
    "newest": lambda row: row.newest and timezone.localtime(row.newest).isoformat(timespec="seconds"),
}

OVERSIGHT = ("measure", "of", "number")

SUMMARY: dict[str, Callable[[tally.Cell], object]] = {
    "goal_code": lambda cell: cell.goal and guard(cell.goal.code),
    "goal": lambda cell: cell.goal and guard(cell.goal.title_th),
    "sector": lambda cell: cell.sector.key,
    "district_code": lambda cell: cell.district_code,
    "district": lambda cell: cell.district and guard(cell.district.title_th),
    "stance": lambda cell: cell.stance,
    "opinions": lambda cell: cell.opinions,
}
