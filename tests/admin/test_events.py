import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import SubmissionEvent
from tests.admin.staff import EVENTS, member, signed_in, text
from tests.factories import submission

pytestmark = pytest.mark.django_db


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
