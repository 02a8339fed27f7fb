"""Answers to people: drafts, approval, whom an answer reaches, and that it never changes."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from comments import answering, campaigns, moderation
from comments.models import Answer, AnswerDraft, AnswerNotice, Contact, SubmissionEvent
from tests.factories import answered, content, office, receive, staff, submission, unlike

pytestmark = pytest.mark.django_db

Kind = SubmissionEvent.Kind
MOMENT = datetime(2023, 3, 3, 5, 0, tzinfo=UTC)


def alike(number, status="published"):
    """Return as many opinions that say the same, and their campaign."""
    words = unlike()
    rows = [submission(status, body=words) for _ in range(number)]
    rows[0].refresh_from_db()
    return rows, rows[0].campaign


def told(answer):
    return set(answer.notices.values_list("submission", flat=True))


def test_a_draft_becomes_an_answer_and_an_event_with_who_and_when():
    row = submission("published")
    draft = answering.draft(row, content(), author=staff("responder"))
    assert answering.answer_to(row) is None
    answer = answering.approve(draft, approver=staff("planner"), at=MOMENT)
    assert answering.answer_to(row) == answer
    assert (answer.author, answer.approver) == (staff("responder"), staff("planner"))
    assert not AnswerDraft.objects.exists()
    event = row.events.get(kind=Kind.ANSWERED)
    assert (event.actor, event.at, event.from_status) == (staff("planner"), MOMENT, "published")


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="on SQLite transactions that write follow each other"
)
def test_what_is_answered_is_locked_before_the_answer_to_replace_is_looked_for():
    draft = answering.draft(submission("published"), content(), author=staff("responder"))
    with CaptureQueriesContext(connection) as asked:
        answering.approve(draft, approver=staff("planner"))
    sent = [query["sql"] for query in asked.captured_queries]
    lock = next(n for n, sql in enumerate(sent) if "FOR NO KEY UPDATE" in sql)
    before = next(
        n for n, sql in enumerate(sent) if sql.startswith("SELECT") and 'FROM "comments_answer"' in sql
    )
    assert lock < before


def test_who_wrote_it_can_not_approve_it_unless_the_plan_lets_them():
    row = submission("published")
    draft = answering.draft(row, content(), author=staff("planner"))
    with pytest.raises(answering.SamePersonError):
        answering.approve(draft, approver=staff("planner"))
    assert AnswerDraft.objects.get() == draft
    row.plan.answers_need_two = False
    row.plan.save()
    assert answering.approve(draft, approver=staff("planner"))


def test_who_changes_a_draft_becomes_its_author():
    draft = answering.draft(submission("published"), content(), author=staff("responder"))
    changed = answering.redraft(draft, content(text_th="ถ้อยคำใหม่"), author=staff("planner"))
    with pytest.raises(answering.SamePersonError):
        answering.approve(changed, approver=staff("planner"))


def test_a_draft_that_has_changed_since_is_neither_approved_nor_changed_nor_discarded():
    seen = answering.draft(submission("published"), content(), author=staff("responder"))
    answering.redraft(seen, content(text_th="ถ้อยคำใหม่"), author=staff("responder"))
    with pytest.raises(answering.StaleDraftError):
        answering.approve(seen, approver=staff("planner"))
    with pytest.raises(answering.StaleDraftError):
        answering.redraft(seen, content(), author=staff("responder"))
    with pytest.raises(answering.StaleDraftError):
        answering.discard(seen)
    assert AnswerDraft.objects.get().text_th == "ถ้อยคำใหม่"


def test_a_draft_is_approved_once():
    draft = answering.draft(submission("published"), content(), author=staff("responder"))
    answering.approve(draft, approver=staff("planner"))
    with pytest.raises(answering.StaleDraftError):
        answering.approve(draft, approver=staff("planner"))
    assert Answer.objects.count() == AnswerNotice.objects.count() == 1


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_only_what_is_published_is_answered(status):
    with pytest.raises(answering.NotPublishedError):
        answering.draft(submission(status), content(), author=staff("responder"))


def test_what_is_withdrawn_while_the_draft_waits_is_not_answered():
    row = submission("published")
    draft = answering.draft(row, content(), author=staff("responder"))
    moderation.withdraw(row)
    with pytest.raises(answering.NotPublishedError):
        answering.approve(draft, approver=staff("planner"))
    assert not Answer.objects.exists()


def test_a_correction_takes_the_place_of_the_answer_which_is_kept():
    row = submission("published")
    first = answered(row)
    second = answered(row, text_th="แก้ไขคำตอบ", outcome="not_adopted")
    assert answering.answer_to(row) == second
    assert second.replaces == first
    assert list(Answer.objects.in_force()) == [second]
    assert row.events.filter(kind=Kind.ANSWERED).count() == 2


def test_an_answer_to_a_campaign_reaches_its_published_members_each_once(monkeypatch):
    monkeypatch.setattr(answering, "BATCH", 2)
    rows, campaign = alike(5)
    waiting = submission(body=rows[0].body)
    other = submission("published", body=unlike())
    answer = answered(campaign)
    assert told(answer) == {row.pk for row in rows}
    assert answering.spread(answer) == 0
    assert SubmissionEvent.objects.filter(kind=Kind.ANSWERED).count() == 5
    assert answering.answer_to(other) is None
    moderation.publish(waiting, actor=staff())
    waiting.refresh_from_db()
    answering.catch_up(waiting)
    assert answering.answer_to(waiting) == answer
    assert answering.spread_all() == 0


def test_members_published_later_are_told_in_the_next_round():
    rows, campaign = alike(2)
    waiting = submission(body=rows[0].body)
    answer = answered(campaign)
    moderation.publish(waiting, actor=staff())
    assert answering.spread_all() == 1
    assert answering.spread_all() == 0
    assert answering.answer_to(waiting) == answer


def test_of_an_own_answer_and_one_to_the_campaign_the_newest_counts():
    rows, campaign = alike(2)
    own = answered(rows[0])
    together = answered(campaign)
    assert [answering.answer_to(row) for row in rows] == [together, together]
    newest = answered(rows[0])
    assert [answering.answer_to(row) for row in rows] == [newest, together]
    assert newest.replaces == own


def test_who_leaves_a_campaign_keeps_the_answer():
    rows, campaign = alike(3)
    answer = answered(campaign)
    campaigns.split(rows[0], actor=staff(), reason="x")
    rows[0].refresh_from_db()
    assert answering.answer_to(rows[0]) == answer


def test_only_those_who_asked_and_left_an_address_wait_for_an_e_mail():
    rows, campaign = alike(3)
    Contact.objects.create(submission=rows[0], email="a@example.org", wants_updates=True)
    Contact.objects.create(submission=rows[1], email="b@example.org", wants_updates=False)
    Contact.objects.create(submission=rows[2], phone="021234567", wants_updates=True)
    answer = answered(campaign)
    assert dict(answer.notices.values_list("submission", "mail")) == {
        rows[0].pk: "waiting",
        rows[1].pk: "not_wanted",
        rows[2].pk: "not_wanted",
    }


def test_the_database_itself_keeps_an_answer_as_it_is():
    answer = answered(submission("published"))
    with pytest.raises(TypeError):
        Answer.objects.all().update(text_th="x")
    with pytest.raises(TypeError):
        answer.delete()
    answer.text_th = "x"
    with pytest.raises(DatabaseError), transaction.atomic():
        answer.save()
    assert Answer.objects.get().text_th != "x"


def test_an_answer_has_one_target():
    row = submission("published")
    columns = content() | {"author": staff(), "changed_at": MOMENT}
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerDraft.objects.create(**columns)
    _rows, campaign = alike(2)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerDraft.objects.create(submission=row, campaign=campaign, **columns)


def test_an_opinion_falls_to_the_office_it_was_given_to_else_to_the_lead_office():
    row = receive(goal="G67-1.1-01").submission
    lead = row.goal.lead_office
    other = office(0) if office(0) != lead else office(1)
    assert answering.office_of(row) == lead
    assert answering.assign(row, other, actor=staff("planner"))
    assert not answering.assign(row, other, actor=staff("planner"))
    assert answering.office_of(row) == other
    event = row.events.get(kind=Kind.ASSIGNED)
    assert (event.note, event.actor) == (other.title_th, staff("planner"))
    assert answering.assign(row, None, actor=staff("planner"))
    assert answering.office_of(row) == lead
    assert answering.office_of(submission(goal=None)) is None
