"""Which files of opinions left the house: the register of exports."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import never


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
