import re
from html import unescape

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.html import escape

from comments.models import Submission
from comments.views import errors

HANDLERS = {
    400: lambda request: errors.bad_request(request, ValueError()),
    403: lambda request: errors.forbidden(request, PermissionError()),
    404: lambda request: errors.not_found(request, Http404()),
    429: errors.too_many_requests,
    500: errors.server_error,
}


@pytest.mark.parametrize("status", HANDLERS)
@pytest.mark.parametrize(
    ("path", "language"), [("/x/", "th"), ("/en/x/", "en"), ("/en", "en"), ("/entry/", "th")]
)
def test_the_page_speaks_the_language_of_the_address(status, path, language):
    with translation.override("de"):
        response = HANDLERS[status](RequestFactory().get(path))
    assert response.status_code == status
    assert f'<html lang="{language}">' in response.content.decode()


def test_the_page_for_our_own_faults_needs_no_database_and_no_request_context(django_assert_num_queries):
    assert "500" in errors.server_error(RequestFactory().get("/")).content.decode()


def test_our_own_fault_gives_the_typed_words_back_to_be_sent_again(client, db):
    body = "กี่" * 7900 + ' <b>"&amp; </textarea>'
    said = {
        "body": body,
        "sector": "citizen",
        "email": "a@example.org",
        "idempotency_key": "0" * 32,
        "csrfmiddlewaretoken": "a token",
    }
    response = errors.server_error(RequestFactory().post("/en/submit/", said))
    page = response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert 'action="/en/submit/"' in page
    assert f'rows="8">&#10;{escape(body)}</textarea>' in page
    again = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}
    assert again == {name: value for name, value in said.items() if name != "body"}
    assert client.post("/en/submit/", again | {"body": body}).status_code == 303
    assert Submission.objects.get().body == body


@pytest.mark.parametrize(
    ("path", "content_type"), [("/submit/", "application/x-www-form-urlencoded"), ("/receipt/", None)]
)
def test_our_own_fault_without_words_or_elsewhere_gives_nothing_back(path, content_type):
    options = {"content_type": content_type} if content_type else {}
    said = b"" if content_type else {"body": "x" * 20}
    assert "<form" not in errors.server_error(RequestFactory().post(path, said, **options)).content.decode()


def test_a_wrong_host_gets_the_page_too():
    response = Client(headers={"host": "elsewhere.example"}).get("/about/")
    assert response.status_code == 400
    assert "400" in response.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_is_not_found_in_both_languages(client):
    assert "ไม่พบหน้านี้" in client.get("/nothing/").content.decode()
    assert "There is no such page" in client.get("/en/nothing/").content.decode()


def test_a_refused_token_elsewhere_is_a_page_of_its_own():
    response = Client(enforce_csrf_checks=True).post("/en/about/", {"reference": "x"})
    assert response.status_code == 403
    assert "This is not open to you" in response.content.decode()
