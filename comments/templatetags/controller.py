"""Who answers for the data, and how to ask: as the settings of this installation say."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils.translation import get_language, gettext

register = template.Library()


@dataclass(frozen=True)
class Controller:
    """The controller in the language of the page; what is not known is empty."""

    name: str
    address: str
    email: str
    phone: str
    site: str
    officer: str

    @property
    def host(self) -> str:
        """Return the site as people write it."""
        return urlsplit(self.site).netloc


@register.simple_tag
def controller() -> Controller:
    """Return who answers for the data."""
    names = [settings.CONTROLLER_NAME]
    if get_language() == "en":
        names.insert(0, settings.CONTROLLER_NAME_EN)
    return Controller(
        name=next(filter(None, names), gettext("Bangkok Metropolitan Administration")),
        address=settings.CONTROLLER_ADDRESS,
        email=settings.CONTACT_EMAIL,
        phone=settings.CONTACT_PHONE,
        site=settings.CONTACT_SITE,
        officer=settings.DPO_CONTACT,
    )
