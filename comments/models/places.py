"""The fifty districts of Bangkok and their groups."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.fields import Bilingual


class DistrictGroup(models.Model):
    """One of the city's six groups of districts."""

    key = models.SlugField(_("code"), max_length=20, unique=True)
    title_th = models.CharField(_("name (Thai)"), max_length=80)
    title_en = models.CharField(_("name (English)"), max_length=80)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    title = Bilingual("title")

    class Meta:
        verbose_name = _("district group")
        verbose_name_plural = _("district groups")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class District(models.Model):
    """A district (khet). Population is registered persons on 31 December 2564 B.E."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    title_th = models.CharField(_("name (Thai)"), max_length=80)
    title_en = models.CharField(_("name (English)"), max_length=80)
    group = models.ForeignKey(
        DistrictGroup, models.PROTECT, related_name="districts", verbose_name=_("district group")
    )
    postal_code = models.CharField(_("postal code"), max_length=5)
    population = models.PositiveIntegerField(_("registered population"), validators=[MinValueValidator(1)])
    households = models.PositiveIntegerField(_("households"))
    area_km2 = models.DecimalField(_("area (km²)"), max_digits=7, decimal_places=2)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5)
    tile_column = models.PositiveSmallIntegerField(_("tile map column"))
    tile_row = models.PositiveSmallIntegerField(_("tile map row"))
    # SQLite has no Thai collation, so the dictionary order is stored.
    thai_rank = models.PositiveSmallIntegerField(_("Thai alphabetical rank"))

    title = Bilingual("title")

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["thai_rank"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__gte="1001", code__lte="1050"),
                name="district_code_is_1001_to_1050",
                violation_error_message=_("A district code is a number from 1001 to 1050."),
            ),
            models.UniqueConstraint(fields=["tile_column", "tile_row"], name="district_has_its_own_map_tile"),
        ]

    def __str__(self) -> str:
        return self.title
