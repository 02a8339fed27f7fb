import pytest
from django.db import IntegrityError, transaction

from comments import authoring, erasure, moderation, second_persons, tally
from comments.models import Plan, Submission, SubmissionEvent
from comments.views.timeline import steps
from tests.factories import reason, staff, submission

pytestmark = pytest.mark.django_db
QUESTION = "เข้าข่ายหมิ่นประมาทหรือไม่"


@pytest.fixture
def by_two():
    """Withholding needs two people."""
    Plan.objects.update(rejection_needs_second_person=True)


def proposed(**said):
    row = submission(**said)
    second_persons.reject(row, actor=staff("first"), reason=reason("insult"), note="คำหยาบ")
    return stored(row)


def stored(row):
    return Submission.everything.get(pk=row.pk)


def kinds(row):
    return list(row.events.order_by("pk").values_list("kind", flat=True))


def test_where_one_is_enough_nothing_is_proposed():
    row = submission()
    second_persons.reject(row, actor=staff(), reason=reason())
    assert (stored(row).status, kinds(row)) == ("rejected", ["received", "rejected"])


def test_the_first_proposes_and_the_author_still_reads_in_moderation(by_two):
    row = submission()
    before = [step.title for step in steps(row)]
    event = second_persons.reject(row, actor=staff("first"), reason=reason("insult"))
    assert (event.kind, event.reason, event.actor) == ("rejection_proposed", reason("insult"), staff("first"))
    row = stored(row)
    assert (row.status, row.reason, row.moderated_at, row.asked) == ("pending", None, None, event)
    assert [step.title for step in steps(row)] == before
    assert tally.plan_totals(row.plan) == tally.Totals(pending=1)
    assert list(Submission.objects.for_a_second_person()) == [row]


def test_the_second_confirms_and_the_event_carries_both(by_two):
    row = proposed()
    event = second_persons.confirm(row, actor=staff("second"), note="เห็นด้วย")
    assert (event.kind, event.proposer, event.actor) == ("rejected", staff("first"), staff("second"))
    assert (stored(row).status, stored(row).reason, stored(row).asked) == ("rejected", reason("insult"), None)


def test_the_second_may_withhold_for_another_reason(by_two):
    row = proposed()
    event = second_persons.reject(row, actor=staff("second"), reason=reason("off_topic"))
    assert (event.proposer, event.reason, stored(row).reason) == (
        staff("first"),
        reason("off_topic"),
        reason("off_topic"),
    )


def test_nobody_is_both_persons(by_two):
    row = proposed()
    for deed in (second_persons.confirm, moderation.publish):
        with pytest.raises(moderation.SamePersonError):
            deed(stored(row), actor=staff("first"))
    for deed in (second_persons.reject, moderation.reject):
        with pytest.raises(moderation.SamePersonError):
            deed(stored(row), actor=staff("first"), reason=reason())
    assert kinds(row) == ["received", "rejection_proposed"]
    with pytest.raises(IntegrityError), transaction.atomic():
        SubmissionEvent.objects.create(
            submission=row, kind="rejected", actor=staff("first"), proposer=staff("first"), reason=reason()
        )


def test_the_deed_itself_refuses_to_withhold_what_nobody_proposed(by_two):
    row = submission()
    with pytest.raises(moderation.SecondPersonNeededError):
        moderation.reject(row, actor=staff(), reason=reason())
    second_persons.ask(row, actor=staff("first"), note=QUESTION)
    with pytest.raises(moderation.SecondPersonNeededError):
        moderation.reject(row, actor=staff("second"), reason=reason())


def test_declined_it_stays_pending_and_anybody_decides_again(by_two):
    row = proposed()
    event = second_persons.decline(row, actor=staff("second"), note="ยังพอรับได้")
    assert (event.kind, event.note, stored(row).asked) == ("rejection_declined", "ยังพอรับได้", None)
    moderation.publish(stored(row), actor=staff("first"))
    assert stored(row).status == "published"


def test_the_proposer_takes_it_back(by_two):
    row = proposed()
    assert second_persons.decline(row, actor=staff("first")).kind == "rejection_taken_back"
    assert stored(row).asked is None


def test_another_publishes_in_spite_of_the_proposal(by_two):
    row = proposed()
    moderation.publish(row, actor=staff("second"))
    assert (stored(row).status, stored(row).asked) == ("published", None)


def test_what_is_published_goes_out_of_sight_at_once_and_waits(by_two):
    row = submission("published")
    second_persons.reject(row, actor=staff("first"), reason=reason())
    assert stored(row).status == "pending"
    assert kinds(row)[-2:] == ["restored", "rejection_proposed"]
    assert not Submission.objects.published().exists()


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_nothing_is_proposed_or_asked_about_what_is_decided(status):
    row = submission(status)
    Plan.objects.update(rejection_needs_second_person=True)
    with pytest.raises(moderation.StaleDecisionError):
        second_persons.reject(stored(row), actor=staff(), reason=reason())
    with pytest.raises(moderation.StaleDecisionError):
        second_persons.ask(stored(row), actor=staff(), note=QUESTION)
    for deed in (second_persons.confirm, second_persons.decline):
        with pytest.raises(moderation.StaleDecisionError):
            deed(stored(row), actor=staff())


@pytest.mark.parametrize("deed", ["confirm", "decline", "publish", "reject", "redact", "ask"])
def test_whoever_saw_another_proposal_or_none_is_too_late(by_two, deed):
    row = submission()
    before = stored(row)
    second_persons.reject(row, actor=staff("first"), reason=reason())
    older = stored(row)
    second_persons.decline(stored(row), actor=staff("second"))
    second_persons.reject(stored(row), actor=staff("third"), reason=reason("insult"))
    said = {"reject": {"reason": reason()}, "ask": {"note": QUESTION}}.get(deed, {})
    arguments = [[(0, 4, "other")]] if deed == "redact" else []
    act = getattr(second_persons, deed, None) or getattr(moderation, deed)
    for seen in (before, older):
        with pytest.raises(moderation.StaleDecisionError):
            act(seen, *arguments, actor=staff("fourth"), **said)
    assert stored(row).asked.actor == staff("third")


def test_who_asks_for_a_second_opinion_leaves_it_to_another():
    row = submission()
    event = second_persons.ask(row, actor=staff("first"), note=QUESTION)
    assert (event.kind, event.note) == ("second_opinion_asked", QUESTION)
    for deed, said in (("publish", {}), ("reject", {"reason": reason()})):
        with pytest.raises(moderation.SamePersonError):
            getattr(moderation, deed)(stored(row), actor=staff("first"), **said)
    with pytest.raises(moderation.StaleDecisionError):
        second_persons.ask(stored(row), actor=staff("second"), note=QUESTION)
    with pytest.raises(moderation.StaleDecisionError):
        second_persons.decline(stored(row), actor=staff("first"))
    with pytest.raises(ValueError, match="question"):
        second_persons.ask(submission(), actor=staff("first"), note=" ")
    rejected = moderation.reject(stored(row), actor=staff("second"), reason=reason())
    assert (rejected.proposer, stored(row).asked) == (None, None)


def test_who_is_asked_proposes_and_the_asker_may_confirm(by_two):
    row = submission()
    second_persons.ask(row, actor=staff("first"), note=QUESTION)
    second_persons.reject(stored(row), actor=staff("second"), reason=reason())
    assert second_persons.confirm(stored(row), actor=staff("first")).proposer == staff("second")


def test_other_words_by_the_author_end_the_waiting(by_two):
    row = proposed()
    authoring.edit(row, "ขอเปลี่ยนเป็นเรื่องไฟส่องสว่างริมคลอง")
    assert stored(row).asked is None
    with pytest.raises(moderation.StaleDecisionError):
        second_persons.confirm(row, actor=staff("second"))


@pytest.mark.parametrize("deed", ["withdraw", "erase"])
def test_its_author_ends_the_waiting(by_two, deed):
    row = proposed()
    if deed == "withdraw":
        moderation.withdraw(row)
    else:
        erasure.erase(row, actor=staff("first"), ground="writing")
    assert (stored(row).status, stored(row).asked) == ("withdrawn", None)
    if deed == "erase":
        assert not row.events.filter(note="คำหยาบ").exists()


def test_only_what_is_pending_waits_for_a_second_person(by_two):
    row = proposed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=row.pk).update(status="withdrawn")
