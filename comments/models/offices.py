"""Which office an opinion falls to, and who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.models.goals import DevelopmentGoal
from comments.models.plans import Agency
from comments.models.submissions import Submission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class OfficeMembership(models.Model):
    """A member of the staff answers for an office."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="offices", verbose_name=_("user")
    )
    office = models.ForeignKey(Agency, models.CASCADE, related_name="members", verbose_name=_("agency"))

    class Meta:
        verbose_name = _("office of a member of the staff")
        verbose_name_plural = _("offices that they answer for")
        constraints = [models.UniqueConstraint(fields=["user", "office"], name="office_has_a_member_once")]

    def __str__(self) -> str:
        return str(self.office)


class Assignment(models.Model):
    """The office that one opinion was given to; it comes before the lead office of the goal."""

    submission = models.OneToOneField(
        Submission, models.PROTECT, related_name="assignment", verbose_name=_("submission")
    )
    office = models.ForeignKey(
        Agency, models.PROTECT, related_name="assignments", verbose_name=_("responsible agency")
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        default_permissions = ()
        permissions = [("assign_submission", "Can give an opinion to an office")]

    def __str__(self) -> str:
        return f"{self.submission.reference} {self.office}"


def of_offices(offices: models.QuerySet[OfficeMembership, int]) -> Q:
    """Return the condition for opinions that fall to `offices`: given to them, or else on goals that they lead."""
    given = Assignment.objects.filter(office__in=offices).values("submission")
    led = DevelopmentGoal.objects.filter(lead_office__in=offices).values("pk")
    return Q(pk__in=given) | (Q(goal__in=led) & ~Q(pk__in=Assignment.objects.values("submission")))


def offices_of(user: User | AnonymousUser) -> models.QuerySet[OfficeMembership, int]:
    """Return the keys of the offices that `user` answers for."""
    return OfficeMembership.objects.filter(user=user.pk).values_list("office", flat=True)
