"""What came on paper, by telephone or on the floor is typed in one after the other."""

import re

import pytest
from django.utils import timezone

from comments.models import Contact, Meeting, Submission, SubmissionEvent
from tests.admin.staff import QUEUE, member, signed_in, text
from tests.factories import BODY

pytestmark = pytest.mark.django_db
ENTER = f"{QUEUE}enter/"
ENGLISH = f"/en{ENTER}"


def key_of(response):
    return re.search(r'name="idempotency_key" value="([0-9a-f]{32})"', response.content.decode())[1]


def send(client, *, key=None, **said):
    key = key or key_of(client.get(ENGLISH))
    data = {"channel": "paper", "sector": "citizen", "body": BODY, "idempotency_key": key} | said
    return client.post(ENGLISH, data)


def test_an_entry_is_an_opinion_of_its_channel_its_day_and_the_one_who_typed_it():
    meeting = Meeting.objects.get()
    response = send(
        signed_in("moderator"),
        channel="floor",
        meeting=meeting.pk,
        received_on="๒๓/๐๒/๒๕๖๕",
        phone="0810000000",
    )
    row = Submission.objects.get()
    assert (row.channel, row.meeting, row.body, row.status) == ("floor", meeting, BODY, "pending")
    assert timezone.localtime(row.received_at).isoformat() == "2022-02-23T12:00:00+07:00"
    assert SubmissionEvent.objects.get().actor == member("moderator")
    assert Contact.objects.get().phone == "0810000000"
    assert "no-store" in response.headers["Cache-Control"]
    assert row.reference in text(response)


def test_the_next_form_keeps_what_a_pile_has_in_common_and_nothing_else():
    shown = send(
        signed_in("planner"), channel="phone", district="1001", display_name="นามปากกา"
    ).content.decode()
    assert re.search(r'value="phone"[^>]*checked', shown)
    assert re.search(r'<option value="citizen" selected', shown)
    assert re.search(r'<option value="1001" selected', shown)
    assert BODY not in shown
    assert "นามปากกา" not in shown


def test_a_reload_saves_nothing_twice_and_other_words_become_another_opinion():
    client = signed_in("planner")
    key = key_of(client.get(ENGLISH))
    first, again = send(client, key=key), send(client, key=key)
    assert "This was saved already" in text(again)
    codes = [re.search(r"<code>([^<]+)</code>", page.content.decode())[1] for page in (first, again)]
    assert codes[0] == codes[1]
    other = send(client, key=key, body=BODY + " และอีกเรื่องหนึ่ง")
    assert "with other words" in text(other)
    assert "และอีกเรื่องหนึ่ง" in other.content.decode()
    assert Submission.objects.count() == 1
    send(client, key=key_of(other), body=BODY + " และอีกเรื่องหนึ่ง")
    assert Submission.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"channel": "web"}, "Select a valid choice"),
        ({"sector": ""}, "Please say as whom you speak."),
        ({"body": "สั้น"}, "at least 10 characters"),
        ({"body": BODY + "\x00"}, "null character"),
        ({"received_on": "01/01/2700"}, "This day is yet to come."),
        ({"received_on": "23/02/2540"}, "The plan took no opinions at that time."),
        ({"received_on": "31/02/2565"}, "date"),
        ({"meeting": "9" * 50}, "Please choose from the list."),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(said, message):
    response = send(signed_in("planner"), **({"organisation": "ชุมชนริมคลอง"} | said))
    assert message in text(response)
    assert "ชุมชนริมคลอง" in response.content.decode()
    assert not Submission.objects.exists()


def test_personal_data_is_typed_as_it_stands_and_the_moderators_see_it():
    send(signed_in("planner"), body=f"{BODY} เลขบัตร 1-1111-11111-11-9")
    assert Submission.objects.with_personal_data().count() == 1


def test_the_attendance_of_the_meeting_is_near():
    meeting = Meeting.objects.get()
    shown = signed_in("planner").get(f"{ENGLISH}?meeting={meeting.pk}").content.decode()
    assert f"/meeting/{meeting.pk}/change/#attendance_set-group" in shown
