"""Files on the staff's pages: opened, withheld, shown again."""

import pytest

from comments import moderation
from comments.models import Attachment, SubmissionEvent
from tests.admin.staff import QUEUE, given_to, page, signed_in, text
from tests.factories import attached, staff, submission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def row(status="pending", *names):
    return submission(status, attachments=attached(*names or ("photo.jpg", "map.pdf")))


def address(opinion, number=1, deed=""):
    return f"{QUEUE}{opinion.pk}/files/{number}/{deed}"


def test_queue_and_page_show_that_there_are_files():
    opinion = row()
    client = signed_in("moderator")
    assert "2 attached files" in text(client.get("/en" + QUEUE))
    shown = client.get("/en" + page(opinion)).content.decode()
    assert "photo.jpg" in shown
    assert f'href="/en{address(opinion, 2)}"' in shown


def test_those_who_see_every_status_open_files_of_pending_ones_shut_off_from_our_pages():
    opinion = row()
    for role in ("moderator", "planner", "administrator"):
        response = signed_in(role).get(address(opinion))
        response.getvalue()
        assert response.status_code == 200
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response.headers["Content-Disposition"].startswith("attachment;")
    assert signed_in("responder").get(address(opinion)).status_code == 404
    assert signed_in("nobody").get(address(opinion)).status_code == 403


def test_a_responder_opens_published_files_that_are_not_withheld():
    opinion = row("published")
    given_to("responder", opinion)
    moderation.withhold_file(opinion.attachments.get(position=2), actor=staff(), note="a face")
    client = signed_in("responder")
    for number, status in ((1, 200), (2, 404)):
        response = client.get(address(opinion, number))
        response.getvalue()
        assert response.status_code == status
    assert "map.pdf" not in text(client.get(page(opinion)))


def test_a_file_is_withheld_and_shown_again_each_with_an_event_and_a_reason():
    opinion = row("published")
    client = signed_in("moderator")
    client.post(address(opinion, 1, "withhold/"), {"note": "เห็นหน้าเด็ก"})
    assert Attachment.objects.get(position=1).is_withheld
    shown = text(client.get("/en" + page(opinion)))
    assert "1. photo.jpg: เห็นหน้าเด็ก" in shown
    client.post(address(opinion, 1, "release/"), {"note": "ไม่ใช่เด็ก"})
    assert not Attachment.objects.get(position=1).is_withheld
    events = SubmissionEvent.objects.filter(kind__startswith="file_").order_by("pk")
    assert [(event.kind, event.actor.username) for event in events] == [
        ("file_withheld", "moderator"),
        ("file_released", "moderator"),
    ]


def test_without_a_reason_nothing_is_withheld():
    opinion = row("published")
    response = signed_in("moderator").post("/en" + address(opinion, 1, "withhold/"), {"note": " "})
    assert response.status_code == 200
    assert "This field is required" in text(response)
    assert not Attachment.objects.filter(is_withheld=True).exists()
    with pytest.raises(ValueError, match="reason"):
        moderation.withhold_file(opinion.attachments.get(position=1), actor=staff(), note=" ")


def test_who_comes_second_is_told():
    opinion = row("published")
    client = signed_in("moderator")
    for _ in range(2):
        response = client.post("/en" + address(opinion, 1, "withhold/"), {"note": "x"}, follow=True)
    assert "too late" in text(response) or opinion.reference in text(response)
    assert SubmissionEvent.objects.filter(kind="file_withheld").count() == 1


@pytest.mark.parametrize("role", ["planner", "responder"])
def test_others_decide_nothing(role):
    opinion = row("published")
    assert signed_in(role).post(address(opinion, 1, "withhold/"), {"note": "x"}).status_code == 403
    assert not Attachment.objects.filter(is_withheld=True).exists()


def test_addresses_take_only_their_methods():
    opinion = row()
    client = signed_in("moderator")
    assert client.post(address(opinion)).status_code == 405
    assert client.get(address(opinion, 1, "withhold/")).status_code == 405
    assert client.post(address(opinion, 9, "withhold/"), {"note": "x"}).status_code == 404
