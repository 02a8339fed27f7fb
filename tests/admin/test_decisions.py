import pytest

from comments import authoring, moderation
from comments.models import Submission, SubmissionEvent
from tests.admin.staff import QUEUE, act, decide, given_to, listed, member, page, signed_in, text
from tests.factories import reason, submission

pytestmark = pytest.mark.django_db


def last_event(row):
    event = row.events.latest("pk")
    return event.kind, event.actor and event.actor.username, event.from_status, event.to_status, event.note


def test_publish_reject_and_undo_are_one_event_each_with_actor_reason_and_note():
    row, client = submission(), signed_in("moderator")
    decide(client, row, "publish")
    assert last_event(row) == ("published", "moderator", "pending", "published", "")
    decide(client, row, "reject", reason="personal_data", note="มีเบอร์โทรของผู้อื่น")
    assert last_event(row) == ("rejected", "moderator", "published", "rejected", "มีเบอร์โทรของผู้อื่น")
    row.refresh_from_db()
    assert row.reason == row.events.latest("pk").reason == reason("personal_data")
    decide(client, row, "restore", note="พลาด")
    assert last_event(row) == ("restored", "moderator", "rejected", "pending", "พลาด")
    assert row.events.count() == 4


@pytest.mark.parametrize("said", [{}, {"reason": ""}, {"reason": "no_such_reason"}])
def test_without_a_known_reason_nothing_is_withheld(said):
    row = submission()
    response = decide(signed_in("moderator"), row, "reject", **said)
    assert response.status_code == 200
    assert "errornote" in response.content.decode()
    row.refresh_from_db()
    assert (row.status, row.events.count()) == ("pending", 1)


def test_a_reason_out_of_use_is_not_offered():
    row, old = submission(), reason("advertising")
    old.is_active = False
    old.save()
    response = decide(signed_in("moderator"), row, "reject", reason="advertising")
    assert old.title_th not in text(response)
    assert Submission.objects.get().status == "pending"


def test_the_button_in_the_queue_asks_for_the_reason_first():
    row, client = submission(), signed_in("moderator")
    response = client.post(f"{QUEUE}{row.pk}/reject/", {"seen": f"{row.pk}:pending"})
    assert row.body in text(response)
    assert "errornote" not in response.content.decode()
    assert Submission.objects.get().status == "pending"


@pytest.mark.parametrize(("name", "seen"), [("publish", "rejected"), ("reject", "pending"), ("restore", "")])
def test_a_decision_on_a_state_that_no_longer_stands_is_refused_and_told(name, seen):
    row = submission("withdrawn")
    response = decide(signed_in("moderator"), row, name, seen=seen or "published", reason="off_topic")
    assert response.status_code == 200
    assert row.reference in text(response)
    assert "ไม่มีการเปลี่ยนแปลง" in text(response)
    row.refresh_from_db()
    assert (row.status, row.events.count()) == ("withdrawn", 2)


def test_of_two_moderators_the_second_is_told():
    row = submission()
    decide(signed_in("moderator"), row, "reject", reason="off_topic")
    response = decide(signed_in("administrator"), row, "publish", seen="pending")
    assert "ไม่มีการเปลี่ยนแปลง" in text(response)
    assert Submission.objects.get().status == "rejected"


def test_a_post_that_saw_no_state_decides_nothing():
    row = submission()
    signed_in("moderator").post(f"{QUEUE}{row.pk}/publish/")
    assert Submission.objects.get().status == "pending"


@pytest.mark.parametrize("name", ["publish", "reject", "restore"])
def test_decisions_are_posted_by_moderators_only(name):
    row = submission("published")
    assert signed_in("moderator").get(f"{QUEUE}{row.pk}/{name}/").status_code == 405
    for role in ("planner", "responder", "nobody"):
        assert decide(signed_in(role), row, name, reason="off_topic").status_code == 403
    row.refresh_from_db()
    assert (row.status, row.events.count()) == ("published", 2)


def test_after_a_decision_the_queue_comes_back_with_its_filters():
    row = submission(sector="academic")
    client = signed_in("moderator")
    assert "_changelist_filters=sector%3Dacademic" in client.get(f"{QUEUE}?sector=academic").content.decode()
    response = client.post(
        f"{QUEUE}{row.pk}/publish/?_changelist_filters=sector%3Dacademic", {"seen": f"{row.pk}:pending"}
    )
    assert response.url == f"{QUEUE}?sector=academic"


def test_many_are_published_and_counted():
    rows = [submission(), submission(), submission()]
    response = act(signed_in("moderator"), "publish_selected", rows[:2])
    assert "เผยแพร่ความคิดเห็นแล้ว 2 รายการ" in text(response)
    assert set(Submission.objects.published()) == set(rows[:2])
    assert SubmissionEvent.objects.filter(kind="published", actor=member("moderator")).count() == 2


def test_a_key_that_can_be_no_row_s_is_passed_over():
    row, client = submission(), signed_in("moderator")
    ticked = ["9" * 30, "9" * 5_000, "x", str(row.pk)]
    act(client, "publish_selected", [row], _selected_action=ticked)
    assert Submission.objects.get().status == "published"


def test_many_are_withheld_after_a_page_that_lists_them_and_asks_why():
    rows, client = (
        [submission(body="ข้อความแรกที่ยาวพอ"), submission(body="ข้อความที่สองที่ยาวพอ")],
        signed_in("moderator"),
    )
    asked = text(act(client, "reject_selected", rows))
    assert all(row.body in asked and row.reference in asked for row in rows)
    assert Submission.objects.pending().count() == 2
    assert "โปรดเลือกเหตุผล" in text(act(client, "reject_selected", rows, confirm="1"))
    assert Submission.objects.pending().count() == 2
    done = act(client, "reject_selected", rows, confirm="1", reason="advertising", note="ซ้ำกัน")
    assert "2 รายการ" in text(done)
    events = SubmissionEvent.objects.filter(kind="rejected", reason=reason("advertising"), note="ซ้ำกัน")
    assert events.count() == 2


def test_many_decisions_are_undone():
    rows = [submission("published"), submission("rejected")]
    act(signed_in("moderator"), "restore_selected", rows)
    assert Submission.objects.pending().count() == 2


def test_what_was_decided_meanwhile_is_named_and_the_rest_is_done():
    rows = [submission(), submission()]
    moderation.reject(Submission.objects.get(pk=rows[0].pk), actor=member("planner"), reason=reason())
    response = act(signed_in("moderator"), "publish_selected", rows, query="")
    assert response.status_code == 200
    assert "เผยแพร่ความคิดเห็นแล้ว 1 รายการ" in text(response)
    assert f"ไม่อนุญาต: {rows[0].reference}" in text(response)
    assert [Submission.objects.get(pk=row.pk).status for row in rows] == ["rejected", "published"]


def test_nobody_decides_on_more_than_the_page_shows():
    rows = [submission(), submission()]
    act(signed_in("moderator"), "publish_selected", rows[:1], select_across="1")
    assert Submission.objects.pending().count() == 2


@pytest.mark.parametrize("action", ["publish_selected", "reject_selected", "restore_selected"])
@pytest.mark.parametrize("role", ["planner", "responder"])
def test_actions_decide_for_moderators_only(action, role):
    row = submission("published")
    response = act(signed_in(role), action, [row], confirm="1", reason="off_topic")
    assert action not in response.content.decode()
    row.refresh_from_db()
    assert (row.status, row.events.count()) == ("published", 2)


def test_only_what_the_listed_status_allows_is_offered():
    submission()
    body = signed_in("moderator").get(QUEUE).content.decode()
    assert "publish_selected" in body
    assert "restore_selected" not in body


def test_the_page_tells_the_history_in_the_buddhist_era():
    row, client = submission(), signed_in("moderator")
    decide(client, row, "reject", reason="off_topic", note="ส่งต่อ 1555")
    shown = text(client.get(page(row)))
    year = row.received_at.year + 543
    for fact in (f"{year} เวลา", "ไม่เกี่ยวข้องกับแผน", "ส่งต่อ 1555", "moderator", "รอตรวจสอบ → เป็น ไม่เผยแพร่"):
        assert fact in shown
    assert "ส่งต่อ 1555" in text(signed_in("planner").get(page(row)))


def test_a_responder_reads_neither_history_nor_notes():
    row = submission("published")
    given_to("responder", row)
    row.events.create(kind="contact_revealed", note="โทรถามเจ้าตัว")
    shown = text(signed_in("responder").get(page(row)))
    assert "โทรถามเจ้าตัว" not in shown
    assert "ประวัติ" not in shown


def test_the_history_address_of_the_admin_leads_to_the_page():
    row = submission()
    assert signed_in("moderator").get(f"{QUEUE}{row.pk}/history/").url == f"{page(row)}#history"


def test_a_note_that_cannot_be_stored_changes_nothing():
    row = submission("published")
    response = decide(signed_in("moderator"), row, "restore", note="a\x00b")
    assert response.status_code == 200
    assert listed(signed_in("moderator").get(QUEUE)) == []


def test_a_decision_on_words_that_the_author_has_changed_since_is_refused_and_told():
    row = submission()
    seen = {"seen": f"{row.pk}:{row.status}:{row.edition}"}
    authoring.edit(row, "คำใหม่ที่ผู้ดูแลยังไม่เคยได้อ่านเลยสักครั้ง")
    client = signed_in("moderator")
    page = client.post(f"{QUEUE}{row.pk}/publish/", seen, follow=True).content.decode()
    assert f"{row.reference}" in page
    row.refresh_from_db()
    assert row.status == "pending"
    assert f'value="{row.pk}:pending:2"' in page
    client.post(f"{QUEUE}{row.pk}/publish/", {"seen": f"{row.pk}:pending:2"})
    row.refresh_from_db()
    assert row.status == "published"


@pytest.mark.parametrize("edition", ["", "x", "9" * 5_000, "-1", "²"])
def test_an_edition_that_is_none_decides_nothing_wrong(edition):
    row = submission()
    authoring.edit(row, "คำใหม่ที่ผู้ดูแลยังไม่เคยได้อ่านเลยสักครั้ง")
    signed_in("moderator").post(f"{QUEUE}{row.pk}/publish/", {"seen": f"{row.pk}:pending:{edition}"})
    row.refresh_from_db()
    assert row.status == "pending"


@pytest.mark.parametrize(("role", "reads"), [("moderator", True), ("planner", False)])
def test_the_words_as_first_received_stay_in_sight_of_those_who_moderate(role, reads):
    row = submission()
    authoring.edit(row, "คำใหม่ที่ผู้ดูแลยังไม่เคยได้อ่านเลยสักครั้ง")
    page = signed_in(role).get(f"{QUEUE}{row.pk}/change/").content.decode()
    assert "คำใหม่ที่ผู้ดูแล" in page
    assert (row.body in page) is reads
