import pytest

from comments import moderation
from comments.models import DevelopmentGoal, Meeting
from tests.factories import reply, submission, unlike

pytestmark = pytest.mark.django_db


def text(client, path):
    response = client.get(path)
    assert response.headers["Content-Type"].startswith("application/xml")
    return response.content.decode()


def test_robots_are_told_of_the_sitemap(client):
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_the_sitemap_names_its_parts(client):
    page = text(client, "/sitemap.xml")
    for part in ("pages", "goals", "meetings", "opinions"):
        assert f"http://testserver/sitemap-{part}.xml" in page
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_only_what_is_published_is_in_the_sitemap(client):
    shown = submission("published")
    hidden = [submission(status, body=unlike()) for status in ("pending", "rejected", "withdrawn")]
    hidden.append(reply(shown, "published"))
    page = text(client, "/sitemap-opinions.xml")
    assert page.count("<loc>") == 2
    assert f"<loc>http://testserver/comments/{shown.reference}/</loc>" in page
    assert f'href="http://testserver/en/comments/{shown.reference}/"' in page
    assert not any(row.reference in page for row in hidden)
    moderation.withdraw(shown)
    assert shown.reference not in text(client, "/sitemap-opinions.xml")


def test_goals_and_meetings_are_there_while_they_are_public(client):
    Meeting.objects.update(is_public=False)
    goals = DevelopmentGoal.objects.public().count()
    assert text(client, "/sitemap-goals.xml").count("<loc>") == 2 * goals
    assert "<loc>" not in text(client, "/sitemap-meetings.xml")


def test_the_pages_that_are_always_there_lead_somewhere(client):
    page = text(client, "/sitemap-pages.xml")
    for address in ("/", "/en/", "/goals/", "/comments/", "/en/about/"):
        assert f"<loc>http://testserver{address}</loc>" in page
