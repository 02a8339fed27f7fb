import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import appeals, moderation
from comments.models import Submission
from tests.admin.staff import QUEUE, listed, member, page, signed_in, text
from tests.factories import reason, staff, submission, unlike

pytestmark = pytest.mark.django_db

LIST = f"{QUEUE}appeals/"
WORDS = "ข้อความนี้เกี่ยวกับแผนโดยตรง โปรดอ่านอีกครั้ง"
WHY = "ข้อความเกี่ยวกับเรื่องอื่น"
NOTE = "ดูเหมือนคัดลอกมา"


def appealed(by="first", words=WORDS, **said):
    row = submission(body=said.pop("body", unlike()), **said)
    moderation.reject(row, actor=staff(by), reason=reason(), note=NOTE)
    return appeals.lodge(row, words)


def address(appeal):
    return f"{QUEUE}{appeal.submission_id}/appeal/"


def decide(client, appeal, outcome, words=""):
    return client.post(
        address(appeal), {"appeal": appeal.pk, "outcome": outcome, "words": words}, follow=True
    )


def test_what_waits_longest_stands_first_with_all_that_is_needed_to_decide():
    rows = [appealed(words=f"{WORDS} {number}") for number in range(3)]
    response = signed_in("moderator").get(LIST)
    assert listed(response) == [one.submission.reference for one in rows]
    said = text(response)
    for one in rows:
        assert one.body in said
        assert one.submission.body in said
    assert reason().title_th in said
    assert NOTE in said


def test_the_count_is_always_in_sight_on_the_queue():
    client = signed_in("moderator")
    assert "คำอุทธรณ์ 0" in text(client.get(QUEUE))
    appealed()
    assert "คำอุทธรณ์ 1" in text(client.get(QUEUE))
    assert "คำอุทธรณ์ 1" in text(client.get(QUEUE, {"status": "published", "q": "ไม่มีคำนี้"}))
    assert "คำอุทธรณ์" not in text(signed_in("planner").get(QUEUE))


@pytest.mark.parametrize(
    ("outcome", "status"), [("publish", "published"), ("queue", "pending"), ("uphold", "rejected")]
)
def test_a_moderator_who_took_no_part_decides(outcome, status):
    appeal, client = appealed(), signed_in("moderator")
    response = decide(client, appeal, outcome, WHY)
    assert response.redirect_chain[-1][0] == LIST
    assert appeal.submission.reference in text(response)
    assert "ไม่มีคำอุทธรณ์ที่รออยู่" in text(response)
    appeal.refresh_from_db()
    assert (appeal.reply, appeal.decided_by, appeal.submission.status) == (WHY, member("moderator"), status)
    assert WHY in text(client.get(address(appeal)))
    assert address(appeal) in client.get(page(appeal.submission)).content.decode()


def test_whoever_took_part_is_told_so_and_refused():
    appeal, client = appealed(by="moderator"), signed_in("moderator")
    for shown in (client.get(LIST), client.get(address(appeal))):
        assert "คุณมีส่วนในการพิจารณานี้" in text(shown)
    assert 'name="outcome"' not in client.get(address(appeal)).content.decode()
    response = decide(client, appeal, "uphold", WHY)
    assert "คุณมีส่วนในการพิจารณานี้" in text(response)
    assert WHY in text(response)
    appeal.refresh_from_db()
    assert appeal.outcome == ""


def test_a_colleague_who_was_faster_is_told_and_the_words_stay():
    appeal, client = appealed(), signed_in("moderator")
    appeals.grant(appeal, actor=staff("faster"), publishes=True)
    response = decide(client, appeal, "uphold", WHY)
    assert "เพื่อนร่วมงานพิจารณาไปก่อน" in text(response)
    assert WHY in text(response)
    assert Submission.objects.get().status == "published"


def test_of_two_appeals_the_one_that_was_read_is_decided():
    first, client = appealed(), signed_in("moderator")
    appeals.grant(first, actor=staff("faster"), publishes=False)
    row = Submission.objects.get()
    moderation.reject(row, actor=staff("faster"), reason=reason())
    second = appeals.lodge(row, f"{WORDS} อีก")
    response = decide(client, first, "uphold", WHY)
    assert "เพื่อนร่วมงานพิจารณาไปก่อน" in text(response)
    second.refresh_from_db()
    assert second.outcome == ""
    decide(client, second, "uphold", WHY)
    second.refresh_from_db()
    assert second.outcome == "upheld"


def test_personal_data_of_the_gravest_kind_must_go_through_the_queue():
    appeal, client = appealed(body=f"{unlike()} 1-1111-11111-11-9"), signed_in("moderator")
    response = decide(client, appeal, "publish", WHY)
    assert "ต้องปกปิดก่อน" in text(response)
    assert f">\n{WHY}</textarea>" in response.content.decode()
    assert Submission.objects.get().status == "rejected"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "โปรดเลือกผลของการอุทธรณ์"),
        ({"outcome": "perhaps", "words": WHY}, "โปรดเลือกผลของการอุทธรณ์"),
        ({"outcome": "uphold"}, "โปรดแจ้งเหตุผล"),
        ({"outcome": "uphold", "words": "   "}, "โปรดแจ้งเหตุผล"),
        ({"outcome": "uphold", "words": "ก" * 2_001}, "2000"),
        ({"outcome": "uphold", "words": "a\x00b"}, "อักขระ"),
    ],
)
def test_a_form_that_lacks_something_says_what(data, said):
    appeal = appealed()
    response = signed_in("moderator").post(address(appeal), data)
    assert response.status_code == 200
    assert said in text(response)
    assert data.get("words", "").strip() in text(response)
    appeal.refresh_from_db()
    assert appeal.outcome == ""


def test_what_was_never_appealed_against_has_no_such_page():
    row = submission("rejected")
    client = signed_in("moderator")
    assert client.get(f"{QUEUE}{row.pk}/appeal/").status_code == 404
    assert client.get(f"{QUEUE}0/appeal/").status_code == 404


@pytest.mark.parametrize("role", ["planner", "responder", "nobody"])
def test_nobody_else_reads_or_decides(role):
    appeal, client = appealed(), signed_in(role)
    assert client.get(LIST).status_code == 403
    assert decide(client, appeal, "publish").status_code == 403
    assert WORDS not in text(client.get(page(appeal.submission)))
    assert Submission.objects.get().status == "rejected"


def test_the_list_asks_as_many_queries_for_three_as_for_one():
    client, counts = signed_in("moderator"), []
    for _ in range(2):
        appealed()
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
        appealed()
    assert counts[0] == counts[1]
