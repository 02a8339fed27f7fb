"""Nobody can choose the address that is counted: real requests to servers behind none, one and two proxies."""

import itertools
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests.nginx import find_nginx, proxy

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


@pytest.fixture(scope="module")
def proxied(servers, server_stage, tmp_path_factory):
    """Put deploy/nginx.conf before each of the servers; yield the ports."""
    if find_nginx() is None:
        pytest.skip("needs nginx")
    with ExitStack() as stack:
        yield {
            number: urlsplit(
                stack.enter_context(
                    proxy([server.url], server_stage.static, tmp_path_factory.mktemp(f"nginx-{number}"))
                )
            ).port
            for number, server in servers.items()
        }


def send(port, message):
    """Send bytes, and return the statuses of all answers and the last of them as it came."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(message)
        came = b""
        with suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                came += piece
    answers = came.split(b"HTTP/1.1 ")[1:]
    return [int(one[:3]) for one in answers], answers[-1] if answers else b""


LIES = (
    ("X-Forwarded-Proto: https", "X-Forwarded-Ssl: on", "X-Forwarded-Protocol: ssl"),
    ("X-Forwarded-Host: evil.example", "X-Forwarded-Port: 666", "X-Host: evil.example"),
    ("SCRIPT_NAME: /evil", "Script-Name: /evil", "PATH_INFO: /evil", "X-Original-URL: /evil"),
)


def believed(port):
    """Return which of the lies change what a page says of its own address."""
    found = []
    for lies in LIES:
        lines = "".join(f"{lie}\r\n" for lie in lies).encode()
        statuses, answer = send(port, b"GET /api/v1/?%d HTTP/1.1\r\n%b%b\r\n" % (next(_words), lines, CLOSE))
        is_as_ever = statuses == [200] and b'"http://127.0.0.1/api/v1/goals/"' in answer
        found += [] if is_as_ever and b"evil" not in answer else [lies]
    return found


def test_gunicorn_believes_nobody_on_scheme_host_or_path(servers):
    assert believed(urlsplit(servers[0].url).port) == []


@pytest.mark.parametrize("number", PROXIES)
def test_through_nginx_nobody_says_who_they_are(proxied, number):
    assert believed(proxied[number]) == []
    addresses = (f"203.0.113.{n}" for n in itertools.count())

    def asked(*names):
        """Search as from two new addresses; of two searches from one address the second is refused."""
        statuses = set()
        for _ in range(2):
            lines = "".join(f"{name}: {next(addresses)}\r\n" for name in names).encode()
            path = f"/comments/?q=a{next(_words)}".encode()
            (status,), _page = send(proxied[number], b"GET %b HTTP/1.1\r\n%b%b\r\n" % (path, lines, CLOSE))
            statuses.add(status)
        return statuses

    for name in ("X-Forwarded-For", "X_Forwarded_For", "X-Real-IP", "Forwarded", "Client-IP"):
        assert 429 in asked(name), name
    # Would have a proxy drop what it was to pass on.
    assert 429 in asked("Connection: X-Forwarded-For\r\nX-Forwarded-For")


GET, POST = b"GET /about/ HTTP/1.1\r\n", b"POST /submit/ HTTP/1.1\r\n"
CLOSE = b"Host: 127.0.0.1\r\nConnection: close\r\n"
LONG_LINE = b"X-Long: " + b"a" * 9000 + b"\r\n"
# What nginx answers to each; nothing means that it may hang up without a word.
ODD = {
    **{
        f"two ends {n}": ({400, 501}, POST + b"Host: 127.0.0.1\r\n" + ends + HIDDEN)
        for n, ends in enumerate(TWO_ENDS)
    },
    "folded header": ({400}, GET + b"X-Folded: a\r\n b: c\r\n" + CLOSE + b"\r\n"),
    "folded length": ({400}, POST + b"Content-Length:\r\n 5\r\n" + CLOSE + b"\r\n" + HIDDEN),
    "bare line feeds": ({200}, (GET + CLOSE + b"\r\n").replace(b"\r\n", b"\n")),
    "bare carriage return": ({400}, GET + b"X-Odd: a\rTransfer-Encoding: chunked\r\n" + CLOSE + b"\r\n"),
    "null in a header": ({400}, GET + b"X-Odd: a\0b\r\n" + CLOSE + b"\r\n"),
    "null in the address": ({400}, b"GET /about/\0 HTTP/1.1\r\n" + CLOSE + b"\r\n"),
    "encoding of another case": (
        {200, 400, 403, 411, 501},
        POST + b"tRANSFER-eNCODING: CHUNKED\r\n" + CLOSE + b"\r\n0\r\n\r\n",
    ),
    "long header": ({400, 414, 494}, GET + LONG_LINE + CLOSE + b"\r\n"),
    "many headers": (
        {400, 414, 494},
        GET
        + b"X-Many: "
        + b"a" * 4000
        + b"\r\n"
        + (b"X-Many: " + b"a" * 4000 + b"\r\n") * 20
        + CLOSE
        + b"\r\n",
    ),
    "long address": ({414}, b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + CLOSE + b"\r\n"),
    "two hosts": ({400}, GET + b"Host: evil.example\r\n" + CLOSE + b"\r\n"),
    "no host": ({400}, GET + b"Connection: close\r\n\r\n"),
    "another host": ({400}, GET + b"Host: evil.example\r\nConnection: close\r\n\r\n"),
    "host with a path": ({400}, GET + b"Host: 127.0.0.1/evil.example\r\nConnection: close\r\n\r\n"),
    "whole address of another": ({200}, b"GET http://evil.example/about/ HTTP/1.1\r\n" + CLOSE + b"\r\n"),
    "whole address, another host": (
        {400},
        b"GET http://127.0.0.1/about/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ),
    "tunnel": ({400, 405}, b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n" + CLOSE + b"\r\n"),
    "trace": ({405}, b"TRACE / HTTP/1.1\r\n" + CLOSE + b"\r\n"),
    "another protocol": (
        {200},
        GET + b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n" + CLOSE + b"\r\n",
    ),
    "up from the static files": ({400, 404}, b"GET /static/../../log HTTP/1.1\r\n" + CLOSE + b"\r\n"),
    "up, written otherwise": ({400, 404}, b"GET /static/%2e%2e/%2e%2e/log HTTP/1.1\r\n" + CLOSE + b"\r\n"),
    "beside the static files": ({404}, b"GET /static..%2flog HTTP/1.1\r\n" + CLOSE + b"\r\n"),
    "the page that is for nginx alone": ({404}, b"GET /static/busy.html HTTP/1.1\r\n" + CLOSE + b"\r\n"),
}


def test_nginx_and_we_never_differ_on_where_a_message_ends(servers, proxied):
    port, said = proxied[1], {}
    for name, (allowed, message) in ODD.items():
        statuses, answer = send(port, message)
        if not (len(statuses) == 1 and statuses[0] in allowed) or b"evil" in answer:
            said[name] = statuses
        # Had the message left a part of itself on a connection to us, the next one would get its answer.
        assert send(port, b"GET /healthz HTTP/1.1\r\n" + CLOSE + b"\r\n")[1].endswith(b"\r\n\r\nok\n"), name
    assert said == {}
    # What was hidden behind the first message was read by nobody.
    assert servers[1].log.count(" about 200 ") == sum(
        200 in allowed for allowed, message in ODD.values() if b"/about/" in message and HIDDEN not in message
    )
