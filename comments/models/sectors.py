"""Sectors of civil society, as the hearing names them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.fields import Bilingual


class Sector(models.Model):
    """A part of society that is heard: citizens, government, external agencies, academics."""

    key = models.SlugField(_("code"), max_length=40, unique=True)
    title_th = models.CharField(_("name (Thai)"), max_length=120)
    title_en = models.CharField(_("name (English)"), max_length=120)
    definition_th = models.CharField(_("definition (Thai)"), max_length=300, blank=True)
    definition_en = models.CharField(_("definition (English)"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered in the form"), default=True)

    title = Bilingual("title")
    definition = Bilingual("definition")

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.title
