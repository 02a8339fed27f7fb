from datetime import timedelta

import pytest
from django.utils import timezone

from comments import moderation
from comments.models import Lease, Submission, SubmissionEvent
from tests.admin.staff import signed_in, text
from tests.admin.triage import ID, TRIAGE, ago, another, do, leave, shown, status, waiting
from tests.factories import staff, submission, unlike
from tests.text.test_similarity import REMARK, TEMPLATE

pytestmark = pytest.mark.django_db


def test_the_oldest_comes_first_and_after_a_decision_the_next_at_once():
    rows, client = waiting(3), signed_in("moderator")
    page = client.get(TRIAGE)
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        assert shown(page) == row.reference
        page = do(client, "decide", page)
        assert status(row) == "published"
        assert shown(page) == (after.reference if after else "")
    assert "พิจารณาครบทุกรายการแล้ว" in text(page)
    assert Lease.objects.count() == 0


@pytest.mark.parametrize("code", ["off_topic", "insult"])
def test_a_reason_withholds(code):
    (row,), client = waiting(1), signed_in("moderator")
    do(client, "decide", client.get(TRIAGE), reason=code, note="ดูแล้ว")
    event = SubmissionEvent.objects.filter(submission=row).latest("pk")
    assert (event.kind, event.reason.code, event.note) == ("rejected", code, "ดูแล้ว")


def test_the_page_again_is_the_same_item_and_holds_it_longer():
    waiting(2)
    client = signed_in("moderator")
    first = client.get(TRIAGE)
    Lease.objects.update(expires_at=timezone.now() + timedelta(seconds=1))
    assert shown(client.get(TRIAGE)) == shown(first)
    assert Lease.objects.get().expires_at > ago(minutes=-4)


def test_two_moderators_never_get_the_same_item():
    waiting(3)
    one, other = signed_in("moderator"), another()
    pages = [client.get(TRIAGE) for client in (one, other)]
    seen = [shown(page) for page in pages]
    for client, page in zip((one, other), pages, strict=True):
        seen.append(shown(leave(client, page, "next")))
    assert len(set(seen[:2])) == 2
    assert len(set(seen[2:])) == 2


def test_two_browsers_of_one_moderator_have_an_item_each():
    waiting(2)
    assert shown(signed_in("moderator").get(TRIAGE)) != shown(signed_in("moderator").get(TRIAGE))


def test_of_a_campaign_nobody_else_gets_a_member():
    rows = [submission(body=TEMPLATE, at=ago(hours=9 - n)) for n in range(3)]
    alone = submission(body=unlike())
    assert shown(signed_in("moderator").get(TRIAGE)) == rows[0].reference
    assert shown(another().get(TRIAGE)) == alone.reference
    assert "เพื่อนร่วมงาน" in text(another("third").get(TRIAGE))


def test_what_becomes_a_campaign_in_somebody_s_hands_stays_there():
    row = submission(body=TEMPLATE)
    assert shown(signed_in("moderator").get(TRIAGE)) == row.reference
    submission(body=TEMPLATE)
    assert shown(another().get(TRIAGE)) == ""


def test_a_lease_that_ran_out_is_free_and_its_decision_refused_with_everything_kept():
    (row,), one, other = waiting(1), signed_in("moderator"), another()
    late = one.get(TRIAGE)
    assert shown(other.get(TRIAGE)) == ""
    Lease.objects.update(expires_at=timezone.now())
    assert shown(other.get(TRIAGE)) == row.reference
    said = text(do(one, "decide", late, reason="insult", note="คำหยาบมาก"))
    assert "ไม่ได้ตัดสิน" in said
    assert "คำหยาบมาก" in said
    assert status(row) == "pending"
    assert Lease.objects.get().holder.username == "colleague"


def test_a_lease_that_ran_out_and_nobody_wanted_still_counts():
    (row,), client = waiting(1), signed_in("moderator")
    page = client.get(TRIAGE)
    Lease.objects.update(expires_at=ago(hours=1))
    do(client, "decide", page)
    assert status(row) == "published"


def test_what_changed_since_the_page_was_drawn_is_not_decided():
    (row, after), client = waiting(2), signed_in("moderator")
    page = client.get(TRIAGE)
    moderation.redact(row, [(0, 4, "other")], actor=staff("colleague"))
    answer = do(client, "decide", page, note="น่าจะดี")
    assert "ไม่มีการเปลี่ยนแปลง" in text(answer)
    assert "น่าจะดี" in text(answer)
    assert status(row) == "pending"
    moderation.publish(Submission.objects.get(pk=row.pk), actor=staff("colleague"))
    assert shown(do(client, "decide", page)) == after.reference
    assert SubmissionEvent.objects.filter(submission=row, kind="published").count() == 1


def test_what_is_never_published_stays_until_it_is_covered():
    row, client = submission(body=f"เลขบัตร {ID} ขอให้ช่วยตรวจสอบ"), signed_in("moderator")
    page = do(client, "decide", client.get(TRIAGE))
    assert shown(page) == row.reference
    assert "ต้องปกปิดก่อน" in text(page)
    prefix = str(row.pk)
    page = do(client, "cover", page, "cover", **{f"{prefix}-words_reason": "other"})
    assert shown(page) == row.reference
    assert ID not in Submission.objects.get().public_body
    do(client, "decide", page)
    assert status(row) == "published"


def test_words_that_are_marked_are_covered_and_wrong_ones_told_and_kept():
    (row,), client = waiting(1), signed_in("moderator")
    page = client.get(TRIAGE)
    more = {f"{row.pk}-words_reason": "other"}
    wrong = do(client, "cover", page, "cover", **more, **{f"{row.pk}-words": "ไม่มีคำนี้"})
    assert "ไม่มีคำนี้" in wrong.content.decode()
    assert "errorlist" in wrong.content.decode()
    do(client, "cover", page, "cover", **more, **{f"{row.pk}-words": row.body[-5:]})
    assert Submission.objects.get().public_body.endswith("▇▇▇") or Submission.objects.get().redacted_body


def test_a_campaign_is_one_item_decided_for_all_but_the_exceptions():
    rows = [submission(body=body) for body in (TEMPLATE, TEMPLATE, f"{TEMPLATE} {REMARK}")]
    client = signed_in("moderator")
    page = client.get(TRIAGE)
    assert "กลุ่มความคิดเห็นที่คล้ายกัน: 3 รายการ" in text(page)
    assert REMARK in page.content.decode()
    page = do(client, "decide", page, _selected_action=[rows[0].pk, rows[1].pk])
    assert [status(row) for row in rows] == ["published", "published", "pending"]
    # The exception comes up right after, beside what was decided on its like.
    assert shown(page) == rows[2].reference
    assert text(page).count("เผยแพร่แล้ว") >= 2


def test_personal_data_in_any_member_of_a_campaign_is_covered_at_once():
    rows = [submission(body=TEMPLATE + more) for more in ("", f" บัตร {ID}", " โทร 081-000-0000")]
    client = signed_in("moderator")
    do(client, "cover", client.get(TRIAGE), "cover")
    found = {row.pk: Submission.objects.get(pk=row.pk).redacted_body for row in rows}
    assert [bool(found[row.pk]) for row in rows] == [False, True, True]


def test_undo_takes_back_the_last_decision_and_shows_it_again():
    rows, client = waiting(2), signed_in("moderator")
    page = do(client, "decide", client.get(TRIAGE))
    assert shown(page) == rows[1].reference
    page = client.post(f"{TRIAGE}undo/", follow=True)
    assert shown(page) == rows[0].reference
    assert status(rows[0]) == "pending"
    assert SubmissionEvent.objects.filter(submission=rows[0]).latest("pk").kind == "restored"
    assert shown(client.post(f"{TRIAGE}undo/", follow=True)) == rows[0].reference


def test_undo_of_a_campaign_takes_back_every_member():
    rows = [submission(body=TEMPLATE) for _ in range(3)]
    client = signed_in("moderator")
    do(client, "decide", client.get(TRIAGE), reason="off_topic")
    assert {status(row) for row in rows} == {"rejected"}
    client.post(f"{TRIAGE}undo/")
    assert {status(row) for row in rows} == {"pending"}


def test_what_a_colleague_has_decided_again_is_not_undone():
    (row,), client = waiting(1), signed_in("moderator")
    do(client, "decide", client.get(TRIAGE))
    stored = Submission.objects.get()
    moderation.restore(stored, actor=staff("colleague"))
    moderation.publish(stored, actor=staff("colleague"))
    assert "ไม่มีการเปลี่ยนแปลง" in text(client.post(f"{TRIAGE}undo/", follow=True))
    assert status(row) == "published"


def test_skipped_stays_away_until_asked_for_and_next_comes_round_again():
    rows, client = waiting(3), signed_in("moderator")
    page = leave(client, client.get(TRIAGE), "skip")
    assert shown(page) == rows[1].reference
    page = leave(client, page, "next")
    assert shown(page) == rows[2].reference
    page = do(client, "decide", page)
    assert shown(page) == rows[1].reference
    page = do(client, "decide", page)
    assert shown(page) == ""
    assert "ข้ามไว้" in text(page)
    assert shown(another().get(TRIAGE)) == rows[0].reference
    Lease.objects.all().delete()
    assert shown(client.post(f"{TRIAGE}again/", follow=True)) == rows[0].reference
