"""Which files of opinions left the house: the register of exports."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import never

if TYPE_CHECKING:
    from typing import Self


class ExportRecordQuerySet(models.QuerySet["ExportRecord"]):
    """Records can be read and added, nothing else."""

    update = never("A record of an export never changes.")
    delete = never("A record of an export is never deleted.")


class ExportRecord(models.Model):
    """One file of opinions as it left: whole, for whom, what was chosen, as of when. It never changes."""

    class Format(models.TextChoices):
        """What kind of file it is."""

        CSV = "csv", _("CSV")
        XLSX = "xlsx", _("Excel workbook (XLSX)")
        JSONL = "jsonl", _("JSON Lines")

    class Door(models.TextChoices):
        """By which way it left."""

        PAGE = "page", _("export page")
        ACTION = "action", _("ticked in the queue")
        AGAIN = "again", _("downloaded again")
        COMMAND = "command", _("command line")

    made_at = models.DateTimeField(_("made"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exports",
        verbose_name=_("by"),
    )
    door = models.CharField(_("way"), max_length=10, choices=Door)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    # As they were typed, by the names of the form; or the references of what was ticked.
    filters = models.JSONField(_("filters"), default=dict)
    as_of = models.DateTimeField(_("as of"))
    format = models.CharField(_("format"), max_length=5, choices=Format)
    schema_version = models.PositiveSmallIntegerField(_("version of the columns"))
    rows = models.PositiveIntegerField(_("rows"))
    published = models.PositiveIntegerField(_("published"))
    pending = models.PositiveIntegerField(_("awaiting review"))
    rejected = models.PositiveIntegerField(_("not published"))
    withdrawn = models.PositiveIntegerField(_("withdrawn"))
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)

    objects = ExportRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("register of exports")
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(rows=F("published") + F("pending") + F("rejected") + F("withdrawn")),
                name="export_accounts_for_every_row",
            )
        ]

    delete = never("A record of an export is never deleted.")

    def __str__(self) -> str:
        return f"{self.pk}"


def random_name() -> str:
    """Return a name that nobody guesses."""
    return secrets.token_hex(16)


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    """Large exports by how far they are."""

    def unfinished(self) -> Self:
        """Return those at which work goes on, the oldest first."""
        return self.filter(state=ExportJob.State.MAKING).order_by("pk")

    def with_file(self) -> Self:
        """Return those of which something lies on the disk."""
        return self.filter(state__in=(ExportJob.State.MAKING, ExportJob.State.READY))

    def forget(self) -> int:
        """Remove the files; return how many jobs that were."""
        for job in (removed := list(self.with_file())):
            default_storage.delete(job.stored)
            job.draft.unlink(missing_ok=True)
        return self.filter(pk__in=[job.pk for job in removed]).update(state=ExportJob.State.GONE)


class ExportJob(models.Model):
    """A large export, made step by step by whoever comes by: its page, or `run_exports`."""

    class State(models.TextChoices):
        """How far it is."""

        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        GONE = "gone", _("removed")

    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="export_jobs", verbose_name=_("by")
    )
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    filters = models.JSONField(_("filters"), default=dict)
    as_of = models.DateTimeField(_("as of"))
    format = models.CharField(_("format"), max_length=5, choices=ExportRecord.Format)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.MAKING)
    expected = models.PositiveIntegerField(_("rows at most"))
    looked_at = models.PositiveIntegerField(_("rows so far"), default=0)
    # After which row to go on, and how long the draft is up to there.
    last_received_at = models.DateTimeField(null=True, editable=False)
    last_row = models.BigIntegerField(null=True, editable=False)
    draft_size = models.PositiveBigIntegerField(default=0, editable=False)
    name = models.CharField(max_length=32, default=random_name, unique=True, editable=False)
    record = models.ForeignKey(
        ExportRecord, models.PROTECT, null=True, related_name="jobs", verbose_name=_("export")
    )

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("large export")
        verbose_name_plural = _("large exports")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(record__isnull=False), name="export_job_ready_has_a_record"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_of_now(self) -> bool:
        """Tell whether it is as of when it was asked for, and not of a moment before that somebody named."""
        return self.as_of >= self.asked_at

    @property
    def stored(self) -> str:
        """Return the name in the storage that the file has once it is ready: every node reads it there."""
        return f"exports/{self.name}"

    @property
    def draft(self) -> Path:
        """Return where its rows gather, on the node that is at work."""
        return Path(settings.EXPORT_ROOT) / f"{self.name}.draft"
