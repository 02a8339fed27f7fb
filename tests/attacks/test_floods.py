"""A flood from one address is stopped; five hundred people behind one address are not."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from comments import limits
from comments.limits import Burst, Limit, TooManyTriesError
from comments.models import Submission, Tries, Vote
from comments.views import clients
from tests import factories, files
from tests.documents import defaults
from tests.environment import SETTINGS
from tests.factories import BODY, receive, submission

pytestmark = pytest.mark.django_db
NOON = timezone.now()
GOAL = "/goals/G67-1.1-01/vote/"


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch):
    monkeypatch.setattr(limits, "_bursts", {})


def said(key, **more):
    return {
        "body": BODY,
        "sector": "citizen",
        "idempotency_key": uuid.uuid5(uuid.NAMESPACE_URL, key).hex,
    } | more


def send(client, key, prefix="", **more):
    return client.post(f"{prefix}/submit/", said(key, **more))


def refused(response):
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    return response.content.decode()


@pytest.mark.parametrize(("prefix", "words"), [("", "ยังอยู่"), ("/en", "Everything you typed is still here")])
@pytest.mark.parametrize("setting", ["SUBMISSIONS_PER_HOUR", "SUBMISSIONS_PER_MINUTE"])
def test_who_sends_too_often_is_told_and_keeps_the_words(client, settings, setting, prefix, words):
    setattr(settings, setting, 2)
    assert [send(client, key).status_code for key in "ab"] == [303, 303]
    told = refused(send(client, "c", prefix, body="ถ้อยคำที่ต้องไม่หายไปไหน", organisation="ชมรมริมคลอง"))
    assert words in told
    assert "ถ้อยคำที่ต้องไม่หายไปไหน" in told
    assert "ชมรมริมคลอง" in told
    assert Submission.objects.count() == 2
    assert send(Client(REMOTE_ADDR="192.0.2.7"), "d").status_code == 303


def test_what_was_sent_already_still_leads_to_its_receipt(client, settings):
    settings.SUBMISSIONS_PER_HOUR = 1
    assert [send(client, "a").status_code for _ in range(3)] == [303, 303, 303]
    assert Submission.objects.count() == 1


def test_a_reply_is_counted_with_the_opinions(client, settings):
    row = submission("published")
    settings.SUBMISSIONS_PER_HOUR = 1
    send(client, "a")
    told = refused(client.post(f"/comments/{row.reference}/reply/", said("b", body="คำตอบที่ไม่หายไปเลย")))
    assert "คำตอบที่ไม่หายไปเลย" in told


def test_files_are_not_even_looked_into_and_the_words_stay(client, settings):
    settings.UPLOADS_PER_HOUR = 1
    send(client, "a", attachments=files.upload(files.jpeg(size=(60, 40)), "a.jpg"))
    told = refused(send(client, "b", attachments=files.upload(b"no picture at all", "ภาพ.jpg")))
    assert BODY in told
    assert "ภาพ.jpg (" in told
    assert send(client, "c").status_code == 303


def vote(path):
    """Vote as a browser that was never here, which is given a number first."""
    browser, headers = Client(), {"Sec-Fetch-Site": "same-origin"}
    assert browser.post(path, {"value": "agree"}, headers=headers).status_code == 307
    return browser.post(f"{path}?given=1", {"value": "agree"}, headers=headers)


def test_votes_stop_being_counted(settings):
    settings.VOTES_PER_HOUR = 3
    assert [vote(GOAL).status_code for _ in range(3)] == [303] * 3
    refused(vote(GOAL))
    assert Vote.objects.count() == 3


def test_wrong_secrets_from_one_address_end_for_every_reference(client, settings):
    settings.LOOK_UPS_PER_HOUR = 3
    receipt = receive()
    right = {"reference": receipt.submission.reference, "secret": receipt.secret}
    assert [client.post("/receipt/", right).status_code for _ in range(5)] == [200] * 5
    wrong = [receive(body=factories.unlike()).submission.reference for _ in range(3)]
    for reference in wrong:
        assert client.post("/receipt/", {"reference": reference, "secret": "x"}).status_code == 200
    told = refused(client.post("/receipt/", right))
    assert receipt.submission.reference in told
    refused(client.post("/en/receipt/withdraw/", right))
    assert Client(REMOTE_ADDR="192.0.2.7").post("/receipt/", right).status_code == 200


@pytest.mark.parametrize("path", ["/comments/", "/en/comments/", "/comments/feed/", "/api/v1/opinions/"])
def test_searches_end_and_lists_go_on(client, settings, path):
    settings.SEARCHES_PER_MINUTE = 2
    assert [client.get(path, {"q": "ทางเท้า"}).status_code for _ in range(2)] == [200, 200]
    refused(client.get(path, {"q": "ทางเท้า"}))
    refused(client.post("/submit/check/", {"body": BODY}))
    assert client.get(path).status_code == 200


def test_nobody_is_counted_where_no_address_is_known(settings):
    settings.SUBMISSIONS_PER_HOUR = settings.SUBMISSIONS_PER_MINUTE = 1
    unknown = Client(REMOTE_ADDR="")
    assert [send(unknown, key).status_code for key in "abc"] == [303, 303, 303]


def test_five_hundred_people_behind_one_address_speak_within_an_hour():
    source = SETTINGS.read_text(encoding="utf-8")
    hour, minute = (defaults(source)[f"SUBMISSIONS_PER_{time}"] for time in ("HOUR", "MINUTE"))
    limit = Limit("hall", most=hour, within=timedelta(hours=1))
    limit.take("line", at=NOON)
    # Nothing else of a try is written down.
    Tries.objects.update(count=499)
    limit.take("line", at=NOON + timedelta(minutes=59))
    burst = Burst("hall", most=minute, within=timedelta(minutes=1))
    for person in range(500):
        burst.take("line", at=NOON + timedelta(seconds=0.6 * person))


def test_a_flood_ends_at_the_burst_and_a_patient_one_at_the_hour():
    burst = Burst("flood", most=120, within=timedelta(minutes=1))
    for _ in range(120):
        burst.take("line", at=NOON)
    with pytest.raises(TooManyTriesError) as error:
        burst.take("line", at=NOON + timedelta(seconds=20))
    assert error.value.seconds == 40
    burst.take("line", at=NOON + timedelta(seconds=60))


def test_a_process_knows_only_so_many_addresses(monkeypatch):
    monkeypatch.setattr(limits, "MOST_KNOWN", 10)
    burst = Burst("many", most=1, within=timedelta(minutes=1))
    for number in range(1000):
        burst.take(f"line {number}", at=NOON)
    assert len(limits._bursts) == 10


def test_no_address_is_kept_in_clear(client, settings, rf):
    settings.SUBMISSIONS_PER_HOUR = settings.SUBMISSIONS_PER_MINUTE = 5
    address = "203.0.113.77"
    send(Client(REMOTE_ADDR=address), "a")
    assert Tries.objects.exists()
    assert address not in str(limits._bursts)
    (key,) = limits._bursts
    assert key == ("submissions", clients.masked_network(rf.get("/", REMOTE_ADDR=address)))
    assert {field.name for field in Tries._meta.fields} == {"slot", "count", "since"}
