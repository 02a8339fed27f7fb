"""Why an opinion is not published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.fields import Bilingual


class RejectionReason(models.Model):
    """A coded reason for not publishing, with the text that the citizen reads."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_th = models.CharField(_("name (Thai)"), max_length=120)
    title_en = models.CharField(_("name (English)"), max_length=120)
    explanation_th = models.TextField(_("what the citizen reads (Thai)"))
    explanation_en = models.TextField(_("what the citizen reads (English)"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    title = Bilingual("title")
    explanation = Bilingual("explanation")

    class Meta:
        verbose_name = _("reason for not publishing")
        verbose_name_plural = _("reasons for not publishing")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.title
