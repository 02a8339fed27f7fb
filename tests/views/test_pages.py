import re

import pytest

from comments.models import Meeting
from tests.factories import submission

pytestmark = pytest.mark.django_db

READING = [
    "/",
    "/goals/",
    "/goals/G67-1.1-01/",
    "/meetings/",
    "/comments/",
    "/results/",
    "/about/",
    "/privacy/",
    "/accessibility/",
]
WRITING = ["/submit/", "/receipt/"]


def every_page():
    row = submission("published", goal="G67-1.1-01")
    return [*READING, f"/meetings/{Meeting.objects.get().pk}/", f"/comments/{row.reference}/", *WRITING]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_reading_sets_no_cookie(client, prefix):
    for path in every_page():
        response = client.get(prefix + path)
        assert response.status_code == 200
        assert bool(response.cookies) == (path in WRITING), path


def test_reading_does_not_vary_by_cookie(client):
    for path in READING:
        assert "Cookie" not in client.get(path).headers.get("Vary", "")


@pytest.mark.parametrize(("prefix", "language"), [("", "th"), ("/en", "en")])
def test_every_page_says_its_language_title_and_addresses(client, prefix, language):
    titles = set()
    for path in every_page():
        page = client.get(prefix + path).content.decode()
        assert f'<html lang="{language}">' in page
        assert f'<link rel="canonical" href="http://testserver{prefix}{path}">' in page
        assert f'hreflang="th" href="http://testserver{path}"' in page
        assert f'hreflang="en" href="http://testserver/en{path}"' in page
        assert re.search(r'<meta name="description" content="[^"]{10,}', page), path
        titles.add(re.search(r"<title>(.+?)</title>", page, re.DOTALL)[1])
    assert len(titles) == len(every_page())


def test_the_language_switch_keeps_page_and_query(client):
    page = client.get("/comments/?sector=citizen&sort=oldest").content.decode()
    assert 'href="/en/comments/?sector=citizen&amp;sort=oldest"' in page
    page = client.get("/en/comments/?sector=citizen").content.decode()
    assert 'href="/comments/?sector=citizen" lang="th"' in page


def test_the_browsers_language_changes_nothing(client):
    for wanted in ("en", "th", "de"):
        page = client.get("/about/", headers={"accept-language": wanted}).content.decode()
        assert '<html lang="th">' in page


def test_no_link_leads_nowhere(client):
    found = {
        link
        for path in every_page()
        for link in re.findall(r'href="(/[^"#?]*)', client.get(path).content.decode())
        if not link.startswith("/static/")
    }
    assert {link: client.get(link).status_code for link in found} == dict.fromkeys(found, 200)


@pytest.mark.parametrize("path", ["/about/", "/privacy/", "/accessibility/"])
def test_they_only_answer_reading(client, path):
    assert client.post(path).status_code == 405


def test_crawlers_are_kept_out_of_forms_and_receipts(client):
    page = client.get("/robots.txt").content.decode()
    assert "Disallow: /receipt/" in page
    assert "Disallow: /en/submit/" in page
