import json
import re
from datetime import timedelta
from urllib.request import Request, urlopen

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from tests.factories import receive, submission

TOKEN = "a-token-that-nobody-guesses-0123456789"
BEARER = {"authorization": f"Bearer {TOKEN}"}


def value(text, name):
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


@pytest.fixture
def watched(settings, client):
    settings.METRICS_TOKEN = TOKEN

    def look():
        return client.get("/metrics", headers=BEARER).content.decode()

    return look


@pytest.mark.parametrize("heads", [{}, {"authorization": "Bearer "}, {"authorization": f"Bearer {TOKEN}é"}])
def test_without_the_token_there_is_no_such_page(client, settings, heads, db):
    for settings.METRICS_TOKEN in ("", TOKEN):
        assert client.get("/metrics", headers=heads).status_code == 404


@pytest.mark.django_db
def test_it_tells_what_waits_and_how_requests_went(watched, client):
    receive(at=timezone.now() - timedelta(hours=1))
    submission("published")
    line = 'consult_requests_total{method="GET",route="about",status="200"}'
    before = value(watched(), line) or 0
    client.get("/about/")
    text = watched()
    assert value(text, line) == before + 1
    assert value(text, 'consult_seconds_count{route="about"}') >= 1
    assert value(text, 'consult_submissions{channel="web",status="pending"}') == 1
    assert 3600 <= value(text, "consult_queue_oldest_seconds") < 3700
    assert value(text, "consult_mail_waiting") == value(text, "consult_exports_unfinished") == 0
    assert value(text, "consult_database_reachable") == value(text, "consult_ready") == 1


@pytest.mark.django_db
def test_it_tells_that_the_database_is_away(watched, monkeypatch):
    def unreachable():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", unreachable)
    assert value(watched(), "consult_database_reachable") == 0


def test_every_worker_answers_for_all(server_stage):
    with server_stage.server(METRICS_TOKEN=TOKEN, LOG_FORMAT="json", WEB_CONCURRENCY="2") as server:
        for _ in range(20):
            urlopen(f"{server.url}/about/").read()
        urlopen(f"{server.url}/static/css/site.css").read()
        texts = [urlopen(Request(f"{server.url}/metrics", headers=BEARER)).read().decode() for _ in range(4)]
        entries = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    line = 'consult_requests_total{method="GET",route="about",status="200"}'
    assert {value(text, line) for text in texts} == {20}
    # Pages that were kept are counted like those that were drawn; static files are not.
    assert [entry["route"] for entry in entries if "route" in entry] == ["about"] * 20
    assert len({entry["request"] for entry in entries if "route" in entry}) == 20
