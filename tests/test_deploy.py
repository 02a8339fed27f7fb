"""The files in deploy/ fit the application: settings, limits, commands; whether they work is tried in tests/test_cluster.py."""

import re
import runpy
import shutil
import subprocess

import pytest
from django.core.management import get_commands

from comments.views.uploads import LARGEST_REQUEST
from tests.environment import ROOT, SETTINGS, names_read
from tests.server import BACKLOG

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*"))
NGINX = DEPLOY / "nginx.conf"
HARDENED = {
    "NoNewPrivileges=true",
    "ProtectSystem=strict",
    "ProtectHome=true",
    "PrivateTmp=true",
    "PrivateDevices=true",
    "CapabilityBoundingSet=",
    "SystemCallFilter=@system-service",
    "UMask=0077",
}


def read(path):
    return path.read_text(encoding="utf-8")


def lines(path):
    return set(read(path).splitlines())


def test_the_template_of_the_settings_has_every_setting_and_no_secret():
    template = read(DEPLOY / "bma-consult.env.example")
    named = dict(re.findall(r"^#?([A-Z0-9_]+)=(.*)$", template, re.MULTILINE))
    # Where the file itself is, is said in the unit; the other of the two that mean the same is enough.
    assert set(named) == names_read(read(SETTINGS)) - {"ENV_FILE", "BEHIND_PROXY"} | {"WEB_CONCURRENCY"}
    assert {named[name] for name in ("SECRET_KEY", "CONTACT_KEYS", "DATABASE_URL")} == {""}


def test_the_services_may_write_only_where_they_must():
    services = [path for path in UNITS if path.suffix == ".service"]
    assert len(services) == 3
    for path in services:
        assert lines(path) >= HARDENED, path.name
        places = re.findall(
            r"^(?:ReadWritePaths|StateDirectory|RuntimeDirectory)=(.*)$", read(path), re.MULTILINE
        )
        assert set(places) <= {"bma-consult", "/var/backups/bma-consult"}, path.name


def test_each_timer_starts_a_unit_that_is_there_and_a_command_that_is_ours():
    ours = {name for name, app in get_commands().items() if app == "comments"}
    names = {path.name for path in UNITS}
    timers = [path for path in UNITS if path.suffix == ".timer"]
    assert len(timers) == 4
    for path in timers:
        unit = re.search(r"^Unit=(.*)$", read(path), re.MULTILINE)[1]
        command = re.fullmatch(r"bma-consult-job@(\w+)\.service", unit)
        assert unit in names or command[1] in ours


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="without systemd")
def test_systemd_understands_the_units(tmp_path):
    for path in UNITS:
        # The programs are not installed here.
        (tmp_path / path.name).write_text(re.sub(r"/srv/bma-consult\S*/bin/\w+", "/bin/true", read(path)))
    asked = ["systemd-analyze", "verify", *map(str, sorted(tmp_path.glob("*")))]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "bma-consult" in line] == []


def test_the_proxy_asks_for_what_the_application_expects():
    said = re.sub(r"#.*", "", read(NGINX))
    size = int(re.search(r"client_max_body_size (\d+)m;", said)[1]) * 1024 * 1024
    # The application answers first, with a page in the reader's language.
    assert LARGEST_REQUEST < size <= 2 * LARGEST_REQUEST
    heads = ("Host $http_host", "X-Forwarded-Proto $scheme", "X-Request-ID $request_id")
    for head in (*heads, "X-Forwarded-For $remote_addr"):
        assert f"proxy_set_header {head};" in said
    # A location with a head of its own would lose these.
    assert said.count("proxy_set_header") == 5
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in said
    assert "return 301 https://consult.example.org$request_uri;" in said
    assert "$args" not in said
    assert "$request " not in said


def test_the_proxy_lets_an_unused_connection_go_before_the_application_does():
    ours = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["keepalive"]
    theirs = re.search(r"upstream [^}]* keepalive_timeout (\d+)s;", read(NGINX))
    assert 2 * int(theirs[1]) <= ours


def test_the_proxy_hands_over_no_more_connections_than_the_application_takes_in():
    ours = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    taken_in = ours["workers"] * ours["worker_connections"]
    assert re.findall(r"max_conns=(\d+) ", read(NGINX)) == [str(taken_in)] * 2
    assert ours["backlog"] == BACKLOG


def test_only_what_carries_a_key_is_handed_to_another_node_twice():
    found = re.findall(r"location ~ (\S+) \{([^}]*)\}", read(NGINX))
    repeated = [pattern for pattern, body in found if "non_idempotent" in body]
    assert repeated == ["^/(en/)?(submit/|comments/[^/]+/reply/)$"]
    assert read(NGINX).count("non_idempotent") == 1
    for path in ("/submit/", "/en/submit/", "/comments/67-9PP2-891R/reply/"):
        assert re.search(repeated[0], path)
    for path in ("/receipt/", "/comments/67-9PP2-891R/vote/", "/submit/check/", "/admin/submit/"):
        assert not re.search(repeated[0], path)


def test_every_image_is_pinned_and_no_secret_stands_in_the_files():
    compose, image = read(DEPLOY / "compose.yaml"), read(DEPLOY / "Dockerfile")
    images = re.findall(r"^\s*image: (\S+)$", compose, re.MULTILINE) + re.findall(
        r"^FROM (\S+)", image, re.MULTILINE
    )
    assert len(images) == 4
    assert all(re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-[a-z-]+", one) for one in images)
    assert not re.search(r"PASSWORD: |SECRET_KEY|CONTACT_KEYS", compose)
