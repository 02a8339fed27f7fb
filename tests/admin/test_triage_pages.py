import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import leases
from comments.models import Lease, Submission
from tests.admin.staff import member, signed_in, text
from tests.admin.triage import ID, TRIAGE, ago, another, do, fields, shown, status, waiting
from tests.factories import submission, unlike
from tests.text.test_similarity import TEMPLATE

pytestmark = pytest.mark.django_db


def test_order_filters_and_search_of_the_queue_hold_here_too():
    plain = submission(body="อยากให้มีต้นไม้มากขึ้นทุกเขต", at=ago(days=3))
    grave = submission(body=f"เลขบัตร {ID} ขอให้ช่วยตรวจสอบ", at=ago(days=1))
    english = submission(body="More shade along the canal, please", at=ago(days=2))
    client = signed_in("moderator")
    for query, row in {
        "": plain,
        "?sort=attention": grave,
        "?language=en": english,
        "?q=canal": english,
        "?personal_data=found": grave,
        f"?q={plain.reference}": plain,
    }.items():
        assert shown(client.get(f"{TRIAGE}{query}")) == row.reference, query
    page = do(client, "decide", client.get(f"{TRIAGE}?language=en"), query="?language=en")
    assert shown(page) == ""
    assert status(english) == "published"


def test_the_largest_campaign_comes_first_when_asked():
    submission(body=unlike(), at=ago(days=3))
    pair = [submission(body=TEMPLATE, at=ago(days=1)) for _ in range(2)]
    assert shown(signed_in("moderator").get(f"{TRIAGE}?sort=campaign")) == pair[0].reference


def test_the_pace_is_one_s_own_and_counts_a_campaign_once():
    for _ in range(2):
        submission(body=TEMPLATE)
    waiting(2)
    client, other = signed_in("moderator"), another()
    page = client.get(TRIAGE)
    assert "เหลือ 3" in text(page)
    page = do(client, "decide", page)
    assert "ตัดสินแล้วตั้งแต่เข้าสู่ระบบ 1" in text(page)
    assert "เหลือ 2" in text(page)
    assert "ตัดสินแล้วตั้งแต่เข้าสู่ระบบ 0" in text(other.get(TRIAGE))


def test_holding_on_is_answered_and_told_when_it_is_too_late():
    waiting(1)
    one, other = signed_in("moderator"), another()
    sent = {"token": fields(one.get(TRIAGE))["token"]}
    assert one.post(f"{TRIAGE}renew/", sent).status_code == 204
    assert other.post(f"{TRIAGE}renew/", sent).status_code == 409
    Lease.objects.update(expires_at=ago(minutes=1))
    other.get(TRIAGE)
    assert one.post(f"{TRIAGE}renew/", sent).status_code == 409


@pytest.mark.parametrize("wrong", ["", "\x00", "0" * 32, "g" * 32, "๑" * 32, "a" * 100_000])
def test_a_token_that_is_none_is_refused(wrong):
    (row,), client = waiting(1), signed_in("moderator")
    page = client.get(TRIAGE)
    sent = fields(page) | {"token": wrong}
    for deed in ("decide", "cover", "leave", "renew"):
        assert client.post(f"{TRIAGE}{deed}/", sent).status_code in {302, 409}
    assert status(row) == "pending"


@pytest.mark.parametrize(
    "query", ["?sort=กลับหัว", "?q=%00", "?plan=99999999999999999999", "?language=%ED%A0%80", "?goal=%00"]
)
def test_filters_that_can_t_be_read_are_told(query):
    waiting(1)
    assert signed_in("moderator").get(f"{TRIAGE}{query}").status_code == 200


@pytest.mark.parametrize("wrong", [{"reason": "no_such"}, {"reason": "insult", "note": "x" * 2_001}])
def test_a_wrong_reason_or_note_is_told_and_kept(wrong):
    (row,), client = waiting(1), signed_in("moderator")
    page = client.get(TRIAGE)
    answer = do(client, "decide", page, **wrong)
    assert shown(answer) == row.reference
    assert re.search(r'class="err', answer.content.decode())
    assert wrong.get("note", "") in answer.content.decode()
    assert status(row) == "pending"


def test_nothing_ticked_is_told():
    for _ in range(2):
        submission(body=TEMPLATE)
    client = signed_in("moderator")
    page = do(client, "decide", client.get(TRIAGE), _selected_action=[])
    assert "ไม่ได้เลือก" in text(page)
    assert Submission.objects.pending().count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(count):
    waiting(count)
    for _ in range(count + 1):
        submission(body=TEMPLATE, at=ago(days=9))
    client = signed_in("moderator")
    client.get(TRIAGE)
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get(TRIAGE)
    assert len(found) <= MOST_QUERIES, "\n".join(one["sql"] for one in found)


MOST_QUERIES = 40


def test_taking_does_not_outlast_its_time():
    (row,), user = waiting(1), member("moderator")
    at = timezone.now()
    lease = leases.take_first(Submission.objects.pending(), holder=user, at=at)
    assert leases.take_first(Submission.objects.pending(), holder=user, at=at) is None
    last = lease.expires_at
    assert (
        leases.take_first(Submission.objects.pending(), holder=user, at=last - timedelta(seconds=1)) is None
    )
    assert leases.take_first(Submission.objects.pending(), holder=user, at=last).submission == row
