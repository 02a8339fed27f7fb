import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation
from comments.admin import campaigns as pages
from comments.models import Submission
from tests.admin.staff import QUEUE, as_shown, carried, member, page, signed_in, text
from tests.factories import submission
from tests.text.test_similarity import OTHER, REMARK, TEMPLATE

pytestmark = pytest.mark.django_db
ID = "1-1111-11111-11-9"


def alike(*bodies, **said):
    """Send texts that are alike and return them as stored."""
    sent = [submission(body=body, **said).pk for body in bodies]
    return [Submission.objects.get(pk=pk) for pk in sent]


def address(row, deed=""):
    return f"{QUEUE}campaign/{row.campaign_id}/{deed}"


def act(client, deed, rows, *, ticked=None, **data):
    """Decide from the page that showed `rows`; all of them are ticked unless told otherwise."""
    data |= {
        "_selected_action": [row.pk for row in (rows if ticked is None else ticked)],
        "seen": [as_shown(row) for row in rows],
    }
    return client.post(address(rows[0], f"{deed}/"), data, follow=True)


def statuses(rows):
    stored = dict(Submission.objects.values_list("pk", "status"))
    return [stored[row.pk] for row in rows]


def ticks(response):
    found = re.findall(r'name="_selected_action" value="(\d+)"([^>]*)>', response.content.decode())
    return {int(key): " checked" in rest for key, rest in found}


def split(client, row, **data):
    return client.post(f"{QUEUE}{row.pk}/split/", data, follow=True)


def test_card_and_page_say_how_many_are_alike_and_lead_there():
    rows = alike(TEMPLATE, TEMPLATE, f"{TEMPLATE} {REMARK}")
    alone = submission(body=OTHER)
    client = signed_in("moderator")
    queue = client.get(QUEUE)
    assert text(queue).count("1 ใน 3 ความคิดเห็นที่คล้ายกัน") == 3
    for response in (queue, client.get(page(rows[0]))):
        assert f'href="{address(rows[0])}' in response.content.decode()
    assert not re.search(r"1 ใน \d+ ความคิดเห็นที่คล้ายกัน", text(client.get(page(alone))))


def test_the_page_shows_size_states_stances_common_text_and_own_additions():
    rows = alike(TEMPLATE, TEMPLATE, f"{REMARK} {TEMPLATE}")
    alike(TEMPLATE, stance="disagree")
    moderation.publish(rows[0], actor=member("moderator"))
    response = signed_in("moderator").get(address(rows[0]))
    shown, said = response.content.decode(), text(response)
    assert "ความคิดเห็น 4 รายการ" in said
    assert "รอตรวจสอบ 3 เผยแพร่แล้ว 1 ไม่เผยแพร่ 0 ถอนแล้ว 0 รวม 4" in said
    assert "ไม่เห็นด้วย 1" in said
    assert "ไม่ระบุ 3" in said
    assert re.findall(r'<mark class="own">([^<]+)</mark>', shown) == [REMARK]
    # Once as the common text and once in the member that adds to it.
    assert shown.count(TEMPLATE) == 2
    assert said.count("ไม่มีส่วนที่เขียนเพิ่ม") == 3


def test_all_that_wait_are_ticked_and_nothing_else():
    rows = alike(TEMPLATE, TEMPLATE, TEMPLATE)
    moderation.publish(rows[1], actor=member("moderator"))
    response = signed_in("moderator").get(address(rows[0]))
    assert ticks(response) == {rows[0].pk: True, rows[2].pk: True}


def test_personal_data_in_a_member_is_marked():
    rows = alike(TEMPLATE, f"{TEMPLATE} เลขบัตร {ID}")
    response = signed_in("moderator").get(address(rows[0]))
    assert re.search(rf'<mark class="found block( own)?" title="[^"]+">{ID}', response.content.decode())
    assert "มีข้อมูลส่วนบุคคลที่ห้ามเผยแพร่" in text(response)


def test_what_is_covered_in_a_member_is_struck():
    rows = alike(TEMPLATE, f"{TEMPLATE} เลขบัตร {ID}")
    start = rows[1].body.index(ID)
    moderation.redact(rows[1], [(start, start + len(ID), "national_id")], actor=member("moderator"))
    assert f"<s>{ID}</s>" in signed_in("moderator").get(address(rows[0])).content.decode()


def test_one_decision_publishes_all_but_the_exceptions_with_an_event_each():
    rows = alike(*[TEMPLATE] * 4)
    response = act(signed_in("moderator"), "publish", rows, ticked=rows[:3])
    assert statuses(rows) == ["published"] * 3 + ["pending"]
    assert "3 รายการ" in text(response)
    for row in rows[:3]:
        event = row.events.latest("pk")
        assert (event.kind, event.actor) == ("published", member("moderator"))
    assert rows[3].events.count() == 1


def test_one_decision_withholds_with_one_reason():
    rows = alike(*[TEMPLATE] * 3)
    act(signed_in("moderator"), "reject", rows, reason="off_topic", note="ซ้ำ")
    assert statuses(rows) == ["rejected"] * 3
    assert {(row.events.latest("pk").reason.code, row.events.latest("pk").note) for row in rows} == {
        ("off_topic", "ซ้ำ")
    }


def test_without_a_reason_nothing_is_withheld_and_the_exceptions_stay():
    rows = alike(*[TEMPLATE] * 3)
    response = act(signed_in("moderator"), "reject", rows, ticked=rows[:2])
    assert "reason-error" in response.content.decode()
    assert ticks(response) == {rows[0].pk: True, rows[1].pk: True, rows[2].pk: False}
    assert statuses(rows) == ["pending"] * 3


def test_what_cannot_be_published_is_told_by_reference_and_stops_nobody_else():
    rows = alike(TEMPLATE, f"{TEMPLATE} เลขบัตร {ID}", TEMPLATE)
    moderation.withdraw(Submission.objects.get(pk=rows[2].pk))
    said = text(act(signed_in("moderator"), "publish", rows))
    assert statuses(rows) == ["published", "pending", "withdrawn"]
    assert f"ต้องปกปิดก่อน: {rows[1].reference}" in said
    assert re.search(rf"ไม่มีการเปลี่ยนแปลง[^:]*: {rows[2].reference}", said)


@pytest.mark.parametrize("deed", ["publish", "reject"])
def test_a_member_whose_covering_changed_since_the_page_was_drawn_is_left_and_told(deed):
    rows, client = alike(TEMPLATE, f"{TEMPLATE} โทร 081-000-0000"), signed_in("moderator")
    shown = carried(client.get(address(rows[0])))
    moderation.redact(rows[1], [(0, 3, "other")], actor=member("administrator"))
    data = {"_selected_action": [row.pk for row in rows], "seen": shown, "reason": "off_topic"}
    said = text(client.post(address(rows[0], f"{deed}/"), data, follow=True))
    assert re.search(rf"ไม่มีการเปลี่ยนแปลง[^:]*: {rows[1].reference}", said)
    assert statuses(rows) == [{"publish": "published", "reject": "rejected"}[deed], "pending"]


def test_what_is_covered_shows_in_a_member_that_says_nothing_else():
    rows = alike(TEMPLATE, TEMPLATE)
    moderation.redact(rows[1], [(0, 3, "other")], actor=member("moderator"))
    shown = signed_in("moderator").get(address(rows[0])).content.decode()
    assert f"<s>{TEMPLATE[:3]}</s>" in shown


def test_nobody_outside_of_the_campaign_is_decided_on():
    rows, stranger = alike(TEMPLATE, TEMPLATE), submission(body=OTHER)
    said = text(act(signed_in("moderator"), "publish", rows, ticked=[rows[0], stranger]))
    assert statuses([*rows, stranger]) == ["published", "pending", "pending"]
    assert "รายการที่เลือกไว้ 1 รายการไม่ได้อยู่ในกลุ่มนี้แล้ว" in said


@pytest.mark.parametrize("ticked", [[], ["x", "-1", "๑", "9" * 30, "9" * 5_000]])
def test_nothing_ticked_decides_nothing_and_says_so(ticked):
    rows = alike(TEMPLATE, TEMPLATE)
    response = signed_in("moderator").post(
        address(rows[0], "publish/"), {"_selected_action": ticked}, follow=True
    )
    assert "ยังไม่ได้เลือกรายการใด" in text(response)
    assert statuses(rows) == ["pending"] * 2


def test_a_post_that_saw_no_state_decides_nothing():
    rows = alike(TEMPLATE, TEMPLATE)
    signed_in("moderator").post(address(rows[0], "publish/"), {"_selected_action": [rows[0].pk]})
    assert statuses(rows) == ["pending"] * 2


def test_a_large_campaign_is_shown_in_part_those_that_wait_first(monkeypatch):
    monkeypatch.setattr(pages, "MOST_SHOWN", 2)
    rows = alike(*[TEMPLATE] * 5)
    for row in rows[:3]:
        moderation.publish(row, actor=member("moderator"))
    response = signed_in("moderator").get(address(rows[0]))
    assert list(ticks(response)) == [rows[3].pk, rows[4].pk]
    assert "ยังมีอีก 3 รายการ" in text(response)


@pytest.mark.parametrize(("most", "shown"), [(3, 3), (2, 2), (0.5, 1)])
def test_no_more_is_compared_than_a_page_has_time_for(monkeypatch, most, shown):
    rows = alike(*[TEMPLATE] * 3)
    monkeypatch.setattr(pages, "MOST_COMPARED", int(most * len(TEMPLATE)))
    assert len(ticks(signed_in("moderator").get(address(rows[0])))) == shown


def test_one_is_taken_out_for_a_reason_that_the_history_keeps():
    rows = alike(*[TEMPLATE] * 3)
    response = split(signed_in("moderator"), rows[0], why="พูดเรื่องอื่น")
    assert f"แยก {rows[0].reference} ออกจากกลุ่มแล้ว" in text(response)
    assert "พูดเรื่องอื่น" in text(response)
    event = rows[0].events.latest("pk")
    assert (event.kind, event.actor, event.note) == ("split", member("moderator"), "พูดเรื่องอื่น")
    assert Submission.objects.filter(campaign=rows[0].campaign_id).count() == 2
    assert "ไม่ได้อยู่ในกลุ่มใด" in text(split(signed_in("moderator"), rows[0], why="อีกครั้ง"))


@pytest.mark.parametrize("why", ["", "   ", "x" * 501, "a\x00b"])
def test_without_a_good_reason_it_stays(why):
    rows = alike(TEMPLATE, TEMPLATE)
    response = split(signed_in("moderator"), rows[0], why=why)
    assert 'id="split_why_error"' in response.content.decode()
    assert Submission.objects.get(pk=rows[0].pk).campaign is not None


@pytest.mark.parametrize("role", ["planner", "responder"])
def test_only_moderators_see_campaigns_and_decide(role):
    rows = alike(TEMPLATE, TEMPLATE)
    client = signed_in(role)
    assert client.get(address(rows[0])).status_code == 403
    assert act(client, "publish", rows).status_code == 403
    assert split(client, rows[0], why="x").status_code == 403
    assert statuses(rows) == ["pending"] * 2
    assert address(rows[0]) not in client.get(f"{QUEUE}?status=all").content.decode()


@pytest.mark.parametrize("deed", ["publish/", "reject/"])
def test_the_deeds_take_nothing_but_a_post(deed):
    rows = alike(TEMPLATE, TEMPLATE)
    client = signed_in("moderator")
    assert client.get(address(rows[0], deed)).status_code == 405
    assert client.get(f"{QUEUE}{rows[0].pk}/split/").status_code == 405
    assert client.get(f"{QUEUE}campaign/999999/{deed.removesuffix('reject/')}").status_code in {404, 405}


def test_as_many_queries_for_six_members_as_for_two():
    client = signed_in("moderator")
    counts = []
    for more in (2, 4):
        rows = alike(*[TEMPLATE] * more)
        for row in rows:
            moderation.redact(row, [(0, 3, "other")], actor=member("moderator"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(rows[0])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
