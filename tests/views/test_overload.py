import errno
import re
import sqlite3
from html import unescape

import psycopg2.errors
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory

from comments.models import Submission
from comments.views import errors, outages
from comments.views.overload import Gate

KEY = "0123456789abcdef0123456789abcdef"
BODY = "อยากให้ลอกท่อ\r\n<b>&amp; </textarea>"
SAID = {"body": BODY, "sector": "citizen", "idempotency_key": KEY, "csrfmiddlewaretoken": "t"}


def hidden(page):
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}


@pytest.fixture
def late(settings):
    """Return what a request says of itself after eight seconds in line, and the gate before a view."""
    settings.REQUESTS_WAIT_SECONDS = 6
    gate = Gate(lambda _request: HttpResponse("done"))
    return RequestFactory(**{"consult.waited": 8.0}), gate


@pytest.mark.parametrize(("path", "language"), [("/submit/", "th"), ("/en/submit/", "en")])
def test_who_sends_too_much_at_once_gets_everything_back_to_send_again(late, path, language, client, db):
    requests, gate = late
    response = gate(requests.post(path, SAID))
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "no-store" in response.headers["Cache-Control"]
    page = response.content.decode()
    assert f'<html lang="{language}">' in page
    assert f'action="{path}"' in page
    assert BODY in unescape(page)
    assert hidden(page) == {name: value for name, value in SAID.items() if name != "body"}
    for _ in range(2):
        assert client.post(path, hidden(page) | {"body": BODY}).status_code == 303
    assert Submission.objects.get().body == BODY


def test_files_are_asked_for_again(late):
    requests, gate = late
    file = SimpleUploadedFile("a.png", b"png", "image/png")
    page = gate(requests.post("/submit/", SAID | {"attachments": file})).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file"' in page
    assert hidden(page)["had_attachments"] == "on"


def test_a_reader_is_led_to_the_same_page_again(late):
    requests, gate = late
    response = gate(requests.get("/comments/", {"q": '"><b>'}))
    assert response.status_code == 503
    assert 'href="/comments/?q=%22%3E%3Cb%3E"' in response.content.decode()


def test_a_password_is_never_given_back(late):
    requests, gate = late
    said = {"username": "admin", "password": "kept to herself", "csrfmiddlewaretoken": "t"}
    assert "kept" not in gate(requests.post("/admin/login/", said)).content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_load_balancer_is_let_through(late, path):
    requests, gate = late
    assert gate(requests.get(path)).status_code == 200


def test_who_has_written_something_is_kept_waiting_longer_before_they_are_refused(late):
    _requests, gate = late
    requests = RequestFactory(**{"consult.waited": 3.0})
    assert gate(requests.get("/")).status_code == 503
    assert gate(requests.post("/submit/", SAID)).status_code == 200
    assert gate(RequestFactory().get("/")).status_code == 200


@pytest.mark.django_db
def test_a_disk_that_is_full_or_closed_to_writing_keeps_the_words_and_stores_nothing(client, caplog):
    statements = {
        "sqlite": ["PRAGMA query_only = ON", "PRAGMA query_only = OFF"],
        "postgresql": ["SET transaction_read_only = on", None],
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statements[0])
        try:
            response = client.post("/en/submit/", SAID)
        finally:
            if statements[1]:
                cursor.execute(statements[1])
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    page = response.content.decode()
    assert "not certain that this arrived" in page
    assert BODY in unescape(page)
    assert hidden(page)["idempotency_key"] == KEY
    assert not any(record.exc_info for record in caplog.records)
    assert BODY not in caplog.text
    if connection.vendor == "sqlite":
        assert Submission.objects.count() == 0


@pytest.mark.django_db
def test_a_sqlite_file_that_can_not_grow_keeps_the_words(client):
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            statuses = {
                client.post(
                    "/submit/", SAID | {"body": "ก" * 8000, "idempotency_key": f"{n:032x}"}
                ).status_code
                for n in range(9)
            }
        finally:
            cursor.execute("PRAGMA max_page_count = 4294967294")
    assert 503 in statuses
    assert statuses <= {303, 503}


def caused(error, cause):
    error.__cause__ = cause
    return error


def of_sqlite(code, error="it says more"):
    cause = sqlite3.OperationalError(error)
    cause.sqlite_errorcode, cause.sqlite_errorname = code, "SQLITE_X"
    return caused(OperationalError(error), cause)


OUTAGES = {
    "locked": of_sqlite(sqlite3.SQLITE_BUSY),
    "locked by a snapshot": of_sqlite(sqlite3.SQLITE_BUSY | 2 << 8),
    "full": of_sqlite(sqlite3.SQLITE_FULL),
    "no connection": caused(OperationalError(), psycopg2.OperationalError()),
    "closed": caused(InterfaceError(), psycopg2.InterfaceError()),
    "disk": OSError(errno.ENOSPC, "no space"),
}
MISTAKES = {
    "no such table": of_sqlite(sqlite3.SQLITE_ERROR),
    "a wrong row": caused(DatabaseError(), psycopg2.IntegrityError()),
    "no file": FileNotFoundError(errno.ENOENT, "no file"),
    "ours": ValueError(),
    "none": None,
}


@pytest.mark.parametrize("error", OUTAGES.values(), ids=OUTAGES)
def test_an_outage_is_told_from_a_mistake_and_no_word_of_it_is_repeated(error):
    assert outages.name(error)
    assert "it says" not in outages.name(error)


@pytest.mark.parametrize("error", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_of_ours_is_no_outage(error):
    assert outages.name(error) == ""


def test_an_outage_outside_of_the_views_is_one_too():
    try:
        raise OUTAGES["no connection"]
    except OperationalError:
        assert errors.server_error(RequestFactory().get("/")).status_code == 503
