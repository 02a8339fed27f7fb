"""The files that came with an opinion."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.submissions import Submission

if TYPE_CHECKING:
    from typing import Self


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Attachments by who may open them."""

    delete = never("What a citizen sent is never deleted.")

    def kept(self) -> Self:
        """Return those whose file is still there."""
        return self.filter(erased_at=None)

    def published(self) -> Self:
        """Return what the public may open."""
        return self.kept().filter(submission__in=Submission.objects.published(), is_withheld=False)

    def erase(self, at: datetime) -> int:
        """Forget the names of the files and what was in them; `attachments.erase` removes the files, too."""
        return self.kept().update(name="", sha256="", erased_at=at)


class Attachment(models.Model):
    """One file as it is stored: a PDF as it came, a picture as it was rebuilt. Only `is_withheld` changes, until it is erased."""

    class Kind(models.TextChoices):
        """What it is, by its content; the value is the type that browsers are told."""

        JPEG = "image/jpeg", _("JPEG picture")
        PNG = "image/png", _("PNG picture")
        WEBP = "image/webp", _("WebP picture")
        PDF = "application/pdf", _("PDF document")

        @property
        def extension(self) -> str:
            """Return the end of the names of such files."""
            return "jpg" if self == self.JPEG else self.value.partition("/")[2]

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="attachments", verbose_name=_("submission")
    )
    position = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=255)
    kind = models.CharField(_("type"), max_length=20, choices=Kind)
    size = models.PositiveIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(_("width in pixels"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height in pixels"), null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(max_length=100, unique=True)
    is_withheld = models.BooleanField(_("withheld"), default=False)
    # The file is gone from this moment on; the row stays, and counts.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["submission", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["submission", "position"], name="attachment_number_is_unique"),
            models.CheckConstraint(
                condition=Q(kind__in=["image/jpeg", "image/png", "image/webp", "application/pdf"]),
                name="attachment_is_of_a_kind_that_we_take",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_has_content"),
        ]

    delete = never("What a citizen sent is never deleted.")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the public address; it exists only while published and not withheld."""
        return reverse("comment_file", args=[self.submission.reference, self.position])
