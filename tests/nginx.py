"""The proxy of deploy/ before servers of the tests."""

import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
def proxy(nodes: list[str], static: Path, directory: Path) -> Iterator[str]:
    """Serve with deploy/nginx.conf before the nodes; only names, ports, places and TLS are other ones. Yield the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    # The door for plain HTTP and the lines about TLS go; what is left serves plain HTTP on a port of its own.
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
    text = re.sub(
        r"^\s*(ssl_\w+|listen \[::\]\S*|access_log /var\S*) ?[^;]*;\n", "", text, flags=re.MULTILINE
    )
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    servers = "\n".join(f"    server {urlsplit(node).netloc} max_fails=2 fail_timeout=5s;" for node in nodes)
    text = re.sub(r"^    server unix:.*$", servers, text, flags=re.MULTILINE)
    text = text.replace("/var/lib/bma-consult/static/", f"{static}/")
    configuration = directory / "nginx.conf"
    temporary = "\n".join(
        f"{kind}_temp_path {directory}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration.write_text(
        f"user root;\nerror_log stderr;\npid {directory}/pid;\nevents {{}}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{temporary}\n{text}\n}}\n"
    )
    with (directory / "nginx.log").open("a") as log:
        command = [str(find_nginx()), "-c", str(configuration), "-e", "stderr", "-g", "daemon off;"]
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        until(lambda: page(f"{url}/healthz") == "ok\n", "nginx serves")
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
