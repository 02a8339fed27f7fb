import gzip

import pytest
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from comments import moderation
from comments.models import Meeting, Plan
from comments.views.caching import public
from tests.admin.staff import signed_in
from tests.factories import reply, staff, submission

pytestmark = pytest.mark.django_db

CACHED = [
    f"{prefix}{path}"
    for prefix in ("", "/en")
    for path in (
        "/",
        "/goals/",
        "/goals/G67-1.1-01/",
        "/meetings/",
        "/comments/",
        "/comments/?stance=agree&sort=discussed",
        "/comments/feed/",
        "/results/",
        "/results/moderation/",
        "/results/moderation.csv",
        "/about/",
        "/privacy/",
        "/accessibility/",
    )
]
CHANGING = ["/", "/en/", "/goals/", "/comments/", "/en/comments/", "/comments/feed/", "/sitemap-opinions.xml"]


@pytest.mark.parametrize("path", CACHED)
def test_a_page_for_everybody_may_be_kept_for_half_a_minute(client, path):
    response = client.get(path)
    assert response.headers["Cache-Control"] == "public, max-age=30"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert not response.cookies


def test_a_published_opinion_and_a_meeting_may_be_kept(client):
    for row in (submission("published"), Meeting.objects.get()):
        response = client.get(row.get_absolute_url())
        assert response.headers["Cache-Control"] == "public, max-age=30"
        assert response.headers["Vary"] == "Accept-Encoding"


def test_who_is_signed_in_or_has_a_cookie_gets_the_same_page(client):
    row = submission("published")
    member = signed_in("administrator")
    member.cookies["csrftoken"] = "a" * 32
    for path in (*CACHED, row.get_absolute_url()):
        assert member.get(path).content == client.get(path).content, path


def test_the_form_and_the_receipt_are_kept_by_no_one_else(client):
    row = submission("published")
    for path in ("/submit/", f"/comments/{row.reference}/reply/", "/receipt/"):
        assert "public" not in client.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("language", ["en-US,en;q=0.9", "th", ""])
def test_the_language_is_that_of_the_address_whatever_the_browser_asks_for(client, language):
    for path, expected in (("/about/", "th"), ("/en/about/", "en")):
        response = client.get(path, headers={"accept-language": language})
        assert response.headers["Content-Language"] == expected
        assert f'<html lang="{expected}">' in response.content.decode()


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [("gzip, deflate, br", True), ("gzip;q=0.5", True), ("br", False), ("gzip;q=0, br", False), ("", False)],
)
def test_a_page_is_packed_for_those_who_can_open_it(client, accepted, is_packed):
    plain = client.get("/comments/")
    packed = client.get("/comments/", headers={"accept-encoding": accepted})
    assert packed.headers.get("Content-Encoding") == ("gzip" if is_packed else None)
    content = gzip.decompress(packed.content) if is_packed else packed.content
    assert content == plain.content
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert packed.headers["Content-Length"] == str(len(packed.content))
    assert not is_packed or len(packed.content) < len(plain.content) / 3


def test_an_empty_form_is_packed_and_one_with_words_or_a_receipt_never(client):
    packed = {"accept-encoding": "gzip"}
    assert client.get("/submit/", headers=packed).headers["Content-Encoding"] == "gzip"
    for response in (
        client.post("/submit/", {"body": "สั้น"}, headers=packed),
        client.get("/receipt/", headers=packed),
    ):
        assert response.status_code == 200
        assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("path", CHANGING)
def test_a_decision_shows_at_the_next_question(client, path):
    row = submission(goal="G67-1.1-01")
    waiting = client.get(path)
    moderation.publish(row, actor=staff())
    published = client.get(path, headers={"if-none-match": waiting.headers["ETag"]})
    assert published.status_code == 200
    moderation.withdraw(row)
    gone = client.get(path, headers={"if-none-match": published.headers["ETag"]})
    assert gone.status_code == 200
    assert row.reference not in gone.content.decode()


def test_a_reply_shows_and_goes_at_the_next_question(client):
    opinion = submission("published")
    tags = [client.get(opinion.get_absolute_url()).headers["ETag"]]
    row = reply(opinion, "published")
    tags.append(client.get(opinion.get_absolute_url()).headers["ETag"])
    moderation.withdraw(row)
    tags.append(client.get(opinion.get_absolute_url()).headers["ETag"])
    assert tags[0] == tags[2] != tags[1]


@pytest.mark.parametrize("path", CACHED)
def test_who_has_the_page_as_it_is_gets_no_second_copy(client, path):
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Cache-Control"] == "public, max-age=30"
    assert again.headers["Vary"] == "Accept-Encoding"


def test_each_language_has_its_own_tag(client):
    assert client.get("/about/").headers["ETag"] != client.get("/en/about/").headers["ETag"]


def test_errors_go_out_as_they_came(client):
    Plan.objects.update(is_public=False)
    response = client.get("/comments/")
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
