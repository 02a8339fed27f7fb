"""Reading and representation: each figure leads to its rows, and the method stands beside it."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from comments import themes
from comments.models import District, Plan
from tests.admin.staff import QUEUE, listed, signed_in, text
from tests.factories import BODY, staff, submission, theme, unlike

pytestmark = pytest.mark.django_db

READING = f"{QUEUE}reading/"
QUERIES = 26
GOAL, OTHER = "G67-1.1-01", "G67-2.2-01"
THANKS = "ขอบคุณที่รับฟังเสียงของประชาชน"
SAID = [
    ("agree", "เปิดเส้นทางเดินเรือใน คลอง เชื่อมกับรถไฟฟ้าหลายสาย"),
    ("agree_with_changes", "ลอก คลอง ให้น้ำไหลได้ดีก่อนถึงหน้าฝนทุกปีนะครับ"),
    ("disagree", "ไม่ควรสร้างเขื่อนริม คลอง เพราะสัตว์น้ำไม่มีที่วางไข่"),
]


def fill():
    place = District.objects.get(code="1001")
    said = [
        submission("published", goal=GOAL, stance=stance, district=place, body=f"{body} {THANKS}")
        for stance, body in SAID
    ]
    for _ in range(2):
        submission("published", goal=GOAL, body=BODY, is_outside_bangkok=True)
    submission("published", goal=OTHER, stance="agree", body="ซ่อมถนนสายหลักที่เป็นหลุมบ่อ")
    submission(goal=GOAL, stance="agree", body=unlike())
    themes.tag(said[:2], theme("canal", title_th="คลอง"), actor=staff())
    return said


def figures(page):
    """Return the number and the address of each figure of the page that leads to a list."""
    found = re.findall(r'<a href="([^"]*\?[^"]*plan=[^"]*)">(\d+)</a>', page.content.decode())
    return [(int(number), unescape(address)) for address, number in found]


def test_each_figure_leads_to_just_its_rows():
    fill()
    client = signed_in("planner")
    page = client.get(READING, {"goal": GOAL})
    found = figures(page)
    assert len(found) == 15
    for number, address in found:
        assert len(listed(client.get(address))) == number, address
    assert page.context["heard"].opinions == 5


def test_change_over_time_is_told_by_stance_kind_and_channel():
    january, march = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC)
    submission("published", goal=GOAL, kind="need", stance="agree", at=january)
    for channel in ("paper", "web"):
        submission("published", goal=GOAL, body=unlike(), channel=channel, at=march)
    client = signed_in("planner")
    page = client.get(f"/en{READING}", {"goal": GOAL})
    shown = text(page)
    for said in (
        "Opinion Need Fact Information January 2026 (B.E. 2569) 1 0 1 0 0 March 2026 (B.E. 2569) 2 2 0 0 0",
        "Website Paper January 2026 (B.E. 2569) 1 1 0 March 2026 (B.E. 2569) 2 1 1",
    ):
        assert said in shown
    addresses = [address for _number, address in figures(page) if "received_from" in address]
    (paper,) = [address for address in addresses if "channel=paper" in address]
    assert len(listed(client.get(paper))) == 1
    # In each month: all, then what is not zero and can be asked for, by stance, kind and channel.
    assert len(addresses) == 3 * 2 + 1 + 2 + 3


def test_quotes_and_words_lead_to_opinions_and_the_rule_stands_beside_them():
    said = fill()
    client = signed_in("planner")
    page = client.get(f"/en{READING}", {"goal": GOAL})
    shown = text(page)
    for row in said:
        assert row.body in shown
    assert "(TF-IDF)" in shown
    assert "(informative Dirichlet)" in shown
    (address,) = re.findall(r'href="([^"]*&amp;q=[^"]*)">คลอง</a>', page.content.decode())
    assert len(listed(client.get(unescape(address)))) == 3


def test_a_plan_as_a_whole_has_no_key_terms():
    fill()
    page = signed_in("planner").get(READING)
    assert page.context["heard"].opinions == 6
    assert "terms" not in page.context


def test_weighted_shares_stand_only_beside_the_plain_ones_and_when_asked_for():
    fill()
    client = signed_in("planner")
    asked = {"goal": GOAL, "weigh": "on"}
    assert "Weighted share" not in text(client.get(f"/en{READING}", {"goal": GOAL}))
    shown = text(client.get(f"/en{READING}", asked))
    assert "Opinions from a district Share Weighted share Agree 1 33.3% 33.3%" in shown
    assert "no weight can make up for it" in shown


@pytest.mark.parametrize("goal", ["x", "G67-1.1-01\x00", "9" * 5000])
def test_an_unknown_goal_is_told_beside_the_field(goal):
    page = signed_in("planner").get(READING, {"goal": goal})
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"goal"}


def test_a_goal_of_another_plan_is_told_beside_the_field():
    first = Plan.objects.current()
    first.pk, first.fiscal_year, first._state.adding = None, 2599, True
    first.save()
    page = signed_in("planner").get(READING, {"plan": "2599", "goal": GOAL})
    assert set(page.context["form"].errors) == {"goal"}


def test_the_page_asks_as_often_for_many_opinions_as_for_one(django_assert_num_queries):
    client = signed_in("planner")
    for _ in range(2):
        submission("published", goal=GOAL, body=BODY)
    with django_assert_num_queries(QUERIES):
        client.get(READING, {"goal": GOAL, "weigh": "on"})
    fill()
    with django_assert_num_queries(QUERIES):
        client.get(READING, {"goal": GOAL, "weigh": "on"})
