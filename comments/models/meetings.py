"""Hearings: what was on the agenda, who was there, what was handed out."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import Bilingual, PdfField
from comments.models import clocks
from comments.models.clocks import Clock
from comments.models.plans import Plan
from comments.models.sectors import Sector

if TYPE_CHECKING:
    from typing import Self


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings by who may see them and by their day."""

    def public(self) -> Self:
        """Return meetings shown to the public, of plans shown to the public."""
        return self.filter(is_public=True, plan__is_public=True)

    def coming(self, on: date | None = None) -> Self:
        """Return meetings that are not over on the day `on`, the nearest first; their own day is inside."""
        rows = self.filter(held_on__gte=on or timezone.localdate())
        return rows.order_by("held_on", F("starts_at").asc(nulls_first=True), "id")

    def past(self, on: date | None = None) -> Self:
        """Return meetings of days before `on`, the latest first."""
        rows = self.filter(held_on__lt=on or timezone.localdate())
        return rows.order_by("-held_on", F("starts_at").desc(nulls_last=True), "-id")


class Meeting(models.Model):
    """A hearing on one plan. The hours may be unknown; the day is always known."""

    class Mode(models.TextChoices):
        """How people take part."""

        ONLINE = "online", _("online")
        ONSITE = "onsite", _("in person")
        HYBRID = "hybrid", _("in person and online")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="meetings", verbose_name=_("plan"))
    slug = models.SlugField(_("code"), max_length=60, unique=True)
    title_th = models.CharField(_("name (Thai)"), max_length=400)
    title_en = models.CharField(_("name (English)"), max_length=400)
    purpose_th = models.TextField(_("purpose (Thai)"), help_text=_("One purpose a line."))
    purpose_en = models.TextField(_("purpose (English)"), help_text=_("One purpose a line."))
    held_on = models.DateField(_("date"))
    starts_at = models.TimeField(_("starts"), null=True, blank=True)
    ends_at = models.TimeField(_("ends"), null=True, blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode)
    mode_note_th = models.CharField(_("note on the mode (Thai)"), max_length=200, blank=True)
    mode_note_en = models.CharField(_("note on the mode (English)"), max_length=200, blank=True)
    place_th = models.CharField(_("place (Thai)"), max_length=300, blank=True)
    place_en = models.CharField(_("place (English)"), max_length=300, blank=True)
    link = models.URLField(_("online link"), blank=True)
    source_url = models.URLField(_("source"), blank=True)
    clocks_apply = models.BooleanField(
        _("the official clocks apply"),
        default=True,
        help_text=_("Whether the notice and the summary were in time is shown to the public."),
    )
    notice_published_on = models.DateField(_("notice published on"), null=True, blank=True)
    summary_published_on = models.DateField(_("summary published on"), null=True, blank=True)
    summary_th = models.TextField(_("summary (Thai)"), blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)
    is_public = models.BooleanField(_("shown to the public"), default=True)
    # A calendar that knows an earlier version of the meeting takes the later one.
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    title = Bilingual("title")
    purpose = Bilingual("purpose")
    mode_note = Bilingual("mode_note")
    place = Bilingual("place")
    summary = Bilingual("summary")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_it_starts",
                violation_error_message=_("A meeting ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(held_on__gte=date(1900, 1, 1)),
                name="meeting_is_held_in_our_time",
                violation_error_message=_("Is the year of the meeting right?"),
            ),
            models.CheckConstraint(
                condition=Q(notice_published_on__isnull=True) | Q(notice_published_on__lte=F("held_on")),
                name="meeting_notice_comes_before_it",
                violation_error_message=_("The notice of a meeting can't be published after it."),
            ),
            models.CheckConstraint(
                condition=Q(summary_published_on__isnull=True) | Q(summary_published_on__gte=F("held_on")),
                name="meeting_summary_comes_after_it",
                violation_error_message=_("The summary of a meeting can't be published before it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the meeting's public page in the active language."""
        return reverse("meeting", args=[self.pk])

    def is_coming(self, on: date | None = None) -> bool:
        """Tell whether it is not over on the day `on`; twin of `MeetingQuerySet.coming`."""
        return self.held_on >= (on or timezone.localdate())

    @property
    def notice_clock(self) -> Clock | None:
        """Return the clock of its notice, None where none applies."""
        return clocks.notice(self.held_on, self.notice_published_on) if self.clocks_apply else None

    @property
    def summary_clock(self) -> Clock | None:
        """Return the clock of its summary, None where none applies."""
        return clocks.summary(self.held_on, self.summary_published_on) if self.clocks_apply else None


class AgendaItem(models.Model):
    """One point of a meeting's agenda."""

    class Kind(models.TextChoices):
        """What happens at this point."""

        PANEL = "panel", _("panel discussion")
        PRESENTATION = "presentation", _("presentation")
        OPEN_FORUM = "open_forum", _("open floor")
        OTHER = "other", _("other")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    title_th = models.CharField(_("point (Thai)"), max_length=400)
    title_en = models.CharField(_("point (English)"), max_length=400)

    title = Bilingual("title")

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="agenda_order_is_unique")]

    def __str__(self) -> str:
        return self.title


class Participant(models.Model):
    """A person, with the position held on that day, or a group that took part."""

    class Role(models.TextChoices):
        """What part was played."""

        CHAIR = "chair", _("presiding officer")
        PARTICIPANT = "participant", _("participant")
        GROUP = "group", _("group")

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="participants", verbose_name=_("meeting")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    name_th = models.CharField(_("name (Thai)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200)
    position_th = models.CharField(_("position on that day (Thai)"), max_length=200, blank=True)
    position_en = models.CharField(_("position on that day (English)"), max_length=200, blank=True)

    name = Bilingual("name")
    position = Bilingual("position")

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="participant_order_is_unique")
        ]

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """How many people of a sector came. No row: it was not recorded."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance", verbose_name=_("meeting"))
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="attendance", verbose_name=_("sector"))
    people = models.PositiveIntegerField(_("people"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance by sector")
        ordering = ["sector__position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "sector"], name="attendance_once_per_sector")
        ]

    def __str__(self) -> str:
        return f"{self.sector}: {self.people}"


def kept_at(_document: MeetingDocument, _name: str) -> str:
    """Return where a file is kept: nothing of the name that it came with."""
    return f"meetings/{uuid.uuid4().hex}.pdf"


class MeetingDocument(models.Model):
    """A paper of the meeting: a PDF that is kept here, or a link to where it is."""

    class Kind(models.TextChoices):
        """What sort of paper it is."""

        AGENDA = "agenda", _("agenda")
        SLIDES = "slides", _("slides")
        MINUTES = "minutes", _("minutes")
        SUMMARY = "summary", _("summary")
        OTHER = "other", _("other")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="documents", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OTHER)
    title_th = models.CharField(_("title (Thai)"), max_length=300)
    title_en = models.CharField(_("title (English)"), max_length=300)
    url = models.URLField(_("link"), blank=True)
    file = PdfField(_("PDF file"), upload_to=kept_at, max_length=255, blank=True)

    title = Bilingual("title")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(url="")) | (~Q(file="") & Q(url="")),
                name="document_is_a_file_or_a_link",
                violation_error_message=_("A document is either a PDF file or a link."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return where the public finds it: our download, or the link."""
        if not self.file:
            return self.url
        return reverse("meeting_document", args=[self.meeting_id, self.pk])
