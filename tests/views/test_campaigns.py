"""A text that many sent stands once in the lists, and opens into all who sent it."""

import re

import pytest
from django.utils.html import escape

from comments import moderation
from comments.models import Campaign, Plan
from comments.views import paging
from tests.factories import BODY, receive, staff, submission, unlike

pytestmark = pytest.mark.django_db

GOAL = "G67-1.1-01"
OWN = "บ้านผมอยู่บางนาฝนตกทีไรต้องเดินลุยน้ำทุกครั้ง"


def listed(client, query=""):
    return client.get(f"/en/comments/{query}").context["page"].rows


def walk(client, query=""):
    met, cursor = [], ""
    while True:
        page = client.get(f"/comments/?{query}&after={cursor}").context["page"]
        met += page.rows
        if not (cursor := page.next_cursor):
            return met


def campaign(size=3, **said):
    return [submission("published", **said) for _ in range(size)]


def heading(response):
    text = re.search(r'<h2 id="(?:count|opinions-title)".*?</h2>', response.content.decode(), re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_a_campaign_is_listed_once_with_the_number_of_the_others(client):
    first, *_ = campaign(4)
    alone = submission("published", body=unlike())
    response = client.get("/en/comments/")
    assert response.context["page"].rows == [alone, first]
    assert "and 3 alike" in response.content.decode()
    assert heading(response) == "5 opinions 2 different texts"


def test_texts_that_nobody_shares_are_not_counted_twice(client):
    submission("published", body=unlike())
    response = client.get("/en/comments/")
    assert heading(response) == "1 opinion"
    assert "alike" not in response.content.decode()


def test_opinions_are_those_listed_with_the_others_alike(client, monkeypatch):
    monkeypatch.setattr(paging, "SIZE", 2)
    campaign(3), campaign(2, body=unlike()), [submission("published", body=unlike()) for _ in range(3)]
    met = walk(client)
    heard = client.get("/comments/").context["heard"]
    assert len(met) == len(set(met)) == heard.texts == 5
    assert sum(1 + (row.alike or 0) for row in met) == heard.opinions == 8


def test_only_published_members_are_listed_and_counted(client):
    pending, shown, _, gone = receive().submission, *campaign(2), submission("published")
    moderation.withdraw(gone)
    submission("rejected", body=f"{BODY} {OWN}")
    assert [(row, row.alike) for row in listed(client)] == [(shown, 1)]
    page = client.get(f"/comments/?campaign={Campaign.objects.get().pk}").content.decode()
    for row in (pending, gone):
        assert row.reference not in page
    assert "ต้องเดินลุยน้ำ" not in page


def test_its_number_leads_to_all_its_members(client):
    members = campaign(3)
    address = re.search(r'class="alike[^>]*><a href="([^"]+)"', client.get("/comments/").content.decode())[1]
    response = client.get(address)
    assert set(response.context["page"].rows) == set(members)
    assert response.context["heard"].opinions == 3


def test_the_members_can_be_paged_and_filtered(client, monkeypatch):
    monkeypatch.setattr(paging, "SIZE", 2)
    members = [submission("published", stance=stance) for stance in ("agree", "disagree", "agree")]
    query = f"campaign={members[0].campaign_id or Campaign.objects.get().pk}"
    met = walk(client, query)
    assert (len(met), set(met)) == (3, set(members))
    assert listed(client, f"?{query}&stance=disagree") == [members[1]]
    page = client.get(f"/en/comments/?{query}").content.decode()
    assert page.count(">Agree<") + page.count(">Disagree<") == 2


def test_a_filter_that_the_first_does_not_pass_shows_the_others(client):
    _agrees, *against = [
        submission("published", stance=stance) for stance in ("agree", "disagree", "disagree")
    ]
    (row,) = listed(client, "?stance=disagree")
    assert (row, row.alike) == (against[0], 1)
    page = client.get("/comments/?stance=disagree").content.decode()
    assert f'href="/comments/?stance=disagree&amp;campaign={Campaign.objects.get().pk}"' in page


def test_each_member_shows_what_it_says_besides(client):
    campaign(2)
    submission("published", body=f"{OWN} {BODY}", stance="disagree")
    page = client.get(f"/en/comments/?campaign={Campaign.objects.get().pk}").content.decode()
    assert re.findall(r"<mark>([^<]*บาง[^<]*)</mark>", page) == [OWN]
    assert page.count(BODY) == 4


def test_what_is_covered_stays_covered_among_the_members(client):
    campaign(2)
    row = receive(body=f"{BODY} โทรหาผมได้ที่เบอร์นี้นะครับ 081-000-0000 ตอนเย็น").submission
    start = row.body.index("081")
    moderation.redact(row, [(start, start + 12, "mobile_phone")], actor=staff())
    moderation.publish(row, actor=staff())
    page = client.get(f"/comments/?campaign={Campaign.objects.get().pk}").content.decode()
    assert row.reference in page
    assert "081-000" not in page
    assert "▇▇▇" in page


def test_the_words_in_common_are_a_published_member_s(client):
    shown, _ = campaign(2)
    for _ in range(3):
        receive(body=f"{BODY} และขอทางลาดสำหรับรถเข็นด้วย")
    response = client.get(f"/comments/?campaign={Campaign.objects.get().pk}")
    assert response.context["common"] == shown
    assert "ทางลาด" not in response.content.decode()


@pytest.mark.parametrize("value", ["0", "999999", "x", "-1", "%00", "๑", "9" * 18, "9" * 19])
def test_an_unknown_campaign_is_an_error_beside_the_filter(client, value):
    campaign(2)
    response = client.get(f"/en/comments/?campaign={value}")
    assert response.status_code == 400
    assert "page" not in response.context
    assert 'id="id_campaign_error"' in response.content.decode()


def test_a_campaign_with_nothing_published_is_unknown(client):
    receive(), receive()
    assert client.get(f"/comments/?campaign={Campaign.objects.get().pk}").status_code == 400


def test_a_campaign_of_a_hidden_plan_is_not_found(client):
    campaign(2)
    Plan.objects.update(is_public=False)
    assert client.get(f"/comments/?campaign={Campaign.objects.get().pk}").status_code == 404


def test_a_chip_removes_the_campaign_and_searching_keeps_it(client):
    first, _ = campaign(2, sector="citizen")
    pk = Campaign.objects.get().pk
    response = client.get(f"/comments/?sector=citizen&campaign={pk}")
    assert [(chip.name, chip.value) for chip in response.context["chips"]] == [
        ("sector", str(first.sector.title)),
        ("campaign", first.reference),
    ]
    page = response.content.decode()
    assert 'href="?sector=citizen"' in page
    assert f'<input type="hidden" name="campaign" value="{pk}"' in page


def test_additions_cannot_become_markup(client):
    campaign(2)
    added = "<script>alert('ทดสอบทดสอบทดสอบทดสอบ')</script>"
    submission("published", body=f"{added} {BODY}")
    page = client.get(f"/comments/?campaign={Campaign.objects.get().pk}").content.decode()
    assert "<script>alert" not in page
    assert escape("alert('ทดสอบ") in page


def test_a_goal_lists_a_campaign_once_and_leads_to_those_on_this_goal(client):
    first, *_ = campaign(3, goal=GOAL)
    submission("published", goal="G67-2.1-01")
    response = client.get(f"/en/goals/{GOAL}/")
    assert [(row, row.alike) for row in response.context["opinions"]] == [(first, 2)]
    assert heading(response) == "3 opinions on this goal 1 text"
    pk = Campaign.objects.get().pk
    assert f'href="/en/comments/?goal={GOAL}&amp;campaign={pk}"' in response.content.decode()
    assert len(listed(client, f"?goal={GOAL}&campaign={pk}")) == 3


def test_a_list_with_campaigns_asks_fourteen_times_and_their_members_ten(client, django_assert_num_queries):
    campaign(2)
    pk = Campaign.objects.get().pk
    for _ in range(2):
        with django_assert_num_queries(14):
            client.get("/comments/")
        with django_assert_num_queries(10):
            client.get(f"/comments/?campaign={pk}")
        campaign(2), campaign(2, body=unlike()), submission("published", body=f"{OWN} {BODY}")
