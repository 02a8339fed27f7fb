import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import flags
from comments.models import Submission
from tests.admin.staff import QUEUE, listed, page, signed_in, text
from tests.factories import reply, staff, submission, unlike

pytestmark = pytest.mark.django_db

WORDS = "ข้อความนี้พูดถึงเพื่อนบ้านของฉัน"
NOTE = "ปกปิดชื่อแล้ว"


def flagged(times=1, **said):
    row = submission("published", body=unlike(), **said)
    for number in range(times):
        flags.flag(
            row, voter=f"{number}", client=f"{row.pk}", reason="insult" if number else "other", words=WORDS
        )
    return Submission.everything.get(pk=row.pk)


def close(client, row, **data):
    form = {"note": NOTE, "last": row.flags.last().pk} | data
    return client.post(f"{QUEUE}{row.pk}/flags/", form, follow=True)


def test_the_queue_says_how_many_are_reported_lists_them_alone_and_tells_why():
    twice, once, _quiet = flagged(2), flagged(), submission("published")
    below = reply(twice, "published")
    flags.flag(below, voter="z", client="z", reason="advertising")
    client = signed_in("moderator")
    assert "ผู้อ่านแจ้ง 3" in text(client.get(QUEUE))
    response = client.get(QUEUE, {"flagged": "found", "status": "all", "sort": "attention"})
    assert listed(response) == [one.reference for one in (twice, once, below)]
    assert "ผู้อ่านแจ้ง 2 ราย: ดูหมิ่นหรือสร้างความเกลียดชัง 1, เรื่องอื่น 1" in text(response)
    assert "ไม่พบ" not in text(response)


def test_what_readers_reported_comes_before_what_a_rule_noticed():
    noticed = submission("published", body="โทรหาผมได้ที่ 081-000-0000 ครับ")
    row = flagged()
    response = signed_in("moderator").get(QUEUE, {"status": "published", "sort": "attention"})
    assert listed(response) == [row.reference, noticed.reference]


def test_an_unknown_value_of_the_filter_is_no_crash():
    flagged()
    response = signed_in("moderator").get(QUEUE, {"flagged": "กลับหัว"})
    assert response.status_code == 200
    assert listed(response) == []


def test_a_moderator_reads_the_reports_and_closes_them_with_a_note():
    row, client = flagged(2), signed_in("moderator")
    shown = client.get(page(row))
    assert text(shown).count(WORDS) == 2
    (last,) = re.findall(r'name="last" value="(\d+)"', shown.content.decode())
    response = close(client, row, last=last)
    assert "ปิดการแจ้งแล้ว" in text(response)
    assert NOTE in text(response)
    assert WORDS not in text(response)
    assert "การแจ้งที่ปิดแล้ว 2" in text(response)
    row.refresh_from_db()
    assert (row.flag_count, row.status) == (0, "published")
    assert "ผู้อ่านแจ้ง 0" in text(client.get(QUEUE))
    assert "เพื่อนร่วมงานดำเนินการไปก่อน" in text(close(client, row))


@pytest.mark.parametrize(
    "data", [{"note": ""}, {"note": "  "}, {"note": "a\x00b"}, {"last": "x"}, {"last": "9" * 40}]
)
def test_a_form_that_lacks_something_closes_nothing(data):
    row = flagged()
    response = close(signed_in("moderator"), row, **data)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    row.refresh_from_db()
    assert row.flag_count == 1


@pytest.mark.parametrize("role", ["planner", "responder", "nobody"])
def test_nobody_else_reads_or_closes_them(role):
    row, client = flagged(), signed_in(role)
    assert close(client, row).status_code == 403
    assert WORDS not in text(client.get(page(row)))
    assert "ผู้อ่านแจ้ง" not in text(client.get(QUEUE, {"status": "all"}))
    assert client.get(f"{QUEUE}{row.pk}/flags/").status_code in {403, 405}


def test_the_list_asks_as_many_queries_for_three_as_for_one():
    client, counts = signed_in("moderator"), []
    for more in (1, 2):
        for _ in range(more):
            flagged()
        client.get(QUEUE)
        with CaptureQueriesContext(connection) as queries:
            client.get(QUEUE, {"flagged": "found", "status": "all"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_closing_is_a_post():
    assert signed_in("moderator").get(f"{QUEUE}{flagged().pk}/flags/").status_code == 405
    assert staff().submission_events.filter(kind="flags_closed").count() == 0
