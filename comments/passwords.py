"""Which passwords are none: made of words that everybody tries first here, or given by somebody else too long ago."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.models import GivenPassword

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, User

# A password that somebody else has seen opens for so long, and then only the page on which it is changed.
GIVEN_FOR = timedelta(days=7)

OWN_WORDS = (
    *(
        "กรุงเทพมหานคร",
        "กรุงเทพฯ",
        "กรุงเทพ",
        "กทม",
        "บางกอก",
        "รับฟัง",
        "ความคิดเห็น",
        "ประชาชน",
        "แผน",
        "เขต",
        "สำนักงาน",
    ),
    *("bangkok", "krungthep", "bkk", "bma", "consult", "consultation", "thailand", "thai", "opinion", "plan"),
    *("administrator", "admin", "moderator", "planner", "responder", "officer", "password", "รหัสผ่าน"),
)
# What is left beside these words, digits and signs must be as long as this.
LEAST_BESIDE = 6
_OWN = re.compile("|".join(sorted(map(re.escape, OWN_WORDS), key=len, reverse=True)), re.IGNORECASE)
_NO_LETTERS = re.compile(r"[\W\d_](?<![\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])")


class OwnWords:
    """Refuse a password that is made of our own words, of digits and of signs."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:  # noqa: ARG002
        """Raise ValidationError (own_words) for a password of which hardly anything else is left.

        >>> OwnWords().validate("three old bridges of Bangkok")
        """
        beside, found = _OWN.subn(" ", password)
        if found and len(_NO_LETTERS.sub("", beside)) < LEAST_BESIDE:
            raise ValidationError(
                _(
                    "This password is made of the names of the city and of this service, which are tried first."
                ),
                "own_words",
            )

    def get_help_text(self) -> str:
        """Say it beforehand."""
        return _("Your password can’t be made of the names of the city and of this service.")


def give(account: User, *, at: datetime | None = None) -> None:
    """Note that somebody else has just set the password of an account."""
    GivenPassword.objects.update_or_create(account=account, defaults={"at": at or timezone.now()})


def make_own(account: User) -> None:
    """Note that the owner of an account has chosen its password, or that it has none."""
    GivenPassword.objects.filter(account=account).delete()


def is_given(account: User) -> bool:
    """Tell whether somebody else set the password of an account, and its owner has not changed it."""
    return GivenPassword.objects.filter(account=account).exists()


def has_lapsed(account: User, *, at: datetime | None = None) -> bool:
    """Tell whether a given password opens nothing any more."""
    end = (at or timezone.now()) - GIVEN_FOR
    return GivenPassword.objects.filter(account=account, at__lte=end).exists()
