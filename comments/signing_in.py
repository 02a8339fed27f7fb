"""The log of sign-ins, and how long somebody stays signed in.

A session remembers when it began, when it was last used, and how the account stood at the sign-in. When it is too old, was
left alone for too long, or when the account stands otherwise by now, it is over.
"""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from comments.models import Authenticator, SignIn

Kind = SignIn.Kind
_BEGAN, _SEEN, _STANDING = "staff_began", "staff_seen", "staff_standing"
# A row of the session is written once in so many seconds at most, not with every page.
_COARSENESS = 60


def record(kind: SignIn.Kind, account: User | None, *, address: str, by: User | None = None) -> None:
    """Add an entry to the log."""
    SignIn.objects.create(kind=kind, account=account, address=address, by=by)


def standing(account: User) -> str:
    """Return what stands for the rights and the second factor of an account; it changes with any of them.

    The password and whether the account is active are not in it: Django itself looks at these with every request.
    """
    rights = [] if account.is_superuser else sorted(account.get_all_permissions())
    told = [account.is_staff, account.is_superuser, rights, _factor(account)]
    return salted_hmac("comments.standing", json.dumps(told), algorithm="sha256").hexdigest()


def _factor(account: User) -> int | str | None:
    if not settings.STAFF_TWO_FACTOR:
        return "off"
    return Authenticator.objects.filter(account=account).values_list("pk", flat=True).first()


def begin(session: MutableMapping[str, Any], account: User, *, at: datetime | None = None) -> None:
    """Note in a session that `account` has just shown all that is asked for."""
    now = int((at or timezone.now()).timestamp())
    session[_BEGAN] = session[_SEEN] = now
    session[_STANDING] = standing(account)


def renew(session: MutableMapping[str, Any], account: User) -> None:
    """Let a session go on although its own user has just changed how the account stands."""
    session[_STANDING] = standing(account)


def why_over(
    session: MutableMapping[str, Any], account: User, *, at: datetime | None = None
) -> SignIn.Kind | None:
    """Say why a session is over, None while it is not. The last second of each span is outside."""
    now = int((at or timezone.now()).timestamp())
    if _BEGAN not in session or not constant_time_compare(session[_STANDING], standing(account)):
        return Kind.CHANGED
    if now >= session[_BEGAN] + settings.STAFF_SESSION_HOURS * 3600:
        return Kind.EXPIRED
    if now >= session[_SEEN] + settings.STAFF_IDLE_MINUTES * 60:
        return Kind.IDLE
    return None


def touch(session: MutableMapping[str, Any], *, at: datetime | None = None) -> None:
    """Note that a session is used."""
    now = int((at or timezone.now()).timestamp())
    if now >= session[_SEEN] + min(_COARSENESS, settings.STAFF_IDLE_MINUTES * 30):
        session[_SEEN] = now
