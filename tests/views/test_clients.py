from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from django.test import RequestFactory
from django.utils import timezone

from comments.views import clients


def asked(remote="192.0.2.1", forwarded=None):
    header = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=remote, **header)


@pytest.mark.parametrize(
    ("behind", "remote", "forwarded", "found"),
    [
        (False, "192.0.2.1", None, "192.0.2.1"),
        (False, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (True, "192.0.2.1", "198.51.100.7", "198.51.100.7"),
        (True, "", "203.0.113.5, 198.51.100.7", "198.51.100.7"),
        (True, "", "2001:DB8::1", "2001:db8::1"),
        (True, "192.0.2.1", None, "192.0.2.1"),
        (True, "", "nonsense", ""),
        (False, "", None, ""),
    ],
)
def test_the_address_is_what_the_proxy_adds_and_nothing_that_a_client_can_make_up(
    settings, behind, remote, forwarded, found
):
    settings.BEHIND_PROXY = behind
    assert clients.address(asked(remote, forwarded)) == found


def test_what_stands_for_an_address_tells_nothing_and_changes_each_day(monkeypatch):
    one, other = (clients.masked_address(asked(remote)) for remote in ("192.0.2.1", "192.0.2.2"))
    assert one != other
    assert one == clients.masked_address(asked("192.0.2.1"))
    assert ip_address(one).is_private
    monkeypatch.setattr(timezone, "now", lambda: datetime(2001, 1, 1, tzinfo=UTC))
    assert clients.masked_address(asked("192.0.2.1")) != one


def test_what_stands_for_a_name_does_not_hold_it():
    told = clients.masked_name(asked(), {"username": "moderator", "password": "x"})
    assert "moderator" not in told
    assert told != clients.masked_name(asked(), None) == clients.masked_name(asked(), {})
