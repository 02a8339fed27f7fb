"""How to reach those who said something; apart from their words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.fields import EncryptedTextField
from comments.models.submissions import Submission


class Contact(models.Model):
    """How to reach the author; encrypted, apart, and read only through a logged reveal."""

    submission = models.OneToOneField(
        Submission, models.PROTECT, related_name="contact", verbose_name=_("submission")
    )
    email = EncryptedTextField(_("e-mail"), blank=True)
    phone = EncryptedTextField(_("telephone"), blank=True)
    wants_updates = models.BooleanField(_("wants news of the answer"), default=False)

    class Meta:
        verbose_name = _("contact details")
        verbose_name_plural = _("contact details")
        default_permissions = ()
        permissions = [("reveal_contact", "Can see contact details, with a logged reason")]

    def __str__(self) -> str:
        return self.submission.reference
