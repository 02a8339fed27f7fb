"""What an author did to the words since they came in: later wordings, and the wish that they be erased."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.submissions import Submission


class SubmissionVersionQuerySet(models.QuerySet["SubmissionVersion"]):
    """Versions can be read and added, nothing else."""

    update = never("A version never changes; another one follows it.")
    delete = never("A version is never deleted.")


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

    objects = SubmissionVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an opinion")
        verbose_name_plural = _("versions of opinions")
        ordering = ["submission", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="version_number_is_unique"),
            models.CheckConstraint(condition=Q(number__gte=2), name="version_one_is_the_body_as_received"),
            models.CheckConstraint(condition=~Q(body=""), name="version_has_words"),
        ]

    delete = never("A version is never deleted.")

    def __str__(self) -> str:
        return f"{self.submission.reference} {self.number}"


class ErasureRequest(models.Model):
    """The wish of an author that the words and the contact details be erased; who asks twice asked once."""

    submission = models.OneToOneField(
        Submission, models.PROTECT, related_name="erasure_request", verbose_name=_("submission")
    )
    asked_at = models.DateTimeField(_("asked"))

    class Meta:
        verbose_name = _("request for erasure")
        verbose_name_plural = _("requests for erasure")
        ordering = ["asked_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.submission.reference
