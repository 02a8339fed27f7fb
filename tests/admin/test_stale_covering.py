"""What is published is covered as the page showed it, whatever another moderator did meanwhile."""

import re

import pytest

from comments import moderation
from comments.models import Submission
from tests.admin.staff import QUEUE, carried, member, page, signed_in, text
from tests.admin.test_redaction import ID, ID_PART, PHONE, PHONE_PART, PLACE, cover, row

pytestmark = pytest.mark.django_db


def change_the_covering(opinion, change):
    """Have another moderator cover more, or uncover, while the page is open."""
    now = [(one.start, one.end, one.reason) for one in moderation.redactions(opinion)]
    spans = {"more": [*now, (0, 3, "other")], "less": now[:-1], "other": [*now[:-1], (0, 3, "other")]}
    moderation.redact(Submission.objects.get(pk=opinion.pk), spans[change], actor=member("administrator"))


@pytest.mark.parametrize("where", ["queue", "page", "ticked"])
@pytest.mark.parametrize("change", ["more", "less", "other"])
def test_nothing_is_published_with_another_covering_than_the_page_showed(where, change):
    opinion, client = row(), signed_in("moderator")
    cover(client, opinion, ID_PART, PHONE_PART)
    shown = carried(client.get(page(opinion) if where == "page" else QUEUE))
    change_the_covering(opinion, change)
    if where == "ticked":
        data = {"action": "publish_selected", "index": "0", "_selected_action": opinion.pk, "seen": shown}
        said = text(client.post(QUEUE, data, follow=True))
    else:
        said = text(client.post(f"{QUEUE}{opinion.pk}/publish/", {"seen": shown}, follow=True))
    assert re.search(rf"ไม่มีการเปลี่ยนแปลง[^:]*: {opinion.reference}", said)
    assert (Submission.objects.get().status, opinion.events.latest("pk").kind) == ("pending", "redacted")


def test_the_first_covering_after_the_page_was_drawn_stops_its_publication():
    opinion, client = row(body=f"ขอให้ซ่อม{PLACE} โทร {PHONE}"), signed_in("moderator")
    shown = carried(client.get(QUEUE))
    moderation.redact(opinion, [(0, 5, "other")], actor=member("administrator"))
    said = text(client.post(f"{QUEUE}{opinion.pk}/publish/", {"seen": shown}, follow=True))
    assert "ไม่มีการเปลี่ยนแปลง" in said
    assert Submission.objects.get().status == "pending"


def test_what_the_page_showed_covered_is_published_so():
    opinion, client = row(), signed_in("moderator")
    cover(client, opinion, ID_PART, PHONE_PART)
    shown = carried(client.get(QUEUE))
    client.post(f"{QUEUE}{opinion.pk}/publish/", {"seen": shown})
    published = Submission.objects.get()
    assert (published.status, ID in published.public_body) == ("published", False)
