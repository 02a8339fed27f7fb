"""deploy/nginx.conf as it is, with TLS: whoever comes without it is sent to it, and no cookie travels without it."""

import os
import re
import socket
import ssl
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.environment import DATABASE_VARIABLE
from tests.load.citizens import GO_BACK
from tests.nginx import find_nginx, proxy_with_tls

HOST = "consult.example.org"
pytestmark = pytest.mark.skipif(
    find_nginx() is None or os.environ.get(DATABASE_VARIABLE, "").startswith("postgres"),
    reason="needs nginx; once is enough",
)


OTHER_NAMES = """
from django.conf import settings
from comments.views import cookies, voters
(in_cookie, _) = cookies.Messages.storage_classes
print(settings.SESSION_COOKIE_NAME, in_cookie.cookie_name, voters.COOKIE.name)
"""


def make_certificate(directory):
    """Make a key and a certificate for it, signed by itself, under the names in deploy/nginx.conf."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=2)).not_valid_after(now + timedelta(days=2))
    signed = made.add_extension(names, critical=True).sign(key, hashes.SHA256())
    (directory / "consult.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    unlocked = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unlocked)
    (directory / "consult.key").write_bytes(pem)


def ask(connection, path, data=None, **heads):
    """Ask over a connection of its own; return the answer and what is in it."""
    with closing(connection):
        connection.request("POST" if data else "GET", path, data, {"Host": HOST} | heads)
        answer = connection.getresponse()
        return answer, answer.read().decode()


@pytest.fixture
def trusted(tmp_path):
    make_certificate(tmp_path)
    return ssl.create_default_context(cafile=str(tmp_path / "consult.pem"))


def assert_is_told_in_words(answer, page):
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert GO_BACK in page


def test_when_nobody_is_behind_it_that_is_said_in_words(server_stage, tmp_path, trusted):
    # Nobody listens on the first port of all.
    with proxy_with_tls(["http://127.0.0.1:1"], server_stage.static, tmp_path) as (_plain, secure):
        for data in (None, "body=words"):
            answer, page = ask(HTTPSConnection("127.0.0.1", secure, context=trusted), "/submit/", data)
            assert_is_told_in_words(answer, page)
            for style in re.findall(r'href="(/static/[^"]*)"', page):
                found, _css = ask(HTTPSConnection("127.0.0.1", secure, context=trusted), style)
                assert found.status == 200
        hidden, _page = ask(HTTPSConnection("127.0.0.1", secure, context=trusted), "/static/busy.html")
        assert hidden.status == 404


def test_who_comes_beyond_what_a_node_takes_in_is_told_so_at_once(server_stage, tmp_path, trusted):
    with ExitStack() as stack:
        node = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        nodes = [f"http://127.0.0.1:{node.getsockname()[1]}"]
        served = proxy_with_tls(nodes, server_stage.static, tmp_path, most=2)
        _plain, secure = stack.enter_context(served)
        for _ in range(2):
            waiting = HTTPSConnection("127.0.0.1", secure, context=trusted)
            stack.callback(waiting.close)
            waiting.request("GET", "/", headers={"Host": HOST})
            # It has come to the node, which never answers.
            stack.enter_context(node.accept()[0])
        for data in (None, "body=words"):
            refused = HTTPSConnection("127.0.0.1", secure, context=trusted, timeout=30)
            assert_is_told_in_words(*ask(refused, "/submit/", data))


def test_an_opinion_goes_in_over_tls_and_no_cookie_travels_without_it(server_stage, tmp_path, trusted):
    settings = {"HTTPS": "on", "TRUSTED_PROXIES": "1", "ALLOWED_HOSTS": f"{HOST},127.0.0.1"}
    with (
        server_stage.server(**settings) as server,
        proxy_with_tls([server.url], server_stage.static, tmp_path) as (plain, secure),
    ):
        sent_on, _page = ask(
            HTTPConnection("127.0.0.1", plain), "/submit/?goal=x", **{"X-Forwarded-Proto": "https"}
        )
        assert (sent_on.status, sent_on.headers["Location"]) == (301, f"https://{HOST}/submit/?goal=x")

        def say(path, data=None, **heads):
            return ask(HTTPSConnection("127.0.0.1", secure, context=trusted), path, data, **heads)

        form, page = say("/submit/", **{"X-Forwarded-Proto": "http"})
        assert form.status == 200
        assert form.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        heads = {"Referer": f"https://{HOST}/submit/", "Content-Type": "application/x-www-form-urlencoded"}
        heads["Cookie"] = form.headers["Set-Cookie"].partition(";")[0]
        said = urlencode(hidden | {"sector": "citizen", "body": "อยากให้มีต้นไม้ริมทางเท้าทุกสาย"})
        receipt, _page = say("/submit/", said, **heads)
        assert (receipt.status, receipt.headers["Location"]) == (303, "/receipt/")
        cookies = [form.headers["Set-Cookie"], *receipt.headers.get_all("Set-Cookie")]
        assert sorted(cookie.partition("=")[0] for cookie in cookies) == [
            f"__Host-{name}" for name in ("csrftoken", "form", "receipt")
        ]
        for cookie in cookies:
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
            assert "domain" not in cookie.lower()
        assert server.shell(OTHER_NAMES).split() == [
            f"__Host-{name}" for name in ("sessionid", "messages", "voter")
        ]
        heads["Cookie"] += f"; {receipt.headers.get_all('Set-Cookie')[0].partition(';')[0]}"
        shown, page = say("/receipt/", **heads)
        assert 'id="receipt-secret"' in page
        assert "Max-Age=0" in shown.headers["Set-Cookie"]
        # Kept by every cache on the way, so it says that there are two of it.
        style, _css = say(re.search(r"/static/[^\"]*\.css", page)[0])
        assert style.headers["Vary"] == "Accept-Encoding"
        assert server.query("SELECT count(*) FROM comments_submission") == [(1,)]
