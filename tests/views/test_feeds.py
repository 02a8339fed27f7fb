from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation
from tests.factories import reason, reply, staff, submission, unlike

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def published(**said):
    return submission("published", **{"body": unlike()} | said)


def read(client, query="", prefix=""):
    response = client.get(f"{prefix}/comments/feed/{query}")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314 - our own


def entries(client, query=""):
    return read(client, query).findall(f"{ATOM}entry")


def texts(client, query=""):
    return [entry.findtext(f"{ATOM}content") for entry in entries(client, query)]


def test_the_feed_holds_what_rfc_4287_asks_for(client):
    row = published(goal="G67-1.1-01", display_name="คน <ริม> คลอง", shows_name=True)
    feed = read(client)
    for parent in (feed, feed.find(f"{ATOM}entry")):
        assert parent.findtext(f"{ATOM}id")
        assert parent.findtext(f"{ATOM}title")
        assert datetime.fromisoformat(parent.findtext(f"{ATOM}updated")).tzinfo
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == "http://testserver/comments/feed/"
    entry = feed.find(f"{ATOM}entry")
    day = row.received_at.astimezone().date()
    assert entry.findtext(f"{ATOM}id").startswith("tag:testserver,")
    assert entry.findtext(f"{ATOM}id").endswith(f":{row.reference}")
    assert str(day.year) in entry.findtext(f"{ATOM}id")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "คน <ริม> คลอง"
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver/comments/{row.reference}/"
    assert entry.find(f"{ATOM}content").get("type") == "text"


def test_an_empty_feed_is_a_feed(client):
    assert read(client).findtext(f"{ATOM}updated")


def test_only_what_is_published_is_in_the_feed(client):
    shown = published()
    for status in ("pending", "rejected", "withdrawn"):
        submission(status, body=f"ไม่ควรมีใครเห็นคำนี้ {status}")
    reply(shown, "published")
    assert texts(client) == [shown.body]


def test_what_is_taken_down_leaves_the_feed(client):
    withdrawn, rejected, stays = published(), published(), published()
    moderation.withdraw(withdrawn)
    moderation.reject(rejected, actor=staff(), reason=reason())
    assert texts(client) == [stays.body]


def test_the_feed_holds_the_public_words_and_says_when_they_changed(client):
    row = published(body="เจอกันที่บ้านเลขที่ 99 ซอยใหญ่ ได้ทุกวัน")
    before = entries(client)[0].findtext(f"{ATOM}updated")
    moderation.redact(row, [(9, 22, "address")], actor=staff())
    (entry,) = entries(client)
    assert "99 ซอย" not in ET.tostring(entry, encoding="unicode")
    assert entry.findtext(f"{ATOM}updated") > before


def test_a_name_without_consent_is_not_told(client):
    published(display_name="ผู้ไม่ยินยอม")
    assert "ผู้ไม่ยินยอม" not in client.get("/comments/feed/").content.decode()


def test_the_feed_takes_the_filters_of_the_list(client):
    found = published(stance="disagree")
    published(stance="agree")
    assert texts(client, "?stance=disagree") == [found.body]
    assert client.get("/comments/feed/?stance=perhaps").status_code == 400


def test_what_was_decided_last_comes_first_however_long_it_waited(client):
    waited, quick = submission(body=unlike()), published()
    moderation.publish(waited, actor=staff())
    assert texts(client) == [waited.body, quick.body]


def test_copies_of_one_text_are_one_entry(client):
    for _ in range(3):
        submission("published")
    assert len(entries(client)) == 1


def test_words_that_xml_cannot_hold_do_not_break_the_feed(client):
    published(body="ทางเท้า\x0b\x01 ]]> <b>&amp; หน้าโรงเรียน")
    assert texts(client) == ["ทางเท้า ]]> <b>&amp; หน้าโรงเรียน"]


def test_the_list_links_to_the_feed_with_its_filters(client):
    published(stance="agree")
    page = client.get("/comments/?stance=agree&sort=oldest").content.decode()
    assert page.count('href="/comments/feed/?stance=agree"') == 2


def test_a_feed_of_many_costs_no_more_queries(client, django_assert_num_queries):
    published(goal="G67-1.1-01")
    with CaptureQueriesContext(connection) as one:
        read(client)
    for _ in range(2):
        published(goal="G67-1.1-01")
    with django_assert_num_queries(len(one)):
        read(client)
