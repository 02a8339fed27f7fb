import re

import pytest

from comments import retention
from comments.models import Meeting
from tests.factories import submission
from tests.views.test_submit import LEAST

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


def rows_of(page, table):
    """Return the cells of a table of a page, row by row."""
    body = re.search(rf'data-table="{table}".*?<tbody>(.*?)</tbody>', page, re.DOTALL)[1]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def test_the_privacy_page_names_each_cookie_that_a_citizen_gets_and_no_other(client):
    """Do all that sets one, and compare."""
    client.get("/submit/")
    client.post("/submit/", LEAST)
    ours = {"sec-fetch-site": "same-origin"}
    client.post("/goals/G67-1.1-01/vote/", {"value": "agree"}, headers=ours)
    told = {row[0]: row[2] for row in rows_of(client.get("/en/privacy/").content.decode(), "cookies")}
    assert set(told) == set(client.cookies)
    assert told == {
        name: f"{client.cookies[name]['max-age'] // (24 * 60 * 60)} days"
        if client.cookies[name]["max-age"] > 24 * 60 * 60
        else f"{client.cookies[name]['max-age'] // 60} minutes"
        for name in told
    }


def test_the_privacy_page_tells_the_times_by_which_data_is_removed(client, settings):
    settings.RETAIN_CONTACT_DAYS, settings.RETAIN_UNPUBLISHED_FILE_DAYS = 77, 1
    told = [row[1] for row in rows_of(client.get("/en/privacy/").content.decode(), "retention")]
    assert told[:7] == [
        "77 days after the plan has closed",
        "1 day after it was decided",
        "77 days after the plan has closed",
        "77 days after the plan has closed",
        "77 days after the plan has closed",
        "1 day",
        "12 hours after signing in",
    ]
    assert len(told) == len(retention.RULES) + 2


def test_who_answers_is_a_setting_of_each_installation(client, settings):
    page = client.get("/privacy/").content.decode()
    assert "กรุงเทพมหานคร" in page
    assert "1555" in page
    settings.CONTROLLER_NAME, settings.CONTROLLER_NAME_EN = "เมืองหนึ่ง", "Some <City>"
    settings.CONTACT_EMAIL, settings.CONTACT_PHONE, settings.CONTACT_SITE = "ask@example.org", "", ""
    settings.DPO_CONTACT = "dpo@example.org"
    page = client.get("/privacy/").content.decode()
    assert "เมืองหนึ่ง" in page
    assert "mailto:ask@example.org" in page
    assert "dpo@example.org" in page
    assert "1555" not in page
    assert "Some &lt;City&gt;" in client.get("/en/privacy/").content.decode()
    assert "Some &lt;City&gt;" in client.get("/en/").content.decode()
