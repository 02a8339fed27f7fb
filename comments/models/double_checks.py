"""A second look: what another moderator would have decided, who did not know the first decision. It changes nothing."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import never
from comments.models.events import SubmissionEvent
from comments.models.reasons import RejectionReason
from comments.models.submissions import Submission


class DoubleCheckQuerySet(QuerySet["DoubleCheck"]):
    """Second verdicts by whether they are the first; they can be read and added, nothing else."""

    update = never("A second verdict never changes.")
    delete = never("A second verdict is never deleted.")

    def agreeing(self) -> "DoubleCheckQuerySet":
        """Return those that say what the first decision said, for whatever reason."""
        return self.filter(verdict=F("decision__to_status"))

    def differing(self) -> "DoubleCheckQuerySet":
        """Return those that say the opposite."""
        return self.exclude(verdict=F("decision__to_status"))


class DoubleCheck(models.Model):
    """One opinion, decided by one moderator and looked at by another who did not know how."""

    class Verdict(models.TextChoices):
        """What the second one would have done; the values are those of the status."""

        PUBLISHED = Submission.Status.PUBLISHED.value, _("publish")
        REJECTED = Submission.Status.REJECTED.value, _("withhold")

    submission = models.OneToOneField(
        Submission, models.PROTECT, related_name="double_check", verbose_name=_("submission")
    )
    decision = models.ForeignKey(
        SubmissionEvent, models.PROTECT, related_name="+", verbose_name=_("first decision")
    )
    verdict = models.CharField(_("second verdict"), max_length=10, choices=Verdict)
    reason = models.ForeignKey(
        RejectionReason, models.PROTECT, null=True, related_name="+", verbose_name=_("reason")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="double_checks", verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = DoubleCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("double-check")
        verbose_name_plural = _("double-checks")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="rejected", reason__isnull=False)
                | Q(verdict="published", reason__isnull=True),
                name="double_check_has_a_reason_when_rejecting",
            )
        ]

    delete = never("A second verdict is never deleted.")

    def __str__(self) -> str:
        return self.submission.reference

    @property
    def agrees(self) -> bool:
        """Tell whether both said the same; twin of `DoubleCheckQuerySet.agreeing`."""
        return self.verdict == self.decision.to_status
