"""What opinions are about, in the staff's own list: themes, their history, and which opinion has which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.fields import Bilingual, never
from comments.models.plans import Plan
from comments.models.submissions import Submission

if TYPE_CHECKING:
    from typing import Self

    from django.db.models.fields.related_descriptors import RelatedManager


class ThemeWording(models.Model):
    """What a theme is called and how it is known: the columns that each of its events records."""

    title_th = models.CharField(_("name (Thai)"), max_length=120)
    title_en = models.CharField(_("name (English)"), max_length=120)
    description_th = models.CharField(_("description (Thai)"), max_length=400, blank=True)
    description_en = models.CharField(_("description (English)"), max_length=400, blank=True)
    words = models.TextField(_("key words"), max_length=2000, blank=True)

    title = Bilingual("title")
    description = Bilingual("description")

    class Meta:
        abstract = True

    def wording(self) -> dict[str, str]:
        """Return the columns that an event records, by name."""
        return {field.name: getattr(self, field.name) for field in ThemeWording._meta.local_fields}


class ThemeQuerySet(models.QuerySet["Theme"]):
    """Themes by whether they stand for themselves."""

    delete = never("A theme is never deleted; it is merged into another.")

    def standing(self) -> Self:
        """Return those that were not merged into another."""
        return self.filter(merged_into=None)

    def aliases(self) -> dict[int, int]:
        """Return the key of the theme that stands for each of those that were merged, by theirs."""
        merged = self.exclude(merged_into=None).order_by()
        return {pk: into for pk, into in merged.values_list("pk", "merged_into") if into}


class Theme(ThemeWording):
    """Something that several opinions on a plan are about. Once merged it is another name of the one it went into."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="themes", verbose_name=_("plan"))
    code = models.SlugField(
        _("code"), max_length=20, help_text=_("Short, Latin letters and digits; it stays for ever.")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    objects = ThemeQuerySet.as_manager()

    if TYPE_CHECKING:
        events: RelatedManager[ThemeEvent]

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["plan", "position", "code"]
        default_permissions = ("view", "add", "change")
        permissions = [("tag_submission", "Can give themes to opinions")]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="theme_code_is_unique_in_its_plan",
                violation_error_message=_("This plan has a theme of this code already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("pk")), name="theme_is_not_merged_into_itself"
            ),
        ]

    delete = never("A theme is never deleted; it is merged into another.")

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def key_words(self) -> list[str]:
        """Return the words and phrases by which it is suggested."""
        return [line.strip() for line in self.words.splitlines() if line.strip()]


class ThemeEventQuerySet(models.QuerySet["ThemeEvent"]):
    """Events can be read and added, nothing else."""

    update = never("An event never changes.")
    delete = never("An event is never deleted.")


class ThemeEvent(ThemeWording):
    """One thing that happened to a theme, and its wording from then on. All of it is sealed."""

    class Kind(models.TextChoices):
        """What happened."""

        CREATED = "created", _("created")
        CHANGED = "changed", _("changed")
        MERGED = "merged", _("merged into another")
        TOOK_IN = "took_in", _("took another in")

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="events", verbose_name=_("theme"))
    kind = models.CharField(_("event"), max_length=10, choices=Kind)
    other = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("other theme")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="theme_events",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = ThemeEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a theme")
        verbose_name_plural = _("history of a theme")
        ordering = ["-pk"]
        default_permissions = ()

    delete = never("An event is never deleted.")

    def __str__(self) -> str:
        return f"{self.theme.code} {self.get_kind_display()}"


class Tag(models.Model):
    """One opinion has one theme, since when and by whom. What was taken away again stands in the events."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="tags", verbose_name=_("theme"))
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="tags", verbose_name=_("submission")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tags", verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("theme of an opinion")
        verbose_name_plural = _("themes of opinions")
        ordering = ["theme__position", "theme__code"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["theme", "submission"], name="opinion_has_a_theme_once")
        ]

    def __str__(self) -> str:
        return f"{self.submission.reference} {self.theme.code}"
