import csv
import html
import io
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation, placing, second_persons
from comments.models import Plan, SubmissionEvent
from tests.admin.staff import EVENTS, member, signed_in, text
from tests.factories import reason, submission

pytestmark = pytest.mark.django_db

CSV = f"{EVENTS}csv/"


def rows(response):
    """Return reference and kind of each listed event, newest first."""
    body = response.content.decode()
    references = re.findall(r'class="field-reference"><a[^>]*>([^<]+)<', body)
    kinds = re.findall(r'class="field-kind">([^<]+)<', body)
    return list(zip(references, kinds, strict=True))


def test_the_log_lists_every_event_newest_first():
    row = submission("rejected")
    response = signed_in("moderator").get(EVENTS)
    assert rows(response) == [(row.reference, "ไม่เผยแพร่"), (row.reference, "ได้รับ")]
    assert str(row.received_at.year + 543) in text(response)
    assert "ไม่เกี่ยวข้องกับแผน" in text(response)


def test_events_are_found_by_kind_actor_and_day():
    old = submission(at=datetime(2022, 2, 23, 16, 59, tzinfo=UTC))
    new = submission("published", actor=member("administrator"))
    client = signed_in("moderator")
    actor = member("administrator").pk
    assert rows(client.get(EVENTS, {"kind": "published"})) == [(new.reference, "เผยแพร่แล้ว")]
    assert rows(client.get(EVENTS, {"actor": actor})) == [(new.reference, "เผยแพร่แล้ว")]
    assert rows(client.get(EVENTS, {"on_or_before": "23/02/2565"})) == [(old.reference, "ได้รับ")]
    assert len(rows(client.get(EVENTS, {"on_or_after": "24/02/2565"}))) == 2
    assert rows(client.get(EVENTS, {"on_or_after": "never"})) == []


def test_events_are_found_by_reference_or_its_beginning():
    row, _other = submission(), submission()
    client = signed_in("moderator")
    for typed in (row.reference, row.reference.lower().replace("-", " "), row.reference[:8]):
        assert rows(client.get(EVENTS, {"q": typed})) == [(row.reference, "ได้รับ")]


def test_events_are_found_by_words_of_their_note_and_by_plan():
    row = submission()
    moderation.reveal_contact(row, actor=member("moderator"), reason="นัดหมายลงพื้นที่กับผู้ส่ง")
    client = signed_in("moderator")
    assert rows(client.get(EVENTS, {"q": "ลงพื้นที่"})) == [(row.reference, "เปิดดูข้อมูลติดต่อ")]
    assert len(rows(client.get(EVENTS, {"plan": "2567"}))) == 2
    Plan.objects.filter(fiscal_year=2567).update(fiscal_year=2566)
    assert rows(client.get(EVENTS, {"plan": "2567"})) == []
    assert len(rows(client.get(EVENTS, {"plan": "2566"}))) == 2


def test_a_range_that_ends_before_it_begins_is_told_beside_the_field():
    submission()
    response = signed_in("moderator").get(EVENTS, {"on_or_after": "02/01/2569", "on_or_before": "01/01/2569"})
    assert rows(response) == []
    assert "วันสุดท้ายต้องไม่อยู่ก่อนวันแรก" in text(response)


@pytest.mark.parametrize("typed", ["%00", "%ED%A0%80", "9" * 5_000, "%25", "'", "01/01/0001"])
def test_no_search_of_the_log_fails(typed):
    submission()
    client = signed_in("moderator")
    for path in (EVENTS, CSV):
        for query in (f"q={typed}", f"kind={typed}", f"plan={typed}", f"on_or_after={typed}&actor={typed}"):
            response = client.get(f"{path}?{query}")
            list(response)
            assert response.status_code in {200, 302}


def lines(response):
    content = b"".join(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_the_log_comes_as_a_file_in_the_order_in_which_it_happened():
    row = submission("rejected")
    moderation.reveal_contact(row, actor=member("moderator"), reason="=1+1")
    submission()
    client = signed_in("planner")
    found = lines(client.get(CSV, {"q": row.reference}))
    assert [line["kind"] for line in found] == ["received", "rejected", "contact_revealed"]
    assert found[1] | {"at": ""} == {
        "at": "",
        "kind": "rejected",
        "reference": row.reference,
        "plan_year": "2567",
        "from_status": "pending",
        "to_status": "rejected",
        "before": "",
        "after": "",
        "reason_code": "off_topic",
        "note": "",
        "actor": "moderator",
        "proposer": "",
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", found[0]["at"])
    assert found[2]["note"] == "'=1+1"
    response = client.get(CSV)
    assert response.headers["X-Row-Count"] == "4"
    assert "no-store" in response.headers["Cache-Control"]
    assert len(lines(response)) == 4


def test_the_file_names_both_persons_of_a_rejection_and_holds_no_note_between_colleagues():
    row = submission()
    placing.note(row, "ถามกองแผนงานแล้ว", actor=member("moderator"))
    row.plan.rejection_needs_second_person = True
    second_persons.reject(row, actor=member("moderator"), reason=reason(), note="เห็นควรไม่เผยแพร่")
    second_persons.confirm(row, actor=member("administrator"))
    found = lines(signed_in("planner").get(CSV))
    told = [(line["kind"], line["actor"], line["proposer"], line["note"]) for line in found[1:]]
    assert told == [
        ("noted", "moderator", "", ""),
        ("rejection_proposed", "moderator", "", "เห็นควรไม่เผยแพร่"),
        ("rejected", "administrator", "moderator", ""),
    ]


def test_a_file_holds_what_the_page_lists_and_no_more():
    submission("published")
    client = signed_in("moderator")
    page = client.get(EVENTS, {"kind": "published", "on_or_after": "01/01/2569"}).content.decode()
    (address,) = re.findall(r'href="([^"]*/csv/\?[^"]*)"', page)
    assert [line["kind"] for line in lines(client.get(html.unescape(address)))] == ["published"]
    wrong = client.get(CSV, {"on_or_after": "never"})
    assert wrong.status_code == 302
    assert wrong.url == f"{EVENTS}?on_or_after=never"


def test_who_was_shown_contact_details_stands_in_a_list_of_its_own():
    row = submission("published")
    moderation.reveal_contact(row, actor=member("moderator"), reason="โทรนัดหมาย")
    client = signed_in("planner")
    (address,) = re.findall(r'href="(\?kind=contact_revealed)"', client.get(EVENTS).content.decode())
    response = client.get(f"{EVENTS}{address}")
    assert len(rows(response)) == 1
    assert "โทรนัดหมาย" in text(response)
    assert "ผู้ที่ได้ดูข้อมูลติดต่อ" in text(response)
    (line,) = lines(client.get(CSV, {"kind": "contact_revealed"}))
    assert (line["actor"], line["note"], line["reference"]) == ("moderator", "โทรนัดหมาย", row.reference)


def test_the_log_can_only_be_read():
    event = submission().events.get()
    client = signed_in("administrator")
    assert client.post(f"{EVENTS}add/", {}).status_code == 403
    assert client.post(f"{EVENTS}{event.pk}/change/", {"note": "x"}).status_code == 403
    assert client.post(f"{EVENTS}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(
        EVENTS, {"action": "delete_selected", "index": "0", "_selected_action": [event.pk], "post": "yes"}
    )
    assert SubmissionEvent.objects.get().note == ""
    assert client.get(f"{EVENTS}{event.pk}/change/").status_code == 200


def test_hidden_columns_cannot_be_probed():
    client = signed_in("moderator")
    assert client.get(EVENTS, {"submission__secret_hash__startswith": "a"}).status_code == 400


def test_as_many_queries_for_three_events_as_for_one():
    client = signed_in("moderator")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            row = submission()
            row.events.create(kind="contact_revealed", actor=member("moderator"), note="x")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(EVENTS).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9
