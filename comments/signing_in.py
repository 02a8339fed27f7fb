"""The log of sign-ins, and how long somebody stays signed in.

A session remembers when it began, when it was last used, and how the account stood at the sign-in. When it is too old, was
left alone for too long, or when the account stands otherwise by now, it is over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from comments.models import Authenticator, SignIn

Kind = SignIn.Kind
_BEGAN, _SEEN, _STANDING = "staff_began", "staff_seen", "staff_standing"
_ENTRY, _GIVEN = "staff_entry", "staff_given"
# A row of the session is written once in so many seconds at most, not with every page.
_COARSENESS = 60


def record(kind: SignIn.Kind, account: User | None, *, address: str, by: User | None = None) -> SignIn:
    """Add an entry to the log."""
    return SignIn.objects.create(kind=kind, account=account, address=address, by=by)


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


def begin(
    session: MutableMapping[str, Any],
    account: User,
    *,
    entry: SignIn | None = None,
    is_given: bool = False,
    at: datetime | None = None,
) -> None:
    """Note in a session that `account` has just shown all that is asked for, as the `entry` of the log says.

    With a password that `is_given` it has to be changed first.
    """
    now = int((at or timezone.now()).timestamp())
    session[_BEGAN] = session[_SEEN] = now
    session[_STANDING] = standing(account)
    session[_ENTRY], session[_GIVEN] = entry and entry.pk, is_given


def must_change(session: Mapping[str, Any]) -> bool:
    """Tell whether who is signed in came with a password that has to be changed first."""
    return bool(session.get(_GIVEN))


def let_go_on(session: MutableMapping[str, Any]) -> None:
    """Note that the password was changed."""
    session[_GIVEN] = False


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


@dataclass(frozen=True)
class Place:
    """Where an account is signed in: since when, when it was last used, from which address; `number` stands for its key."""

    key: str
    number: str
    began: datetime
    seen: datetime
    address: str


def places(account: User) -> list[Place]:
    """Return where an account is signed in, the one that was used last first."""
    # Only the staff have sessions, so there are few.
    found = [_place(key, data) for key, data in _going_on(account)]
    return sorted(found, key=lambda place: place.seen, reverse=True)


def leave(places: Iterable[Place]) -> int:
    """End these sessions; return how many were still there."""
    return Session.objects.filter(session_key__in=[place.key for place in places]).delete()[0]


def _going_on(account: User) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for row in Session.objects.filter(expire_date__gt=timezone.now()):
        data = row.get_decoded()
        is_own = data.get(SESSION_KEY) == str(account.pk)
        has_password = data.get(HASH_SESSION_KEY) == account.get_session_auth_hash()
        if is_own and has_password and why_over(data, account) is None:
            yield row.session_key, data


def _place(key: str, data: Mapping[str, Any]) -> Place:
    zone = timezone.get_default_timezone()
    began, seen = (datetime.fromtimestamp(data[name], zone) for name in (_BEGAN, _SEEN))
    entry = SignIn.objects.filter(pk=data.get(_ENTRY) or 0).first()
    number = salted_hmac("comments.places", key, algorithm="sha256").hexdigest()[:32]
    return Place(key, number, began, seen, entry.address if entry else "")
