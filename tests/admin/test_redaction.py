import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation
from comments.models import Submission
from comments.text.redaction import MARK
from tests.admin.staff import EVENTS, QUEUE, act, as_shown, decide, given_to, member, page, signed_in, text
from tests.factories import submission

pytestmark = pytest.mark.django_db
# Numbers whose check digits are right or which are reserved for samples; nobody has them.
ID, PHONE, PLACE = "1-1111-11111-11-9", "081-000-0000", "ทางเท้า"
BODY = f"เลขบัตร {ID} โทร {PHONE} ขอให้ซ่อม{PLACE}หน้าบ้าน และ{PLACE}ในซอย"


def part(words, reason):
    start = BODY.index(words)
    return f"{start}-{start + len(words)}-{reason}"


ID_PART, PHONE_PART = part(ID, "national_id"), part(PHONE, "mobile_phone")


def row(status="pending", body=BODY):
    return submission(body=body) if status == "pending" else submission(status, body=body)


def boxes(response):
    """Return the value of each tick box of the form, and whether it is ticked."""
    found = re.findall(
        r'<input type="checkbox" name="parts" value="([^"]+)"([^>]*)>', response.content.decode()
    )
    return {value: " checked" in rest for value, rest in found}


def cover(client, submission, *parts, seen=None, covered=None, follow=True, **data):
    """Post the form as the page shows it now, with these parts ticked."""
    submission.refresh_from_db()
    now = [f"{one.start}-{one.end}-{one.reason}" for one in moderation.redactions(submission)]
    data = {
        "seen": as_shown(submission, seen),
        "covered": ",".join(now) if covered is None else covered,
        "parts": parts,
        "words_reason": "other",
    } | data
    return client.post(f"{QUEUE}{submission.pk}/redact/", data, follow=follow)


def covered_now(submission):
    return [(submission.body[one.start : one.end], one.reason) for one in moderation.redactions(submission)]


@pytest.mark.parametrize("where", ["queue", "page"])
def test_what_looks_like_personal_data_is_marked_with_its_kind_and_listed(where):
    opinion = row()
    client = signed_in("moderator")
    shown = client.get(QUEUE if where == "queue" else page(opinion)).content.decode()
    assert f'<mark class="found block" title="เลขประจำตัวประชาชน">{ID}' in shown
    assert f'<mark class="found mask" title="หมายเลขโทรศัพท์มือถือ">{PHONE}' in shown
    assert shown.count(ID) >= 2


def test_marked_words_are_escaped():
    opinion = row(body=f"<script>x</script> {ID} <b>&amp;")
    for address in (QUEUE, page(opinion)):
        shown = signed_in("moderator").get(address).content.decode()
        assert "&lt;script&gt;x&lt;/script&gt; <mark" in shown
        assert "</mark> &lt;b&gt;&amp;amp;" in shown
        assert "<script>x" not in shown


def test_a_plain_text_has_neither_marks_nor_reasons():
    opinion = submission()
    for address in (QUEUE, page(opinion)):
        shown = signed_in("moderator").get(address).content.decode()
        assert "<mark" not in shown
        assert 'class="attention"' not in shown


def test_why_to_look_first_is_said_of_what_waits_and_ends_with_the_decision():
    opinion = row(body=f"ไฟทางดับในซอยทดสอบ 5 ดู www.example.com ด่วนนนนน {ID}")
    client = signed_in("moderator")
    reasons = ("มีข้อมูลส่วนบุคคลที่ห้ามเผยแพร่", "มีลิงก์", "มีอักษรซ้ำ", "Traffy Fondue")
    for address in (QUEUE, page(opinion)):
        said = text(client.get(address))
        assert all(reason in said for reason in reasons)
        assert "มีคำไม่สุภาพ" not in said
    decide(client, opinion, "reject", reason="off_topic")
    assert "มีลิงก์" not in text(client.get(page(opinion)))


def test_what_is_never_published_is_told_by_reference_and_stays_pending():
    opinion = row()
    said = text(decide(signed_in("moderator"), opinion, "publish"))
    assert f"ต้องปกปิดก่อน: {opinion.reference}" in said
    assert Submission.objects.get().status == "pending"


def test_of_many_only_those_are_left_out():
    held, free = row(), submission()
    response = act(signed_in("moderator"), "publish_selected", [held, free])
    said = text(response)
    assert f"ต้องปกปิดก่อน: {held.reference}" in said
    assert "1 รายการ" in said
    assert dict(Submission.objects.values_list("pk", "status")) == {held.pk: "pending", free.pk: "published"}


def test_what_must_be_covered_is_ticked_and_the_rest_is_offered():
    body = BODY + " นายทดสอบ ตัวอย่าง"
    opinion = row(body=body)
    ticks = boxes(signed_in("moderator").get(page(opinion)))
    assert (ticks[ID_PART], ticks[PHONE_PART]) == (True, True)
    assert [ticked for value, ticked in ticks.items() if value.endswith("person_name")] == [False]


def test_what_is_ticked_is_covered_with_one_event_and_can_be_published():
    opinion, client = row(), signed_in("moderator")
    response = cover(client, opinion, ID_PART, PHONE_PART, note="ตรวจแล้ว")
    assert "ปกปิดข้อความแล้ว 2 แห่ง" in text(response)
    assert covered_now(opinion) == [(ID, "national_id"), (PHONE, "mobile_phone")]
    event = opinion.events.latest("pk")
    assert (event.kind, event.actor, event.note) == ("redacted", member("moderator"), "ตรวจแล้ว")
    decide(client, opinion, "publish")
    opinion.refresh_from_db()
    assert (opinion.status, opinion.body) == ("published", BODY)
    assert ID not in opinion.public_body


def test_moderators_read_what_is_covered_under_the_mark_and_others_do_not():
    opinion, client = row(), signed_in("moderator")
    cover(client, opinion, ID_PART, PHONE_PART)
    decide(client, opinion, "publish")
    given_to("responder", opinion)
    for address in (f"{QUEUE}?status=all", page(opinion)):
        shown = client.get(address).content.decode()
        assert f"<s>{ID}</s>" in shown
        assert MARK in shown
        for role in ("planner", "responder"):
            theirs = signed_in(role).get(address).content.decode()
            assert opinion.reference in theirs
            assert MARK in theirs
            assert ID not in theirs
            assert PHONE not in theirs


def test_the_page_of_withholding_shows_the_marks():
    opinion = row()
    response = signed_in("moderator").post(f"{QUEUE}{opinion.pk}/reject/", {"seen": f"{opinion.pk}:pending"})
    assert '<mark class="found block"' in response.content.decode()


def test_other_words_are_covered_wherever_they_stand_with_their_reason():
    opinion = row()
    cover(signed_in("moderator"), opinion, ID_PART, words=f" {PLACE} ", words_reason="house_number")
    assert covered_now(opinion) == [(ID, "national_id"), (PLACE, "house_number"), (PLACE, "house_number")]


def test_words_that_overlap_a_ticked_part_become_one_with_it():
    opinion = row()
    cover(signed_in("moderator"), opinion, ID_PART, words=f"เลขบัตร {ID[:6]}")
    assert covered_now(opinion) == [(f"เลขบัตร {ID}", "national_id")]


def test_words_never_cut_a_visible_character():
    opinion = row(body="ขอให้ช่วยดูแลน้ำท่วมด้วย")
    cover(signed_in("moderator"), opinion, words="น")
    assert covered_now(opinion) == [("น้ำ", "other")]


@pytest.mark.parametrize("words", ["ไม่มีคำนี้", ".*", "[", "ทางเท้า\\b"])
def test_words_that_are_not_there_are_refused_beside_the_field(words):
    opinion = row()
    response = cover(signed_in("moderator"), opinion, ID_PART, words=words)
    assert response.status_code == 200
    assert 'id="redact_words_error"' in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()
    assert boxes(response) == {ID_PART: True, PHONE_PART: False}
    assert moderation.redactions(opinion) == []


@pytest.mark.parametrize("forged", ["0-3-national_id", "0-9999-other", "x", "5-4-other", f"{ID_PART}0"])
def test_a_part_that_was_not_offered_is_refused(forged):
    opinion = row()
    response = cover(signed_in("moderator"), opinion, forged)
    assert "errornote" in response.content.decode()
    assert moderation.redactions(opinion) == []


def test_what_is_covered_is_ticked_and_unticking_uncovers_it():
    opinion, client = row(), signed_in("moderator")
    cover(client, opinion, ID_PART, words=PLACE)
    ticks = boxes(client.get(page(opinion)))
    assert len(ticks) == 4
    assert all(ticks.values())
    cover(client, opinion, ID_PART)
    assert covered_now(opinion) == [(ID, "national_id")]
    assert "ไม่มีส่วนใดถูกปกปิดแล้ว" in text(cover(client, opinion))
    assert covered_now(opinion) == []
    opinion.refresh_from_db()
    assert opinion.public_body == BODY


def test_a_form_that_changes_nothing_writes_no_event():
    opinion, client = row(), signed_in("moderator")
    assert "ไม่มีอะไรเปลี่ยนแปลง" in text(cover(client, opinion))
    cover(client, opinion, ID_PART)
    assert "ไม่มีอะไรเปลี่ยนแปลง" in text(cover(client, opinion, ID_PART))
    assert opinion.events.filter(kind="redacted").count() == 1


@pytest.mark.parametrize("stale", [{"seen": "published"}, {"covered": "0-3-other"}])
def test_a_page_that_is_out_of_date_covers_nothing_and_is_told(stale):
    opinion = row()
    said = text(cover(signed_in("moderator"), opinion, ID_PART, **stale))
    assert "ไม่มีการเปลี่ยนแปลง" in said
    assert opinion.reference in said
    assert moderation.redactions(opinion) == []


def test_of_two_who_cover_the_second_is_told_and_undoes_nothing():
    opinion = row()
    cover(signed_in("moderator"), opinion, ID_PART)
    cover(signed_in("administrator"), opinion, PHONE_PART, covered="")
    assert covered_now(opinion) == [(ID, "national_id")]


def test_what_is_published_keeps_covered_what_is_never_published():
    opinion, client = row(), signed_in("moderator")
    cover(client, opinion, ID_PART, PHONE_PART)
    decide(client, opinion, "publish")
    said = text(cover(client, opinion, PHONE_PART))
    assert f"{opinion.reference}: ยังเปิดข้อความไม่ได้" in said
    assert len(covered_now(opinion)) == 2
    cover(client, opinion, ID_PART)
    assert covered_now(opinion) == [(ID, "national_id")]


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_what_the_public_will_not_read_cannot_be_covered(status):
    opinion = row(status)
    client = signed_in("moderator")
    assert 'id="redact"' not in client.get(page(opinion)).content.decode()
    cover(client, opinion, ID_PART)
    assert moderation.redactions(opinion) == []


def test_the_history_and_the_log_say_what_was_covered_and_for_what():
    opinion, client = row(), signed_in("moderator")
    cover(client, opinion, ID_PART, PHONE_PART)
    for address in (page(opinion), EVENTS):
        said = text(client.get(address))
        assert "ปกปิดข้อมูลส่วนบุคคล" in said
        assert "ปกปิด: เลขประจำตัวประชาชน, หมายเลขโทรศัพท์มือถือ" in said


@pytest.mark.parametrize("role", ["planner", "responder"])
def test_only_moderators_cover(role):
    opinion = row()
    assert cover(signed_in(role), opinion, ID_PART).status_code == 403
    assert moderation.redactions(opinion) == []


def test_the_address_takes_nothing_but_a_post():
    assert signed_in("moderator").get(f"{QUEUE}{row().pk}/redact/").status_code == 405


def test_as_many_queries_for_three_covered_items_as_for_one():
    client = signed_in("moderator")
    # One with the same words, so that the size of a campaign is asked for each time.
    row()
    counts = []
    for more in (1, 2):
        for _ in range(more):
            moderation.redact(row(), [(0, 3, "other")], actor=member("moderator"))
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(QUEUE).content.decode()
        counts.append((len(queries), shown.count("<s>")))
    assert counts == [(counts[0][0], 1), (counts[0][0], 3)]
    assert counts[0][0] <= 24
