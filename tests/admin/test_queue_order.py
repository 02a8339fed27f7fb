from datetime import timedelta

import pytest
from django.utils import timezone

from comments import moderation
from comments.models import Submission
from tests.admin.staff import QUEUE, listed, member, signed_in, text
from tests.factories import submission, unlike

pytestmark = pytest.mark.django_db


def ago(**time):
    return timezone.now() - timedelta(**time)


ID = "1-1111-11111-11-9"
# From nothing to what is never published: plain, tone, review, warn, mask, block.
RISING = (
    "อยากให้มีต้นไม้มากขึ้นทุกเขต",
    "อ่านต่อที่ www.example.com ได้เลยครับ",
    "ได้คุยกับนายทดสอบ ตัวอย่าง เรื่องนี้แล้ว",
    "อยู่บ้านเลขที่ 12/34 ขอให้ช่วยดูแลด้วย",
    "ติดต่อกลับที่ 081-000-0000 ได้ทุกวัน",
    f"เลขบัตร {ID} ขอให้ช่วยตรวจสอบ",
)


def test_what_needs_attention_comes_first_the_gravest_before_all_and_of_equals_the_oldest():
    rows = [
        submission(body=body, at=ago(days=9 - n)) for n, body in enumerate([*RISING, RISING[4] + " ครับผม"])
    ]
    assert [row.attention for row in rows] == [0, 1, 2, 3, 4, 5, 4]
    client = signed_in("moderator")
    by_attention = listed(client.get(QUEUE, {"sort": "attention"}))
    assert by_attention == [rows[n].reference for n in (5, 4, 6, 3, 2, 1, 0)]
    assert listed(client.get(QUEUE)) == [row.reference for row in rows]


@pytest.mark.parametrize("body", RISING)
def test_the_reasons_are_said_in_words_exactly_where_the_number_is_raised(body):
    row = submission(body=body)
    shown = signed_in("moderator").get(QUEUE).content.decode()
    assert ('class="attention"' in shown) is (row.attention > 0)


def test_what_is_covered_raises_no_attention_any_more():
    row = submission(body=RISING[5])
    start = row.body.index(ID)
    moderation.redact(row, [(start, start + len(ID), "national_id")], actor=member("moderator"))
    assert Submission.objects.get().attention == 0
    client = signed_in("moderator")
    assert 'class="attention"' not in client.get(QUEUE).content.decode()
    assert listed(client.get(QUEUE, {"personal_data": "found"})) == []


def test_largest_campaigns_come_first_and_stand_together():
    texts = {name: unlike() for name in ("alone", "pair", "three")}
    rows = [
        submission(body=texts[name], at=ago(days=9 - n))
        for n, name in enumerate(["alone", "pair", "three", "three", "pair", "three"])
    ]
    client = signed_in("moderator")
    by_size = listed(client.get(QUEUE, {"sort": "campaign"}))
    assert by_size == [rows[n].reference for n in (2, 3, 5, 1, 4, 0)]
    # What is decided no longer weighs.
    for row in rows[2:4]:
        moderation.publish(row, actor=member("moderator"))
    assert listed(client.get(QUEUE, {"sort": "campaign"}))[0] == rows[1].reference


def test_personal_data_found_is_counted_and_listed_alone():
    rows = [submission(body=body) for body in RISING]
    submission("published", body=RISING[4])
    client = signed_in("moderator")
    assert "พบข้อมูลส่วนบุคคล 4" in text(client.get(QUEUE))
    assert "พบข้อมูลส่วนบุคคล 5" in text(client.get(QUEUE, {"status": "all"}))
    response = client.get(QUEUE, {"personal_data": "found"})
    assert sorted(listed(response)) == sorted(row.reference for row in rows[2:])
    assert "แสดงทั้งหมดอีกครั้ง" in text(response)


@pytest.mark.parametrize("sort", ["", "oldest", "newest", "attention", "campaign"])
def test_no_order_hides_or_counts_otherwise(sort):
    rows = [submission(body=body) for body in RISING]
    submission("published", body=RISING[5].replace(ID, "ของผม"))
    response = signed_in("moderator").get(QUEUE, {"sort": sort})
    assert sorted(listed(response)) == sorted(row.reference for row in rows)
    assert "รอตรวจสอบ 6 เผยแพร่แล้ว 1 ไม่เผยแพร่ 0 ถอนแล้ว 0 ทั้งหมด 7" in text(response)


@pytest.mark.parametrize("role", ["planner", "responder"])
def test_who_does_not_moderate_is_offered_no_order_by_attention(role):
    submission("published")
    said = text(signed_in(role).get(QUEUE, {"status": "all"}))
    assert "เก่าสุด" in said
    assert "ควรพิจารณาก่อน" not in said
    assert "พบข้อมูลส่วนบุคคล" not in said
