"""What the public sees of themes: counts on the page of a goal that lead to just those opinions."""

import pytest

from comments import themes
from comments.models import DevelopmentGoal
from tests.admin.staff import text
from tests.factories import staff, submission, theme, unlike

pytestmark = pytest.mark.django_db

GOAL = "G67-1.1-01"


def about(*listed, status="published", **said):
    row = submission(status, body=unlike(), **{"goal": GOAL} | said)
    for one in listed:
        themes.tag([row], one, actor=staff())
    return row


def shown(client, query):
    return {row.reference for row in client.get(f"/comments/?{query}").context["page"].rows}


def test_a_goal_counts_its_published_opinions_by_theme_and_leads_to_them(client):
    flood, drains = theme(), theme("drains", title_th="ท่อ", description_th="ท่อระบายน้ำและฝา")
    rows = [about(flood, drains), about(drains)]
    about(flood, status="pending")
    about(theme("secret", title_th="ไม่มีใครเห็น"), status="rejected")
    about(flood, goal="G67-2.2-01")
    page = client.get(DevelopmentGoal.objects.get(code=GOAL).get_absolute_url())
    assert [(row.code, n) for row, n in page.context["themes"]] == [("drains", 2), ("flood", 1)]
    assert "ไม่มีใครเห็น" not in text(page)
    assert f'href="/comments/?goal={GOAL}&amp;theme=drains"' in page.content.decode()
    assert shown(client, f"goal={GOAL}&theme=drains") == {row.reference for row in rows}
    assert shown(client, f"goal={GOAL}&theme=flood") == {rows[0].reference}


def test_the_list_and_its_feed_take_a_theme_say_so_and_follow_a_merge(client):
    flood, drains = theme(), theme("drains", title_th="ท่อ")
    row, other = about(drains), about()
    themes.merge(drains, flood, actor=staff())
    for code in ("flood", "drains"):
        page = client.get(f"/comments/?theme={code}")
        assert [one.reference for one in page.context["page"].rows] == [row.reference]
        assert [(chip.name, chip.value) for chip in page.context["chips"]] == [("theme", flood.title)]
        feed = client.get(f"/comments/feed/?theme={code}").content.decode()
        assert row.reference in feed
        assert other.reference not in feed


@pytest.mark.parametrize("wrong", ["x", "%00", "9" * 200])
def test_an_unknown_theme_is_told_beside_the_field(client, wrong):
    theme()
    page = client.get(f"/comments/?theme={wrong}")
    assert page.status_code == 400
    assert set(page.context["form"].errors) == {"theme"}


def test_without_themes_nothing_is_offered(client):
    assert "theme" not in client.get("/comments/").content.decode().partition("<main")[2]
    about()
    assert 'id="themes"' not in client.get(f"/goals/{GOAL}/").content.decode()
