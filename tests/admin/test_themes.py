"""Themes on the staff's pages: who keeps the list, who gives them, one by one and many at once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation, themes
from comments.models import Tag, Theme
from tests.admin.staff import QUEUE, ROLES, answers_for, listed, member, page, signed_in, text
from tests.factories import reply, staff, submission, theme, unlike

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/theme/"
ADD, REMOVE = f"{QUEUE}themes/add/", f"{QUEUE}themes/remove/"
GOAL = "G67-1.1-01"
NEW = {
    "code": "trees",
    "position": "1",
    "title_th": "ต้นไม้",
    "title_en": "Trees",
    "description_th": "",
    "description_en": "",
    "words": "ต้นไม้",
    "events-TOTAL_FORMS": "0",
    "events-INITIAL_FORMS": "0",
}


def give(client, rows, row, address=ADD, **more):
    data = {"theme": getattr(row, "pk", row), "_selected_action": [one.pk for one in rows]}
    return client.post(address, data | more, follow=True)


def given():
    return {(tag.submission_id, tag.theme.code) for tag in Tag.objects.all()}


def test_a_planner_adds_a_theme_and_renames_it_and_the_page_shows_the_history():
    client, flood = signed_in("planner"), theme()
    assert client.post(f"{LIST}add/", NEW | {"plan": flood.plan_id}).status_code == 302
    trees = Theme.objects.get(code="trees")
    address = f"{LIST}{trees.pk}/change/"
    seen = re.search(r'name="seen" value="(\d+)"', client.get(address).content.decode())[1]
    changed = NEW | {"title_th": "ต้นไม้ใหญ่", "seen": seen, "position": "3"}
    assert client.post(address, changed).status_code == 302
    assert [event.title_th for event in trees.events.all()] == ["ต้นไม้ใหญ่", "ต้นไม้"]
    stale = client.post(address, changed | {"title_th": "อื่น"})
    assert stale.status_code == 200
    assert "อื่น" in stale.content.decode()
    trees.refresh_from_db()
    assert (trees.title_th, trees.position) == ("ต้นไม้ใหญ่", 3)
    assert "ต้นไม้ใหญ่" in text(client.get(LIST))


@pytest.mark.parametrize(
    "bad", [{"code": "flood"}, {"code": "ไทย"}, {"title_th": "a\x00b"}, {"position": "9" * 30}]
)
def test_what_is_wrong_with_a_theme_is_told_beside_the_field(bad):
    response = signed_in("planner").post(f"{LIST}add/", NEW | {"plan": theme().plan_id} | bad)
    assert response.status_code == 200
    assert response.context["errors"]
    assert Theme.objects.count() == 1


def test_who_may_give_a_theme_and_who_may_keep_the_list():
    row, flood, drains = submission("published", goal=GOAL), theme(), theme("drains")
    answers_for("responder", row.goal.lead_office)
    may = {}
    for role in ROLES:
        client = signed_in(role)
        gave = give(client, [row], flood).status_code
        may[role] = (gave, client.get(f"{LIST}{flood.pk}/merge/").status_code, client.get(LIST).status_code)
        shown = client.get(page(row)).content.decode()
        assert (ADD in shown) == (gave == 200)
        assert flood.title in shown
    assert may == {
        "moderator": (200, 403, 200),
        "planner": (200, 200, 200),
        "responder": (403, 403, 200),
        "administrator": (200, 200, 200),
    }
    assert signed_in("moderator").post(f"{LIST}{flood.pk}/merge/", {"into": drains.pk}).status_code == 403
    assert signed_in("nobody").post(ADD, {"theme": flood.pk}).status_code == 403
    assert given() == {(row.pk, "flood")}
    with_delete = staff("root")
    with_delete.is_superuser = True
    assert signed_in("planner").post(f"{LIST}{flood.pk}/delete/").status_code == 403


def test_a_responder_counts_only_what_they_may_read():
    row, hidden, flood = submission("published", goal=GOAL), submission(body=unlike()), theme()
    answers_for("responder", row.goal.lead_office)
    themes.tag([row, hidden], flood, actor=staff())
    counts = {}
    for role in ("planner", "responder"):
        (shown,) = signed_in(role).get(LIST).context["cl"].result_list
        counts[role] = shown.counted.opinions
    assert counts == {"planner": 2, "responder": 1}
    assert listed(signed_in("responder").get(f"{QUEUE}?theme={flood.pk}")) == [row.reference]


def test_many_are_given_a_theme_in_the_queue_and_it_is_taken_away_again():
    rows, flood = [submission(body=unlike()) for _ in range(3)], theme()
    client = signed_in("moderator")
    assert ADD in client.get(QUEUE).content.decode()
    told = give(client, rows[:2], flood, f"{ADD}?_changelist_filters=sort%3Dnewest")
    assert told.redirect_chain[-1][0] == f"{QUEUE}?sort=newest"
    assert given() == {(row.pk, "flood") for row in rows[:2]}
    assert set(listed(client.get(f"{QUEUE}?theme={flood.pk}"))) == {row.reference for row in rows[:2]}
    assert listed(client.get(f"{QUEUE}?theme=none")) == [rows[2].reference]
    give(client, rows, flood, REMOVE)
    assert given() == set()


def test_the_page_of_an_opinion_suggests_by_key_words_and_goes_back_to_itself():
    row, flood = submission(body="หน้าบ้านน้ำท่วมทุกปี ขอให้ช่วยดูแล"), theme()
    client = signed_in("moderator")
    shown = text(client.get(page(row)))
    assert "น้ำท่วม" in shown.partition(row.body)[2]
    assert not given()
    told = give(client, [row], flood, back="change")
    assert told.redirect_chain[-1][0] == f"{page(row)}#themes"
    assert given() == {(row.pk, "flood")}


def test_covered_words_suggest_nothing():
    row = submission(body="โทรหาที่ 081-000-0000 เรื่องน้ำท่วม")
    start = row.body.index("เรื่องน้ำท่วม")
    moderation.redact(row, [(start, len(row.body), "other")], actor=staff())
    theme()
    assert "ถูกเสนอ" not in text(signed_in("planner").get(page(row)))
    (pick,) = signed_in("planner").get(page(row)).context["theme_picks"]
    assert pick.words == []


@pytest.mark.parametrize("wrong", ["", "x", "9" * 40, "0", "a\x00b", "merged"])
def test_an_unknown_theme_changes_nothing_and_is_told(wrong):
    row, flood, drains = submission(), theme(), theme("drains")
    themes.merge(drains, flood, actor=staff())
    client = signed_in("moderator")
    told = give(client, [row], drains if wrong == "merged" else wrong)
    assert told.status_code == 200
    assert 'class="error"' in told.content.decode()
    assert not given()


@pytest.mark.parametrize("wrong", ["x", "9" * 40, "-1"])
def test_an_unknown_theme_is_told_beside_the_filter(wrong):
    response = signed_in("moderator").get(QUEUE, {"theme": wrong})
    assert response.status_code == 200
    assert set(response.context["cl"].filter_form.errors) == {"theme"}


def test_nothing_ticked_and_replies_are_told():
    opinion, flood = submission("published"), theme()
    client = signed_in("moderator")
    for rows in ([], [reply(opinion)]):
        assert 'class="error"' in give(client, rows, flood).content.decode()
    answer = client.post(ADD, {"theme": flood.pk, "_selected_action": ["9" * 30, "9" * 5_000]}, follow=True)
    assert 'class="error"' in answer.content.decode()
    assert client.get(ADD).status_code == 405


def test_merging_on_the_page_moves_once_however_often_it_is_pressed():
    row, flood, drains = submission(), theme(), theme("drains")
    themes.tag([row], drains, actor=staff())
    client, address = signed_in("planner"), f"{LIST}{drains.pk}/merge/"
    assert client.post(address, {"into": ""}).context["form"].errors
    for _ in range(2):
        told = client.post(address, {"into": flood.pk}, follow=True)
        assert told.redirect_chain[-1][0] == f"{LIST}{flood.pk}/change/"
    assert given() == {(row.pk, "flood")}
    assert drains.events.filter(kind="merged").count() == 1
    # Links and saved views that name the merged one lead to what stands.
    assert listed(client.get(f"{QUEUE}?theme={drains.pk}")) == [row.reference]
    assert client.post(f"{LIST}{drains.pk}/change/", NEW).status_code == 403


def test_one_by_one_a_theme_is_given_to_all_in_hand_which_stay_in_hand():
    words = unlike()
    rows, flood = [submission(body=words) for _ in range(2)], theme()
    client = signed_in("moderator")
    shown = client.get(f"{QUEUE}triage/")
    assert 'data-key="Shift+Digit1"' in shown.content.decode()
    ticked = [row.pk for row in shown.context["tagged_rows"]]
    assert set(ticked) == {row.pk for row in rows}
    after = give(client, rows, flood, back="triage")
    assert after.redirect_chain[-1][0] == f"{QUEUE}triage/#item"
    assert given() == {(pk, "flood") for pk in ticked}
    assert 'aria-pressed="true"' in after.content.decode()
    assert after.context["item"].lease.token == shown.context["item"].lease.token


@pytest.mark.parametrize("address", [LIST, f"{QUEUE}?status=all&theme={{pk}}"])
def test_the_lists_ask_the_database_as_often_for_three_rows_as_for_one(address):
    flood, client = theme(), signed_in("planner")
    counts = []
    for codes in ("a", "bc"):
        for code in codes:
            themes.tag([submission("published", body=unlike())], flood, actor=member("moderator"))
            theme(code)
        client.get(address.format(pk=flood.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get(address.format(pk=flood.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 24
