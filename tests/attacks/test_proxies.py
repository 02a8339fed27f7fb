"""Nobody can choose the address that is counted: real requests to servers behind none, one and two proxies."""

import itertools
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

PROXIES = (0, 1, 2)
# One search a minute from each address, and one process to count them.
LIMITED = {"SEARCHES_PER_MINUTE": "1", "WEB_CONCURRENCY": "1"}
MALFORMED = [
    "x" * 3000,
    ", , ,",
    "198.51.100.7:443",
    "[2001:db8::1]:443",
    "\x00",
    "unknown",
    '";DROP TABLE',
    "198.51.100.7" + ", 198.51.100.7" * 300,
    "1.2.3.4.5, 999.1.1.1, ::::",
    "%s%n${jndi:ldap://a}",
]


@pytest.fixture(scope="module")
def servers(server_stage):
    """Start the three servers side by side."""
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        starting = [server_stage.server(TRUSTED_PROXIES=str(number), **LIMITED) for number in PROXIES]
        yield dict(zip(PROXIES, pool.map(stack.enter_context, starting), strict=True))


_words = itertools.count()


def search(server, *headers):
    """Search for another word with these headers, each a name and a value; return the status.

    What was found before may be kept, and to hand it out again is counted for nobody.
    """
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    connection.putrequest("GET", f"/comments/?q=a{next(_words)}")
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def forwarded(*addresses):
    return ("X-Forwarded-For", ", ".join(addresses))


def test_without_a_proxy_no_header_makes_another_client(servers):
    server = servers[0]
    assert search(server) == 200
    for name in ("X-Forwarded-For", "X_Forwarded_For", "X-Real-IP", "Forwarded", "Client-IP"):
        assert search(server, (name, "203.0.113.5")) == 429, name


def test_behind_one_proxy_only_its_own_word_counts(servers):
    server = servers[1]
    assert search(server, forwarded("198.51.100.1")) == 200
    for made_up in ("203.0.113.5", "10.0.0.1", "nonsense", "203.0.113.5, 203.0.113.6"):
        assert search(server, forwarded(made_up, "198.51.100.1")) == 429, made_up
    # A header of the client's beside that of the proxy, and one under a name that only looks alike.
    assert search(server, forwarded("203.0.113.5"), forwarded("198.51.100.1")) == 429
    assert search(server, ("X_Forwarded_For", "203.0.113.9"), forwarded("198.51.100.1")) == 429
    assert search(server, forwarded("198.51.100.1", "198.51.100.2")) == 200


def test_behind_two_proxies_it_is_the_last_but_one(servers):
    server = servers[2]
    assert search(server, forwarded("198.51.100.1", "192.0.2.1")) == 200
    # The same client, by another of the outer proxies, and with words of its own before.
    assert search(server, forwarded("198.51.100.1", "192.0.2.2")) == 429
    assert search(server, forwarded("203.0.113.5", "198.51.100.1", "192.0.2.1")) == 429
    assert search(server, forwarded("203.0.113.5"), forwarded("198.51.100.1", "192.0.2.1")) == 429
    assert search(server, forwarded("198.51.100.2", "192.0.2.1")) == 200


@pytest.mark.parametrize("number", PROXIES)
def test_a_header_that_is_none_does_no_harm(servers, number):
    for value in MALFORMED:
        # What gunicorn itself refuses has not reached us.
        assert search(servers[number], ("X-Forwarded-For", value)) in {200, 400, 429}, value


def test_a_scheme_is_believed_only_from_a_proxy(servers):
    assert settings.TRUSTED_PROXIES == 0
    assert not getattr(settings, "SECURE_PROXY_SSL_HEADER", None)
    for number in (1, 2):
        told = servers[number].manage(
            "shell",
            "--verbosity=0",
            "--command",
            "from django.conf import settings; print(settings.SECURE_PROXY_SSL_HEADER)",
        )
        assert "HTTP_X_FORWARDED_PROTO" in told.stdout


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/", "/comments/feed/", "/api/v1/", "/sitemap.xml", "/open-data/catalogue.jsonld", "/admin/login/"],
)
def test_a_host_that_is_not_ours_is_refused_and_repeated_nowhere(path, caplog):
    for host in ("evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "a b", ""):
        response = Client().get(path, headers={"Host": host})
        assert response.status_code == 400, host
        assert "evil.example" not in response.content.decode()
    response = Client().get(path, headers={"X-Forwarded-Host": "evil.example"})
    assert response.status_code == 200
    assert "evil.example" not in response.content.decode()
    # Else anybody could fill the log.
    assert not [record for record in caplog.records if record.exc_info]


HIDDEN = b"GET /about/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
TWO_ENDS = [
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
    b"Content-Length: 0, 5\r\n\r\n",
    b"Content-Length: +0\r\n\r\n",
    b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: identity, chunked, identity\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
]


@pytest.mark.parametrize("ends", TWO_ENDS)
def test_a_message_with_two_ends_is_refused_and_nothing_after_it_is_read(servers, ends):
    host, port = urlsplit(servers[0].url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"POST /submit/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + ends + HIDDEN)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    statuses = [line for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    assert len(statuses) == 1
    assert statuses[0].split()[1] in {b"400", b"403", b"501"}
