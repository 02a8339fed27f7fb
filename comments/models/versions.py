"""What an author did to the words since they came in: later wordings, and the wish that they be erased."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.submissions import Submission


class SubmissionVersionQuerySet(models.QuerySet["SubmissionVersion"]):
    """Versions can be read and added, nothing else."""

    update = never("A version never changes; another one follows it.")
    delete = never("A version is never deleted.")

    def erase(self, at: datetime) -> int:
        """Empty the words, as part of an erasure; nothing else changes them."""
        return models.QuerySet.update(self.filter(erased_at=None), body="", erased_at=at)


class SubmissionVersion(models.Model):
    """A later wording of a submission by its author; the first is the submission's own body.

    The last one's words are also in the submission's `edited_body`, where lists and searches read them.
    """

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="versions", verbose_name=_("submission")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    body = models.TextField(_("opinion"))
    language = models.CharField(_("language"), max_length=5)
    at = models.DateTimeField(_("time"))
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = SubmissionVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an opinion")
        verbose_name_plural = _("versions of opinions")
        ordering = ["submission", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="version_number_is_unique"),
            models.CheckConstraint(condition=Q(number__gte=2), name="version_one_is_the_body_as_received"),
            models.CheckConstraint(
                condition=~Q(body="") | Q(erased_at__isnull=False), name="version_has_words"
            ),
        ]

    delete = never("A version is never deleted.")

    def __str__(self) -> str:
        return f"{self.submission.reference} {self.number}"


class ErasureRequest(models.Model):
    """The wish that words and contact details be erased, and how it was carried out; there is one at most."""

    class Ground(models.TextChoices):
        """On whose word they were erased."""

        RECEIPT = "receipt", _("asked for with the receipt")
        WRITING = "writing", _("asked for in writing or in person; identity checked")
        ORDER = "order", _("ordered by an authority or a court")

    submission = models.OneToOneField(
        Submission, models.PROTECT, related_name="erasure_request", verbose_name=_("submission")
    )
    asked_at = models.DateTimeField(_("asked"))
    done_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="erasures",
        verbose_name=_("by"),
    )
    ground = models.CharField(_("ground"), max_length=10, choices=Ground, blank=True)
    case_number = models.CharField(_("file number"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("request for erasure")
        verbose_name_plural = _("requests for erasure")
        ordering = [F("done_at").asc(nulls_first=True), "asked_at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, ground="") | (Q(done_at__isnull=False) & ~Q(ground="")),
                name="erasure_carried_out_has_a_ground",
            )
        ]

    def __str__(self) -> str:
        return self.submission.reference
