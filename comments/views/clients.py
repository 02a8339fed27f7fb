"""Where a request comes from, and what stands for it where nobody is to know."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

# Addresses that lead nowhere begin with this byte (RFC 4193).
_NOWHERE = b"\xfd"


def address(request: HttpRequest) -> str:
    """Return the address of whoever asks; empty where there is none, as on a socket.

    Each proxy of ours adds the address that it was asked from at the end of the header; the connection is from the last
    of them. So with two proxies it is the last but one: what stands before it, the client wrote. Without a proxy the
    header is the client's own invention, and not read.
    """
    chain = [request.META.get("REMOTE_ADDR", "")]
    if settings.TRUSTED_PROXIES:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-settings.TRUSTED_PROXIES :]
        chain = [one.strip() for one in told if one.strip()] + chain
    try:
        return _plain(ip_address(chain[0]))
    except ValueError:
        return ""


def _plain(found: IPv4Address | IPv6Address) -> str:
    """Return an IPv4 address as such, however it came: in IPv6 it would be another client."""
    return str(getattr(found, "ipv4_mapped", None) or found)


class NamelessAttempts(AxesDatabaseHandler):  # type: ignore[misc]
    """Count wrong passwords as axes does, and forget what the browser calls itself: it counts for nothing here."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count one."""
        if request is not None:
            request.axes_user_agent = ""  # type: ignore[attr-defined]
        super().user_login_failed(sender, credentials, request, **kwargs)


def masked_address(request: HttpRequest) -> str:
    """Return what stands for the address of whoever asks, today: an IPv6 address that leads nowhere."""
    return str(IPv6Address(_NOWHERE + _today("address", address(request))[:15]))


def masked_network(request: HttpRequest) -> str:
    """Return what stands, today, for the line of whoever asks; empty where no address is known.

    Of IPv6 it is the first half of the address: one line has all of the other half, a new address for each request.
    """
    told = address(request)
    if not told:
        return ""
    if ":" in told:
        told = IPv6Address(told).packed[:8].hex()
    return _today("network", told).hex()


def masked_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """Return what stands for the typed name, today; people type passwords there."""
    return _today("name", (credentials or {}).get("username") or "").hex()


def _today(purpose: str, thing: str) -> bytes:
    # Another key each day: what is left over can't be put together with what comes.
    salt = f"comments.clients.{purpose}.{timezone.localdate()}"
    return salted_hmac(salt, thing, algorithm="sha256").digest()
