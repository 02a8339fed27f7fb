from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command

from comments import moderation, rereading
from comments.models import Contact, Submission
from tests.factories import reason, receive, staff, submission

pytestmark = pytest.mark.django_db


def events(row):
    return [(e.kind, e.from_status, e.to_status) for e in row.events.order_by("pk")]


def test_each_decision_is_one_event_with_actor_reason_and_time():
    row, actor = submission(), staff()
    moderation.publish(row, actor=actor)
    event = moderation.reject(row, actor=actor, reason=reason("insult"), note="second look")
    row.refresh_from_db()
    assert (row.status, row.reason.code, row.moderated_at) == ("rejected", "insult", event.at)
    assert (event.actor, event.reason.code, event.note) == (actor, "insult", "second look")
    assert events(row) == [
        ("received", "", "pending"),
        ("published", "pending", "published"),
        ("rejected", "published", "rejected"),
    ]


@pytest.mark.parametrize("status", ["published", "rejected"])
def test_undo_returns_to_the_queue_without_a_trace_on_the_row(status):
    row = submission(status)
    moderation.restore(row, actor=staff())
    row.refresh_from_db()
    assert (row.status, row.reason, row.moderated_at) == ("pending", None, None)


@pytest.mark.parametrize(
    ("status", "decision"),
    [
        ("published", "publish"),
        ("rejected", "publish"),
        ("withdrawn", "publish"),
        ("rejected", "reject"),
        ("withdrawn", "reject"),
        ("pending", "restore"),
        ("withdrawn", "restore"),
        ("rejected", "withdraw"),
        ("withdrawn", "withdraw"),
    ],
)
def test_decision_that_the_state_does_not_allow_is_refused(status, decision):
    row = submission(status)
    before = events(row)
    arguments = {} if decision == "withdraw" else {"actor": staff()}
    if decision == "reject":
        arguments["reason"] = reason()
    with pytest.raises(moderation.StaleDecisionError):
        getattr(moderation, decision)(row, **arguments)
    assert events(row) == before


def test_second_moderator_is_told_that_it_is_too_late():
    row = submission()
    seen_by_other = Submission.objects.get(pk=row.pk)
    moderation.publish(row, actor=staff())
    with pytest.raises(moderation.StaleDecisionError):
        moderation.reject(seen_by_other, actor=staff("other"), reason=reason())
    row.refresh_from_db()
    assert row.status == "published"


def test_words_survive_every_decision():
    row = submission()
    body = row.body
    moderation.publish(row, actor=staff())
    moderation.reject(row, actor=staff(), reason=reason())
    moderation.restore(row, actor=staff())
    moderation.withdraw(row)
    assert Submission.objects.get(pk=row.pk).body == body


def test_contact_details_are_shown_only_with_a_logged_reason():
    row = receive(email="a@example.org").submission
    with pytest.raises(ValueError, match="reason"):
        moderation.reveal_contact(row, actor=staff(), reason=" ")
    assert moderation.reveal_contact(row, actor=staff(), reason="asks for a call").email == "a@example.org"
    event = row.events.get(kind="contact_revealed")
    assert (event.actor, event.note) == (staff(), "asks for a call")
    assert Contact.objects.count() == 1


LINK, PHONE = "ดู www.example.com ได้เลยครับ", "โทร 081-000-0000 ได้ทุกวัน"


def attention():
    return list(Submission.objects.order_by("pk").values_list("attention", flat=True))


@pytest.fixture
def forgotten():
    """Rows as they stood before attention was stored, one of them covered."""
    rows = [submission(body=body) for body in ("ขอสวนสาธารณะเพิ่มอีก", LINK, PHONE, PHONE)]
    moderation.redact(rows[3], [(4, 16, "mobile_phone")], actor=staff())
    assert attention() == [0, 1, 4, 0]
    Submission.objects.update(attention=0)
    Submission.objects.filter(pk=rows[3].pk).update(attention=5)


def test_rereading_works_out_anew_how_soon_to_look_and_nothing_else(forgotten, capsys):
    before = list(Submission.objects.order_by("pk").values("status", "body", "redacted_body"))
    assert list(rereading.reread(batch=3)) == [2, 1]
    assert attention() == [0, 1, 4, 0]
    assert list(Submission.objects.order_by("pk").values("status", "body", "redacted_body")) == before
    call_command("reread_submissions", batch=2)
    assert "0 reread differently" in capsys.readouterr().out


def test_the_migration_brings_what_was_stored_before_up_to_date(forgotten):
    Submission.objects.update(attention=0)
    import_module("comments.migrations.0007_attention").read_what_is_there(apps, None)
    assert attention() == [0, 1, 4, 0]


def test_what_is_uncovered_is_to_be_looked_at_again():
    row = submission(body=PHONE)
    moderation.redact(row, [(4, 16, "mobile_phone")], actor=staff())
    moderation.redact(row, [], actor=staff())
    assert attention() == [4]
