import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import second_persons
from comments.models import Plan, Submission
from tests.admin.staff import QUEUE, act, decide, listed, member, page, signed_in, text
from tests.admin.test_campaigns import act as act_on_campaign
from tests.admin.test_campaigns import address, alike
from tests.admin.triage import TRIAGE, another, do, shown, waiting
from tests.factories import reason, submission, unlike
from tests.text.test_similarity import TEMPLATE

pytestmark = pytest.mark.django_db
QUESTION = "เข้าข่ายหมิ่นประมาทหรือไม่"
TOO_LATE = "ไม่มีการเปลี่ยนแปลง"


@pytest.fixture
def by_two():
    """Withholding needs two people."""
    Plan.objects.update(rejection_needs_second_person=True)


def stored(row):
    return Submission.everything.get(pk=row.pk)


def propose(row, client=None, code="insult"):
    """Propose to withhold `row`, as the moderator; return it as stored."""
    decide(client or signed_in("moderator"), row, "reject", reason=code, note="คำหยาบมาก")
    return stored(row)


def test_a_proposal_is_shown_to_others_who_confirm_it(by_two):
    row = propose(submission())
    assert row.status == "pending"
    other = another()
    for told in (text(other.get(page(row))), text(other.get(QUEUE)), text(other.get(TRIAGE))):
        assert "เสนอไม่เผยแพร่ เพราะ: ดูหมิ่น" in told
        assert "คำหยาบมาก" in told
    done = decide(other, row, "confirm", note="เห็นด้วย")
    assert "ไม่เผยแพร่ความคิดเห็น 1 รายการแล้ว" in text(done)
    event = row.events.latest("pk")
    assert (event.proposer, event.actor.username, event.note) == (member("moderator"), "colleague", "เห็นด้วย")
    assert (stored(row).status, stored(row).reason) == ("rejected", reason("insult"))
    assert "เสนอโดย: moderator" in text(other.get(page(row)))


def test_others_decline_it_and_the_proposer_takes_it_back(by_two):
    row, client = propose(submission()), signed_in("moderator")
    assert "ยังรอตรวจสอบ" in text(decide(another(), row, "decline"))
    row = propose(stored(row))
    decide(client, row, "decline")
    kinds = list(row.events.order_by("pk").values_list("kind", flat=True))
    assert kinds[-3:] == ["rejection_declined", "rejection_proposed", "rejection_taken_back"]
    assert (stored(row).status, stored(row).asked) == ("pending", None)


@pytest.mark.parametrize("name", ["publish", "reject", "confirm"])
def test_the_proposer_is_offered_no_decision_and_refused_one(by_two, name):
    row, client = propose(submission()), signed_in("moderator")
    for address_ in (page(row), QUEUE):
        told = client.get(address_).content.decode()
        for deed in ("publish", "reject", "confirm", "ask"):
            assert f"{row.pk}/{deed}/" not in told
        assert f"{row.pk}/decline/" in told
    assert "ขอให้ผู้อื่นพิจารณาไว้เอง" in text(decide(client, row, name, reason="insult"))
    assert stored(row).status == "pending"


def test_who_did_not_see_the_proposal_decides_nothing(by_two):
    row, other = submission(), another()
    seen = f"{row.pk}:pending"
    propose(row)
    for name in ("publish", "reject", "confirm", "decline"):
        told = other.post(
            f"{QUEUE}{row.pk}/{name}/", {"seen": seen, "reason": "insult", "confirm": "1"}, follow=True
        )
        assert TOO_LATE in text(told)
    assert stored(row).status == "pending"


@pytest.mark.parametrize("name", ["confirm", "decline"])
def test_nothing_is_confirmed_that_nobody_proposed(by_two, name):
    row = submission()
    assert TOO_LATE in text(decide(signed_in("moderator"), row, name))
    assert row.events.count() == 1


def test_many_are_proposed_found_by_their_own_filter_and_confirmed_at_once(by_two):
    rows, client, other = [submission(body=unlike()) for _ in range(3)], signed_in("moderator"), another()
    told = text(act(client, "reject_selected", rows[:2], confirm="1", reason="off_topic"))
    assert "เสนอไม่เผยแพร่ความคิดเห็น 2 รายการ" in told
    found = other.get(f"{QUEUE}?second=waits")
    assert sorted(listed(found)) == sorted(row.reference for row in rows[:2])
    assert "รอผู้พิจารณาคนที่สอง 2" in text(other.get(QUEUE))
    assert "confirm_selected" not in other.get(QUEUE).content.decode()
    assert "confirm_selected" in found.content.decode()
    proposed = [stored(row) for row in rows[:2]]
    act(other, "decline_selected", proposed[:1], query="?second=waits")
    act(other, "confirm_selected", proposed[1:], query="?second=waits")
    assert [stored(row).status for row in rows] == ["pending", "rejected", "pending"]
    assert not Submission.objects.for_a_second_person().exists()


def test_a_campaign_goes_the_same_way(by_two):
    rows, other = alike(TEMPLATE, TEMPLATE, TEMPLATE), another()
    act_on_campaign(signed_in("moderator"), "reject", rows[:2], reason="duplicate")
    assert Submission.objects.pending().count() == 3
    rows = [stored(row) for row in rows]
    assert "campaign_confirm" not in text(other.get(address(rows[0])))
    assert address(rows[0], "confirm/") in other.get(address(rows[0])).content.decode()
    assert address(rows[0], "confirm/") not in signed_in("moderator").get(address(rows[0])).content.decode()
    done = act_on_campaign(other, "confirm", rows)
    assert f"ไม่อนุญาต: {rows[2].reference}" in text(done)
    assert [stored(row).status for row in rows] == ["rejected", "rejected", "pending"]


def test_one_by_one_a_proposal_leaves_its_maker_and_comes_to_others(by_two):
    (row, after), client, other = waiting(2), signed_in("moderator"), another()
    seen = do(client, "decide", client.get(TRIAGE), reason="insult")
    assert shown(seen) == after.reference
    assert "เสนอไม่เผยแพร่ความคิดเห็น 1 รายการ" in text(seen)
    asked = other.get(TRIAGE)
    assert shown(asked) == row.reference
    assert shown(do(other, "decide", asked, verdict="confirm")) == ""
    assert stored(row).status == "rejected"
    assert row.events.latest("pk").proposer == member("moderator")


def test_one_by_one_a_proposal_is_undone_with_the_next_key(by_two):
    (row, _after), client = waiting(2), signed_in("moderator")
    seen = do(client, "decide", client.get(TRIAGE), reason="insult")
    back = client.post(f"{TRIAGE}undo/", follow=True)
    assert shown(seen) != shown(back) == row.reference
    assert row.events.latest("pk").kind == "rejection_taken_back"


def test_one_by_one_another_declines_and_it_comes_back_to_everybody(by_two):
    (row,), client, other = waiting(1), signed_in("moderator"), another()
    assert shown(do(client, "decide", client.get(TRIAGE), reason="insult")) == ""
    declined = do(other, "decide", other.get(TRIAGE), verdict="decline")
    assert shown(declined) == row.reference
    assert "triage/undo/" not in declined.content.decode()
    other.post(
        f"{TRIAGE}leave/",
        {"token": re.search('name="token" value="([^"]*)"', declined.content.decode())[1], "how": "skip"},
    )
    assert shown(client.get(TRIAGE)) == row.reference


def test_one_by_one_members_that_nobody_proposed_stay_in_hand(by_two):
    rows, other = alike(TEMPLATE, TEMPLATE, TEMPLATE), another()
    for row in rows[:2]:
        propose(row)
    seen = other.get(TRIAGE)
    assert shown(do(other, "decide", seen, verdict="confirm")) == rows[2].reference
    assert [stored(row).status for row in rows] == ["rejected", "rejected", "pending"]


def test_a_question_leaves_the_asker_and_comes_to_others_with_who_asked_what():
    (row,), client, other = waiting(1), signed_in("moderator"), another()
    page_ = do(client, "decide", client.get(TRIAGE), verdict="ask", note="")
    assert "โปรดเขียนในหมายเหตุ" in text(page_)
    assert shown(do(client, "decide", page_, verdict="ask", note=QUESTION)) == ""
    assert stored(row).asked.note == QUESTION
    seen = other.get(TRIAGE)
    assert shown(seen) == row.reference
    assert QUESTION in text(seen)
    assert "ขอความเห็นที่สอง moderator" in text(seen)
    assert "ขอให้ผู้อื่นพิจารณาไว้เอง" in text(decide(client, row, "publish"))
    do(other, "decide", seen)
    assert (stored(row).status, stored(row).asked) == ("published", None)


def test_on_its_page_a_question_is_needed_and_kept_when_it_can_t_be_stored():
    row, client = submission(), signed_in("moderator")
    for note, told in (("", "โปรดเขียน"), ("ถาม\x00", "errorlist")):
        response = decide(client, row, "ask", note=note)
        assert told in response.content.decode()
        assert stored(row).asked is None
    decide(client, row, "ask", note=QUESTION)
    assert QUESTION in text(client.get(page(row)))
    assert TOO_LATE in text(decide(another(), stored(row), "ask", note="ฉันก็ไม่แน่ใจ"))


@pytest.mark.parametrize("name", ["confirm", "decline", "ask"])
def test_only_moderators_are_second_persons(by_two, name):
    row = propose(submission())
    for role in ("planner", "responder", "nobody"):
        assert decide(signed_in(role), row, name, note="x").status_code == 403
        assert "คำหยาบมาก" not in text(signed_in(role).get(QUEUE))
    assert signed_in("moderator").get(f"{QUEUE}{row.pk}/{name}/").status_code == 405
    assert stored(row).asked_id == row.asked_id


def test_an_unknown_deed_is_no_decision():
    (row,), client = waiting(1), signed_in("moderator")
    client.get(TRIAGE)
    assert client.post(f"{TRIAGE}decide/", {"verdict": "restore"}).status_code == 400
    assert stored(row).status == "pending"


@pytest.mark.parametrize("where", [f"{QUEUE}?second=waits", QUEUE])
def test_the_queue_asks_as_often_for_three_proposals_as_for_one(by_two, where, django_assert_num_queries):
    rows, client = [submission(body=unlike()) for _ in range(3)], signed_in("moderator")
    second_persons.reject(rows[0], actor=member("moderator"), reason=reason())
    client.get(where)
    with CaptureQueriesContext(connection) as one:
        client.get(where)
    for row in rows[1:]:
        second_persons.reject(row, actor=member("moderator"), reason=reason())
    with django_assert_num_queries(len(one)):
        client.get(where)


def test_many_are_confirmed_with_as_many_questions_each_as_withholding_alone(by_two):
    rows, other = [submission(body=unlike()) for _ in range(4)], another()
    for row in rows:
        second_persons.reject(row, actor=member("moderator"), reason=reason())
    rows = [stored(row) for row in rows]
    counts = []
    for some in (rows[:1], rows[1:]):
        with CaptureQueriesContext(connection) as asked:
            act(other, "confirm_selected", some, query="?second=waits")
        counts.append(len(asked))
    # Savepoint, UPDATE, event, release; beside them the page that follows.
    assert counts[1] - counts[0] <= 2 * 4
