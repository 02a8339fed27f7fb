"""Where a request comes from, and what stands for it where nobody is to know."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

# Addresses that lead nowhere begin with this byte (RFC 4193).
_NOWHERE = b"\xfd"


def address(request: HttpRequest) -> str:
    """Return the address of whoever asks; empty where there is none, as on a socket.

    Behind a proxy it is the last one that the proxy names: what stands before it, the client wrote. Without a proxy the
    header is the client's own invention, and not read.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or told
    try:
        return str(ip_address(told))
    except ValueError:
        return ""


def masked_address(request: HttpRequest) -> str:
    """Return what stands for the address of whoever asks, today: an IPv6 address that leads nowhere."""
    return str(IPv6Address(_NOWHERE + _today("address", address(request))[:15]))


def masked_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """Return what stands for the typed name, today; people type passwords there."""
    return _today("name", (credentials or {}).get("username") or "").hex()


def _today(purpose: str, thing: str) -> bytes:
    # Another key each day: what is left over can't be put together with what comes.
    salt = f"comments.clients.{purpose}.{timezone.localdate()}"
    return salted_hmac(salt, thing, algorithm="sha256").digest()
