import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import campaigns, placing
from comments.models import Campaign, DevelopmentGoal, Submission, SubmissionEvent
from tests.admin.staff import QUEUE, member, page, signed_in, text
from tests.admin.triage import TRIAGE, shown
from tests.factories import answered, submission, unlike

pytestmark = pytest.mark.django_db
FIRST, SECOND = "G67-1.1-01", "G67-1.2-01"


def send(client, row, deed, **data):
    return client.post(f"{QUEUE}{row.pk}/{deed}/", data, follow=True)


def stored(row):
    return Submission.everything.get(pk=row.pk)


def was(response, deed):
    """Return what the form of a deed carries of how things stood."""
    found = re.search(rf'name="was" value="([^"]*)"[^>]*id="{deed}_was"', response.content.decode())
    return found[1] if found else ""


def test_the_page_moves_marks_and_joins_and_its_history_says_from_where_to_where():
    row, other, client = submission(goal=FIRST), submission(body=unlike()), signed_in("moderator")
    seen = client.get(page(row))
    send(client, row, "move", goal=SECOND, was=was(seen, "goal_id"), note="ย้ายตามที่หารือ")
    send(client, row, "language", language="en", was=was(seen, "language"))
    done = send(client, row, "join", to=other.reference.lower(), was=was(seen, "campaign_id"))
    told = text(done)
    titles = [DevelopmentGoal.objects.get(code=code) for code in (FIRST, SECOND)]
    assert f"{titles[0]} → เป็น {titles[1]}" in told
    assert "ไทย → เป็น อังกฤษ" in told
    assert f"ไม่อยู่ในกลุ่มใด → เป็น {Campaign.objects.get()}" in told
    assert "ย้ายตามที่หารือ" in told
    after = stored(row)
    assert (after.goal.code, after.language, after.campaign) == (SECOND, "en", Campaign.objects.get())
    assert f"{FIRST} → {SECOND}" in text(client.get("/admin/comments/submissionevent/"))


@pytest.mark.parametrize(
    ("deed", "data"),
    [
        ("move", {"goal": SECOND, "was": "999"}),
        ("language", {"language": "en", "was": "und"}),
        ("join", {"to": "67-1", "was": "9"}),
    ],
)
def test_what_stands_otherwise_by_now_is_refused_and_told(deed, data):
    row = submission(goal=FIRST)
    assert "ไม่มีการเปลี่ยนแปลง" in text(send(signed_in("moderator"), row, deed, **data))
    assert row.events.count() == 1


@pytest.mark.parametrize(
    ("deed", "data", "told"),
    [
        ("move", {"goal": "G67-9.9-99"}, "errorlist"),
        ("move", {"goal": FIRST}, "อยู่ที่นั่นแล้ว"),
        ("move", {"goal": "\x00"}, "errorlist"),
        ("language", {"language": "tlh"}, "errorlist"),
        ("language", {"language": "th"}, "อยู่ที่นั่นแล้ว"),
        ("join", {"to": ""}, "โปรดระบุหมายเลข"),
        ("join", {"to": "67-" + "9" * 18}, "ไม่มีความคิดเห็น"),
        ("join", {"to": "67-" + "9" * 400}, "errorlist"),
        ("join", {"to": "67-²"}, "ไม่มีความคิดเห็น"),
        ("join", {"to": "\x00"}, "errorlist"),
        ("join", {"to": "เรื่องเดียวกัน"}, "ไม่มีความคิดเห็น"),
        ("note", {"note": " "}, "โปรดเขียน"),
        ("note", {"note": "x" * 2_001}, "errorlist"),
        ("note", {"note": "a\x00b"}, "errorlist"),
        ("note", {"note": "a\ud800b"}, "errorlist"),
    ],
)
def test_what_can_t_be_is_told_beside_the_field_and_changes_nothing(deed, data, told):
    row, client = submission(goal=FIRST), signed_in("moderator")
    now = {"move": str(row.goal_id), "language": row.language}.get(deed, "")
    sent = urlencode(data | {"was": now}, errors="surrogatepass")
    form = "application/x-www-form-urlencoded"
    response = client.post(f"{QUEUE}{row.pk}/{deed}/", sent, content_type=form)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert told in response.content.decode()
    assert (row.events.count(), stored(row).goal, stored(row).language) == (1, row.goal, "th")


def test_its_own_number_and_that_of_its_campaign_lead_nowhere():
    row, other = submission(body=unlike()), submission(body=unlike())
    campaigns.add(row, other, actor=member("moderator"))
    campaign = stored(row).campaign
    for number in (row.reference, other.reference, str(campaign)):
        response = send(signed_in("moderator"), row, "join", to=number, was=campaign.pk)
        assert "อยู่ที่นั่นแล้ว" in text(response)
    assert row.events.filter(kind="joined").count() == 1


def test_who_is_put_with_those_already_answered_is_told_of_the_answer():
    rows = [submission("published", body=unlike()) for _ in range(3)]
    campaigns.add(rows[0], rows[1], actor=member("moderator"))
    answered(Campaign.objects.get())
    send(signed_in("moderator"), rows[2], "join", to=str(Campaign.objects.get()), was="")
    assert rows[2].events.filter(kind="answered").count() == 1


@pytest.mark.parametrize("deed", ["move", "language", "join", "note"])
def test_only_moderators_post_them(deed):
    row = submission("published")
    for role in ("planner", "responder", "nobody"):
        assert send(signed_in(role), row, deed, note="x").status_code == 403
        assert 'id="place"' not in signed_in(role).get(page(row)).content.decode()
    assert signed_in("moderator").get(f"{QUEUE}{row.pk}/{deed}/").status_code == 405
    assert row.events.count() == 2


def test_notes_are_read_in_the_history_and_one_by_one_and_nowhere_else():
    row, client = submission("published"), signed_in("moderator")
    told = send(client, row, "note", note="ถามกองแผนงานแล้ว\nรอคำตอบ")
    assert "ถามกองแผนงานแล้ว รอคำตอบ" in text(told)
    assert "ถามกองแผนงานแล้ว" in text(signed_in("planner").get(page(row)))
    assert "ถามกองแผนงานแล้ว" not in client.get(f"/comments/{row.reference}/").content.decode()
    exported = signed_in("planner").post(f"{QUEUE}export/", {})
    assert "ถามกองแผนงาน" not in b"".join(exported).decode()


def test_one_by_one_the_same_item_stays_in_hand():
    row, _next = submission(goal=FIRST), submission(body=unlike())
    client = signed_in("moderator")
    seen = client.get(TRIAGE)
    assert shown(seen) == row.reference
    for deed, data in (
        ("move", {"goal": "", "was": was(seen, "goal_id")}),
        ("language", {"language": "und", "was": was(seen, "language")}),
        ("note", {"note": "ขอดูอีกครั้ง"}),
    ):
        seen = send(client, row, f"{deed}", back="triage", **data)
        assert shown(seen) == row.reference
    assert "ขอดูอีกครั้ง" in text(seen)
    assert (stored(row).goal, stored(row).language) == (None, "und")
    asked = client.post(f"{QUEUE}{row.pk}/note/?sort=newest", {"note": "x", "back": "triage"})
    assert asked.url == f"{TRIAGE}?sort=newest#item"


def test_the_page_asks_as_often_for_three_moves_as_for_one(django_assert_num_queries):
    row, client = submission(goal=FIRST), signed_in("moderator")
    goals = [DevelopmentGoal.objects.get(code=code) for code in (SECOND, FIRST)]
    placing.move(row, goals[0], actor=member("moderator"))
    client.get(page(row))
    with CaptureQueriesContext(connection) as one:
        client.get(page(row))
    for goal in (goals[1], goals[0]):
        placing.move(row, goal, actor=member("moderator"))
    with django_assert_num_queries(len(one)):
        client.get(page(row))
    assert SubmissionEvent.objects.filter(kind="moved").count() == 3
