"""Files of opinions that staff bring in: each file, and what became of each of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comments.fields import EncryptedTextField
from comments.models.meetings import Meeting
from comments.models.plans import Plan
from comments.models.sectors import Sector
from comments.models.submissions import Submission

if TYPE_CHECKING:
    from typing import Self


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    """Files, and how they are forgotten."""

    def empty(self, at: datetime) -> int:
        """Remove these files and what their rows say; numbers, fates and opinions stay. Return how many files.

        Files go first: what is broken off in between is due again.
        """
        with transaction.atomic():
            batches = list(self.select_for_update(of=("self",)))
            for batch in batches:
                default_storage.delete(str(batch.file))
            ImportRow.objects.filter(batch__in=batches).empty()
            self.model.objects.filter(pk__in=[batch.pk for batch in batches]).update(
                emptied_at=at, state=ImportBatch.State.DONE
            )
        return len(batches)

    def unfinished(self) -> Self:
        """Return those that somebody should go on with: of a file brought in again the last, with rows to add."""
        state = ImportBatch.State
        again = ImportBatch.objects.filter(
            sha256=OuterRef("sha256"), plan=OuterRef("plan"), pk__gt=OuterRef("pk")
        )
        left = ImportRow.objects.filter(batch=OuterRef("pk"), fate__in=ImportRow.ADDABLE)
        begins = Q(state=state.UPLOADED) | Q(state=state.CHECKED) & Exists(left)
        return self.filter(Q(state=state.APPLYING) | begins & ~Exists(again))


class ImportBatch(models.Model):
    """One file as it came, encrypted and kept, with what its columns mean and how far it is taken in."""

    class State(models.TextChoices):
        """How far it is."""

        UPLOADED = "uploaded", _("columns to be chosen")
        CHECKED = "checked", _("checked, nothing added yet")
        APPLYING = "applying", _("being added")
        DONE = "done", _("finished")

    class Mode(models.TextChoices):
        """What happens when a row can't be added."""

        SKIP_BAD = "skip_bad", _("add what is right, leave out the rest")
        ALL_OR_NOTHING = "all_or_nothing", _("all rows or none")

    name = models.CharField(_("file"), max_length=255)
    file = models.FileField(max_length=100, unique=True)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    # Null: `manage.py import_submissions` without a name.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="imports", verbose_name=_("by")
    )
    at = models.DateTimeField(_("brought in"))
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="imports", verbose_name=_("plan"))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="imports", verbose_name=_("meeting")
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="imports", verbose_name=_("sector")
    )
    received_on = models.DateField(_("received"), null=True, blank=True)
    # The row of the file above the first opinion, from 1; and by the number of a column, what is in it.
    header_row = models.PositiveIntegerField(default=1)
    columns = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    mode = models.CharField(max_length=15, choices=Mode, default=Mode.SKIP_BAD)
    takes_twins = models.BooleanField(default=False)
    # All rows or none: the last row of which everything is worked out that needs no transaction.
    worked_to = models.PositiveIntegerField(default=0, db_default=0)
    # When the file and what its rows say were removed: their time was over.
    emptied_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    """Rows of a file by what is to be done with them."""

    def to_add(self) -> Self:
        """Return the rows that are right and not yet added; repeated ones only where their batch takes them."""
        twins = models.Q(fate=ImportRow.Fate.TWIN, batch__takes_twins=True)
        return self.filter(models.Q(fate=ImportRow.Fate.ADD) | twins).order_by("number")

    def waiting(self) -> Self:
        """Return the rows that still hold what they say."""
        return self.exclude(said="")

    def keep(self, rows: Sequence[ImportRow], columns: list[str]) -> None:
        """Write these columns of `rows`, but of none that an erasure has emptied meanwhile."""
        waiting = self.select_for_update(of=("self",)).filter(pk__in=[row.pk for row in rows]).waiting()
        still = set(waiting.values_list("pk", flat=True))
        kept = [row for row in rows if row.pk in still]
        self.bulk_create(kept, update_conflicts=True, unique_fields=["id"], update_fields=columns)

    def empty(self) -> int:
        """Forget what was told of these rows and what they say; return their number."""
        return self.update(told="", said="", has_notes=False)


class ImportRow(models.Model):
    """One row of a file: what was found in it, and what will or did become of it."""

    class Fate(models.TextChoices):
        """What will or did become of the row."""

        ADD = "add", _("will be added")
        ADDED = "added", _("added")
        THERE = "there", _("there already")
        TWIN = "twin", _("repeats an earlier row of the file")
        ERROR = "error", _("can't be added")

    ADDABLE = (Fate.ADD, Fate.TWIN)

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    fate = models.CharField(_("what becomes of it"), max_length=10, choices=Fate)
    # Both are JSON, encrypted because cells may hold contact details: what to tell of the row, and what is to be
    # added, until it is.
    told = EncryptedTextField(blank=True)
    said = EncryptedTextField(blank=True)
    has_notes = models.BooleanField(default=False)
    key = models.CharField(max_length=64, blank=True)
    submission = models.ForeignKey(
        Submission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="import_rows",
        verbose_name=_("submission"),
    )

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["batch", "number"]
        default_permissions = ()
        indexes = [models.Index(fields=["batch", "fate", "number"], name="import_row_by_fate")]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_number_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"
