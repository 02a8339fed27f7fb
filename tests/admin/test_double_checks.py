import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import double_checks, moderation
from comments.models import DoubleCheck, Plan, Submission
from tests.admin.staff import member, signed_in, text
from tests.factories import attached, double_checked, reason, staff, submission, unlike

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/doublecheck/"
CHECK = f"{LIST}check/"
BODY = "ขอทางข้ามที่ปลอดภัยหน้าโรงเรียนวัดไผ่"


@pytest.fixture(autouse=True)
def every_one():
    Plan.objects.update(double_check_percent=100)


def decided(status="published", **said):
    return submission(status, actor=staff("first"), **{"body": unlike()} | said)


def token(response):
    return re.search(r'name="token" value="([0-9a-f]+)"', response.content.decode())[1]


def judged(row, why=None, by="moderator"):
    person = member(by)
    assert double_checks.take(person) == row
    return double_checks.record(double_checks.token(row, person), actor=person, reason=why)


def test_the_page_says_nothing_of_the_first_decision():
    row = decided(body=BODY, attachments=attached("a.jpg"))
    decided()
    client = signed_in("moderator")
    response = client.get(CHECK)
    page = response.content.decode()
    assert BODY in page
    assert "มีไฟล์แนบมา 1 ไฟล์" in text(response)
    assert row.reference not in page
    assert not re.search(rf"submission/{row.pk}\b", page)
    assert "first" not in text(response)
    # Word for word the same page, had it been decided otherwise.
    moderation.restore(row, actor=staff("first"))
    moderation.reject(
        row,
        actor=staff("first"),
        reason=reason(),
        note="ไม่เกี่ยว",
        at=Submission.objects.earliest("pk").received_at,
    )
    assert text(client.get(CHECK)) == text(response)


def test_what_the_first_one_covered_is_open_to_the_second():
    row = submission(body=f"{BODY} โทร 081-234-5678")
    moderation.redact(row, [(0, 5, "other")], actor=staff("first"))
    moderation.publish(row, actor=staff("first"))
    page = signed_in("moderator").get(CHECK).content.decode()
    assert 'class="covered"' not in page
    assert '<mark class="found mask"' in page


def test_a_verdict_is_kept_and_the_next_one_comes():
    first, _second = decided(body=BODY), decided()
    client = signed_in("moderator")
    response = client.post(CHECK, {"token": token(client.get(CHECK)), "publish": "1"}, follow=True)
    assert "บันทึกผลการพิจารณาของคุณแล้ว" in text(response)
    assert BODY not in text(response)
    client.post(CHECK, {"token": token(response), "reason": "off_topic"})
    assert list(DoubleCheck.objects.order_by("pk").values_list("verdict", "reason__code")) == [
        ("published", None),
        ("rejected", "off_topic"),
    ]
    assert DoubleCheck.objects.first().actor == member("moderator")
    assert Submission.objects.get(pk=first.pk).status == "published"
    assert "ไม่มีความคิดเห็นที่รอ" in text(client.get(CHECK))


@pytest.mark.parametrize(
    "sent", [{}, {"publish": "1", "reason": "off_topic"}, {"reason": "no such"}, {"reason": "\0"}]
)
def test_what_says_neither_or_both_is_refused_in_words(sent):
    decided()
    client = signed_in("moderator")
    response = client.post(CHECK, {"token": token(client.get(CHECK))} | sent)
    assert response.status_code == 200
    assert "โปรดเลือก" in text(response)
    assert not DoubleCheck.objects.exists()


@pytest.mark.parametrize("shown", ["", "\0", "x" * 9_999, "0" * 40])
def test_a_page_that_is_no_longer_true_keeps_nothing(shown):
    decided()
    response = signed_in("moderator").post(CHECK, {"token": shown, "publish": "1"}, follow=True)
    assert response.status_code == 200
    assert not DoubleCheck.objects.exists()


def test_who_leads_sees_where_two_differ_and_by_whom():
    differing, same = decided(), decided("rejected")
    judged(differing, reason())
    judged(same, reason("duplicate"))
    client = signed_in("administrator")
    shown = text(client.get(LIST))
    assert differing.reference in shown
    assert same.reference not in shown
    assert "first" in shown
    assert "moderator" in shown
    assert same.reference in text(client.get(LIST, {"verdicts": "same"}))
    assert differing.reference not in text(client.get(LIST, {"verdicts": "same"}))
    both = text(client.get(LIST, {"verdicts": "all"}))
    assert differing.reference in both
    assert same.reference in both


def test_who_only_moderates_sees_no_list():
    assert signed_in("moderator").get(LIST).status_code == 403


@pytest.mark.parametrize(("role", "path"), [("administrator", LIST), ("moderator", CHECK)])
def test_as_many_queries_for_three_as_for_one(role, path):
    counts = []
    client = signed_in(role)
    for more in (1, 2):
        for _ in range(more):
            double_checked(decided(), why=reason())
            decided()
        # From now on one is in hand.
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
