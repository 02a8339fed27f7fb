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
    ("proxies", "remote", "forwarded", "found"),
    [
        (0, "192.0.2.1", None, "192.0.2.1"),
        (0, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (1, "192.0.2.1", "198.51.100.7", "198.51.100.7"),
        (1, "", "203.0.113.5, 198.51.100.7", "198.51.100.7"),
        (1, "", "2001:DB8::1", "2001:db8::1"),
        (1, "", "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "192.0.2.1", None, "192.0.2.1"),
        (1, "192.0.2.1", " , ", "192.0.2.1"),
        (1, "", "nonsense", ""),
        (2, "", "203.0.113.5, 198.51.100.7, 192.0.2.9", "198.51.100.7"),
        (2, "", "nonsense, 198.51.100.7, 192.0.2.9", "198.51.100.7"),
        (2, "192.0.2.1", "198.51.100.7", "198.51.100.7"),
        (2, "192.0.2.1", None, "192.0.2.1"),
        (2, "", "x" * 5000, ""),
        (0, "", None, ""),
    ],
)
def test_the_address_is_what_our_proxies_add_and_nothing_that_a_client_can_make_up(
    settings, proxies, remote, forwarded, found
):
    settings.TRUSTED_PROXIES = proxies
    assert clients.address(asked(remote, forwarded)) == found


def test_a_line_is_half_an_ipv6_address_and_all_of_an_ipv4_one():
    told = [
        clients.masked_network(asked(one)) for one in ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1")
    ]
    assert told[0] == told[1] != told[2]
    assert clients.masked_network(asked("192.0.2.1")) != clients.masked_network(asked("192.0.2.2"))
    assert clients.masked_network(asked("::ffff:192.0.2.1")) == clients.masked_network(asked("192.0.2.1"))
    assert clients.masked_network(asked("")) == ""


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
