"""What rows said before they were changed, so that an export can say it again as of a past moment."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from comments.fields import never


class RecordedNow(Now):
    """The moment at which the database writes a row, on its own clock.

    Not the beginning of the statement: who holds the lock on the table has waited for it by then.
    SQLite knows milliseconds.
    """

    def as_postgresql(self, compiler, connection, **more):  # type: ignore[no-untyped-def]
        """Return the expression for PostgreSQL."""
        return self.as_sql(compiler, connection, template="CLOCK_TIMESTAMP()", **more)


class FormerValueQuerySet(models.QuerySet["FormerValue"]):
    """Former values can be read, and emptied by an erasure; the database itself adds them."""

    update = never("A former value never changes.")
    delete = never("A former value is never deleted.")

    def erase(self, at: datetime) -> int:
        """Empty the values, as part of an erasure."""
        return models.QuerySet.update(self.exclude(value="").filter(erased_at=None), value="", erased_at=at)


class FormerValue(models.Model):
    """One column of one row, as it was until `recorded_at`. Triggers write them: see `watching`.

    A row as it was at a moment is the row as it is, with the first value after that moment put back in
    each column.
    """

    of_table = models.CharField(_("table"), max_length=40)
    of_row = models.BigIntegerField(_("row"))
    of_column = models.CharField(_("column"), max_length=40)
    # NULL was a value, and another than the empty text.
    value = models.TextField(_("value"), null=True)  # noqa: DJ001
    recorded_at = models.DateTimeField(_("until"))
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = FormerValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("former value")
        verbose_name_plural = _("former values")
        ordering = ["pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["of_table", "of_row"], name="former_value_of_row"),
            models.Index(fields=["recorded_at"], name="former_value_until"),
        ]

    delete = never("A former value is never deleted.")

    def __str__(self) -> str:
        return f"{self.of_table} {self.of_row} {self.of_column}"
