"""The proxy of deploy/ before servers of the tests."""

import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from tests.environment import ROOT

WITHIN = 60


def find_nginx() -> str | None:
    """Return the program, which Debian puts where only root looks, or None."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def until(found: Callable[[], object], what: str) -> object:
    """Ask again and again until something true comes. Raises AssertionError with `what` after a minute."""
    end = time.monotonic() + WITHIN
    while time.monotonic() < end:
        if answer := found():
            return answer
    raise AssertionError(f"not within {WITHIN} s: {what}")


def page(url: str) -> str:
    """Return a page, or its status where it is none."""
    try:
        with urlopen(url, timeout=10) as response:
            return response.read().decode()
    except HTTPError as error:
        with error:
            return f"{error.code}"
    except (URLError, OSError) as error:
        return f"{error}"


@contextmanager
def proxy(nodes: list[str], static: Path, directory: Path, more: str = "") -> Iterator[str]:
    """Serve with deploy/nginx.conf before the nodes; only names, ports, places and TLS are other ones. Yield the address.

    What is said in `more` holds for all of it.
    """
    port = _free_port()
    # The door for plain HTTP and the lines about TLS go; what is left serves plain HTTP on a port of its own.
    text = re.sub(
        r"server \{\n    listen 80;.*?\n\}\n", "", _fitted(nodes, static, directory), flags=re.DOTALL
    )
    text = re.sub(r"^\s*ssl_\w+ [^;]*;\n", "", text, flags=re.MULTILINE)
    text = text.replace("listen 443 ssl http2 ", f"listen 127.0.0.1:{port} ")
    with _running(f"{more}\n{text}", directory):
        url = f"http://127.0.0.1:{port}"
        until(lambda: page(f"{url}/healthz") == "ok\n", "nginx serves")
        yield url


@contextmanager
def proxy_with_tls(
    nodes: list[str], static: Path, directory: Path, most: int = 1000
) -> Iterator[tuple[int, int]]:
    """Serve with deploy/nginx.conf as it is, but for ports and places; `directory` holds key and certificate.

    A node takes in `most` connections. Yield the ports for HTTP and HTTPS.
    """
    plain, secure = _free_port(), _free_port()
    text = _fitted(nodes, static, directory).replace("max_conns=1000", f"max_conns={most}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{secure} ").replace("/etc/ssl/", f"{directory}/")
    with _running(text, directory):
        until(lambda: _is_open(plain) and _is_open(secure), "nginx serves")
        yield plain, secure


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _is_open(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def _fitted(nodes: list[str], static: Path, directory: Path) -> str:
    """Return deploy/nginx.conf with the nodes, and places that are ours."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    servers = "\n".join(rf"    server {urlsplit(node).netloc} \1" for node in nodes)
    text = re.sub(r"^    server unix:\S+ (.*)$", servers, text, flags=re.MULTILINE)
    text = re.sub(r"^\s*listen \[::\].*\n", "", text, flags=re.MULTILINE)
    text = text.replace("/var/log/nginx/", f"{directory}/")
    return text.replace("/var/lib/bma-consult/static/", f"{static}/")


@contextmanager
def _running(text: str, directory: Path) -> Iterator[None]:
    configuration = directory / "nginx.conf"
    temporary = "\n".join(
        f"{kind}_temp_path {directory}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration.write_text(
        f"user root;\nerror_log stderr;\npid {directory}/pid;\nevents {{ worker_connections 8192; }}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{temporary}\n{text}\n}}\n"
    )
    with (directory / "nginx.log").open("a") as log:
        command = [str(find_nginx()), "-c", str(configuration), "-e", "stderr", "-g", "daemon off;"]
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
