"""The second step of signing in: six digits from a telephone (RFC 6238), or a recovery code from paper.

Each code opens once. Wrong ones are counted for each account, over all processes and machines.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP

from comments import references
from comments.limits import Limit
from comments.models import Authenticator, RecoveryCode

WRONG_CODES = Limit("wrong codes", most=5, within=timedelta(minutes=15))
RECOVERY_CODES = 10
ISSUER = "BMA Consult"
_DIGITS = 6
# Half minutes by which a telephone's clock may be wrong, either way.
_TOLERANCE = 1


class WrongCodeError(Exception):
    """The code opens nothing."""


class UsedCodeError(Exception):
    """The code is right, and was used already."""


class AlreadyEnrolledError(Exception):
    """Somebody has set the second step up in the meantime."""


def draw_key() -> str:
    """Return a fresh key of 160 random bits in base 32, as telephones take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def uri(key: str, account: User) -> str:
    """Return what the QR code of a key says to a telephone."""
    label = quote(f"{ISSUER}:{account.get_username()}")
    return f"otpauth://totp/{label}?{urlencode({'secret': key, 'issuer': ISSUER}, quote_via=quote)}"


def is_enrolled(account: User) -> bool:
    """Tell whether an account has a second step."""
    return Authenticator.objects.filter(account=account).exists()


def enrolled_at(account: User) -> datetime | None:
    """Return when the telephone of an account was set up, None where there is none."""
    return Authenticator.objects.filter(account=account).values_list("at", flat=True).first()


def codes_left(account: User) -> int:
    """Return how many recovery codes an account has."""
    return RecoveryCode.objects.filter(authenticator__account=account).count()


def check(account: User, code: str, *, at: datetime | None = None) -> bool:
    """Use up a code of an account; tell whether it was a recovery code.

    Raises WrongCodeError, UsedCodeError, and TooManyTriesError after five of these in a quarter of an hour.
    """
    at = at or timezone.now()
    WRONG_CODES.take(str(account.pk), at=at)
    code = "".join(code.split())
    is_recovery = not _is_from_telephone(code)
    if is_recovery:
        _use_recovery(account, code)
    else:
        _use_step(account, code, at)
    WRONG_CODES.give_back(str(account.pk))
    return is_recovery


def enrol(
    account: User, key: str, code: str, *, at: datetime | None = None, replaces: bool = False
) -> list[str]:
    """Give an account the key that made `code`, and return its recovery codes, which are shown this once.

    Raises WrongCodeError, and AlreadyEnrolledError unless this `replaces` what there was.
    """
    step = _step(key, "".join(code.split()), at or timezone.now())
    codes = [_draw_code() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        # The lock makes two at once come one after the other.
        User.objects.select_for_update(no_key=True).get(pk=account.pk)
        if replaces:
            Authenticator.objects.filter(account=account).delete()
        elif is_enrolled(account):
            raise AlreadyEnrolledError
        row = Authenticator.objects.create(account=account, key=key, last_step=step)
        RecoveryCode.objects.bulk_create(
            RecoveryCode(authenticator=row, digest=references.hash_secret(one)) for one in codes
        )
    return codes


def reset(account: User) -> bool:
    """Take the second step away from an account, with its recovery codes; tell whether there was one."""
    return bool(Authenticator.objects.filter(account=account).delete()[0])


def _is_from_telephone(code: str) -> bool:
    return len(code) == _DIGITS and code.isdecimal()


def _use_step(account: User, code: str, at: datetime) -> None:
    row = Authenticator.objects.filter(account=account).first()
    if row is None:
        raise WrongCodeError
    step = _step(row.key, code, at)
    # One UPDATE, so that of many at once with the same code one gets in.
    if not Authenticator.objects.filter(pk=row.pk, last_step__lt=step).update(last_step=step):
        raise UsedCodeError


def _use_recovery(account: User, code: str) -> None:
    rows = RecoveryCode.objects.filter(authenticator__account=account, digest=references.hash_secret(code))
    pk = rows.values_list("pk", flat=True).first()
    if pk is None or not RecoveryCode.objects.filter(pk=pk).delete()[0]:
        raise WrongCodeError


def _step(key: str, code: str, at: datetime) -> int:
    """Return the half minute of the key to which a code belongs. Raises WrongCodeError."""
    if not _is_from_telephone(code):
        raise WrongCodeError
    totp = TOTP(base64.b32decode(key))
    totp.time = at.timestamp()
    if not totp.verify(int(code), tolerance=_TOLERANCE):
        raise WrongCodeError
    return int(totp.t())


def _draw_code() -> str:
    symbols = "".join(secrets.choice(references.ALPHABET) for _ in range(16))
    return "-".join(symbols[start : start + 4] for start in range(0, 16, 4))
