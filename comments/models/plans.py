"""Annual action plans and the strategies they serve."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import Bilingual
from comments.models import clocks
from comments.models.clocks import Clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self


class Agency(models.Model):
    """A department or office of the BMA that leads goals."""

    title_th = models.CharField(_("name (Thai)"), max_length=160, unique=True)
    title_en = models.CharField(_("name (English)"), max_length=160)
    abbreviation_th = models.CharField(_("abbreviation"), max_length=20, blank=True)
    evidence = models.CharField(_("evidence"), max_length=160, blank=True)

    title = Bilingual("title")

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["title_th"]

    def __str__(self) -> str:
        return self.title


class StrategyFramework(models.Model):
    """A set of strategies with its years in force; a later framework supersedes an earlier one."""

    key = models.SlugField(_("code"), max_length=40, unique=True)
    title_th = models.CharField(_("name (Thai)"), max_length=200)
    title_en = models.CharField(_("name (English)"), max_length=200)
    first_year = models.PositiveSmallIntegerField(_("first year (B.E.)"))
    last_year = models.PositiveSmallIntegerField(_("last year (B.E.)"))
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("supersedes")
    )
    note_th = models.CharField(_("note (Thai)"), max_length=400, blank=True)
    note_en = models.CharField(_("note (English)"), max_length=400, blank=True)

    title = Bilingual("title")
    note = Bilingual("note")

    class Meta:
        verbose_name = _("strategy framework")
        verbose_name_plural = _("strategy frameworks")
        ordering = ["first_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")),
                name="framework_ends_after_it_starts",
                violation_error_message=_("The last year can't be before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Strategy(models.Model):
    """A strategy, or with a parent a sub-strategy, of one framework."""

    framework = models.ForeignKey(
        StrategyFramework, models.PROTECT, related_name="strategies", verbose_name=_("strategy framework")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    code = models.CharField(_("code"), max_length=20)
    title_th = models.CharField(_("name (Thai)"), max_length=300)
    title_en = models.CharField(_("name (English)"), max_length=300)
    short_title_th = models.CharField(_("short name (Thai)"), max_length=160)
    note_th = models.CharField(_("note (Thai)"), max_length=300, blank=True)
    previous_title_th = models.CharField(_("earlier name (Thai)"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    title = Bilingual("title")

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ["framework", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "code"], name="strategy_code_is_unique_in_its_framework"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def short_title(self) -> str:
        """Return the name for narrow places, in the active language."""
        return self.title if self.title == self.title_en else self.short_title_th


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans by the state of their consultation."""

    def accepting(self, at: datetime | None = None) -> Self:
        """Return plans that take opinions at `at`: opened, and not closed.

        The opening moment is inside, the closing moment outside. No opening moment: never. No
        closing moment: open until one is announced.
        """
        at = at or timezone.now()
        return self.filter(opens_at__lte=at).filter(Q(closes_at__isnull=True) | Q(closes_at__gt=at))

    def current(self) -> Plan | None:
        """Return the newest published plan, or None."""
        return self.filter(is_public=True).order_by("-fiscal_year").first()

    def locked(self, pk: int) -> Plan:
        """Return a plan as it is now, locked for the rest of the transaction where the database has such locks.

        Of its columns only those at hand that say when it takes opinions; others are fetched when they are asked for.
        """
        sql, convert = _locking(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(sql, [pk])
            found = cursor.fetchone()
        moments = (reduce(lambda value, make: make(value, None, connection), convert, one) for one in found)
        return Plan.from_db(connection.alias, ["id", *_MOMENTS], [pk, *moments])


_MOMENTS = ("opens_at", "closes_at")


@lru_cache
def _locking(_vendor: str) -> tuple[str, list[Callable[..., Any]]]:
    # Spelt once: every submission asks. On SQLite a writer is alone anyway; foreign keys don't wait for this lock.
    rows = Plan.objects.select_for_update(no_key=True).filter(pk=0).order_by().values_list(*_MOMENTS)
    moment = Plan._meta.get_field("opens_at").get_col(Plan._meta.db_table)
    return rows.query.sql_with_params()[0], connection.ops.get_db_converters(moment)


class Plan(models.Model):
    """An annual action plan and its consultation; the fiscal year is Buddhist era."""

    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year (B.E.)"), unique=True)
    title_th = models.CharField(_("name (Thai)"), max_length=200)
    title_en = models.CharField(_("name (English)"), max_length=200)
    question_th = models.TextField(_("what is asked (Thai)"))
    question_en = models.TextField(_("what is asked (English)"))
    framework = models.ForeignKey(
        StrategyFramework, models.PROTECT, related_name="plans", verbose_name=_("strategy framework")
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("closes"), null=True, blank=True, help_text=_("Empty: open until a date is announced.")
    )
    notice_published_on = models.DateField(_("notice published on"), null=True, blank=True)
    summary_due_on = models.DateField(_("summary due on"), null=True, blank=True)
    summary_published_on = models.DateField(_("summary published on"), null=True, blank=True)
    is_public = models.BooleanField(_("shown to the public"), default=True)
    answer_within_days = models.PositiveSmallIntegerField(
        _("days to answer"),
        default=30,
        help_text=_("Counted from publication. What is not answered by then is overdue."),
    )
    answers_need_two = models.BooleanField(
        _("answers need two people"),
        default=True,
        help_text=_("Who has written an answer can't approve it."),
    )

    double_check_percent = models.PositiveSmallIntegerField(
        _("share of double-checks (%)"),
        default=5,
        validators=[MaxValueValidator(20)],
        help_text=_(
            "So many of a hundred decided opinions are shown to a second moderator who does not know the "
            "decision. 0: none."
        ),
    )

    rejection_needs_second_person = models.BooleanField(
        _("withholding needs two people"),
        default=False,
        help_text=_("Who withholds an opinion only proposes it; another moderator confirms or declines."),
    )

    title = Bilingual("title")
    question = Bilingual("question")

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-fiscal_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="plan_closes_after_it_opens",
                violation_error_message=_("A consultation closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year__gte=2500, fiscal_year__lte=2700),
                name="plan_fiscal_year_is_buddhist_era",
                violation_error_message=_("The fiscal year is a Buddhist-era year, such as 2567."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_accepting(self, at: datetime | None = None) -> bool:
        """Tell whether opinions are taken at `at`; twin of `PlanQuerySet.accepting`."""
        at = at or timezone.now()
        return bool(self.opens_at and self.opens_at <= at and (not self.closes_at or at < self.closes_at))

    @property
    def notice_clock(self) -> Clock | None:
        """Return the clock of the notice of its consultation, None before an opening moment is set."""
        if self.opens_at is None:
            return None
        return clocks.notice(timezone.localdate(self.opens_at), self.notice_published_on)

    @property
    def summary_clock(self) -> Clock | None:
        """Return the clock of the summary, due on the day that is set, else after the closing moment; None without."""
        if self.summary_due_on:
            return Clock(self.summary_due_on, self.summary_published_on)
        if self.closes_at is None:
            return None
        return clocks.summary(timezone.localdate(self.closes_at), self.summary_published_on)

    def days_left(self, at: datetime | None = None) -> int | None:
        """Return whole or begun days until the closing moment, 0 after it, None without one."""
        if self.closes_at is None:
            return None
        left: timedelta = self.closes_at - (at or timezone.now())
        return max(0, math.ceil(left / timedelta(days=1)))
