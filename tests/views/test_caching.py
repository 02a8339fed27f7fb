import pytest
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from comments.models import Plan
from comments.views.caching import public
from tests.factories import submission

pytestmark = pytest.mark.django_db

CACHED = ["/", "/en/", "/results/", "/en/results/"]


@pytest.mark.parametrize("path", CACHED)
def test_a_page_for_everybody_may_be_kept_for_half_a_minute(client, path):
    response = client.get(path)
    assert response.headers["Cache-Control"] == "public, max-age=30"
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies


@pytest.mark.parametrize("path", CACHED)
def test_who_has_the_page_as_it_is_gets_no_second_copy(client, path):
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    submission("published")
    assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_each_language_has_its_own_tag(client):
    assert client.get("/results/").headers["ETag"] != client.get("/en/results/").headers["ETag"]


def test_errors_go_out_as_they_came(client):
    Plan.objects.update(is_public=False)
    response = client.get("/results/")
    assert response.status_code == 404
    assert not {"ETag", "Cache-Control"} & set(response.headers)


def drawn_with(what):
    @public(max_age=30)
    def view(request):
        response = HttpResponse(b"page")
        what(request, response)
        return response

    return view(RequestFactory().get("/")).headers


def test_a_page_with_a_form_s_token_or_a_cookie_is_nobody_else_s():
    assert "ETag" in drawn_with(lambda _request, _response: None)
    assert "ETag" not in drawn_with(lambda request, _response: get_token(request))
    assert "ETag" not in drawn_with(lambda _request, response: response.set_cookie("a", "b"))
