import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import translation

from comments import authoring, campaigns, erasure, intake, moderation, placing, tally
from comments.models import Campaign, DevelopmentGoal, Plan, Submission, SubmissionEvent
from comments.views.timeline import steps
from tests.factories import BODY, receive, reply, staff, statement, submission, unlike
from tests.text.test_similarity import OTHER, REMARK, TEMPLATE

pytestmark = pytest.mark.django_db
FIRST, SECOND = "G67-1.1-01", "G67-1.2-01"


def goal(code):
    return DevelopmentGoal.objects.get(code=code)


def stored(row):
    return Submission.everything.get(pk=row.pk)


def published_by_goal():
    return {one.code: n for one, n in tally.published_by_goal(Plan.objects.current()).items() if n}


def test_a_moved_opinion_counts_with_its_new_goal_and_the_history_knows_both():
    row, actor = submission("published", goal=FIRST), staff()
    event = placing.move(row, goal(SECOND), actor=actor, note="เป็นเรื่องทางเท้า")
    assert (event.kind, event.actor, event.note) == ("moved", actor, "เป็นเรื่องทางเท้า")
    assert (event.before, event.after) == (FIRST, SECOND)
    assert list(Submission.objects.filter(goal__code=SECOND)) == [row]
    assert not Submission.objects.filter(goal__code=FIRST).exists()
    placing.move(row, None, actor=actor)
    assert stored(row).goal is None
    assert SubmissionEvent.objects.goal_as_received(row) == FIRST
    assert tally.plan_totals(row.plan).published == 1


def test_replies_go_where_their_opinion_goes_and_nowhere_else():
    row = submission("published", goal=FIRST)
    answer = reply(row)
    placing.move(row, goal(SECOND), actor=staff())
    assert stored(answer).goal == goal(SECOND)
    with pytest.raises(ValueError, match="moved"):
        placing.move(stored(answer), None, actor=staff())


def test_a_move_from_where_it_no_longer_is_is_refused():
    row = submission(goal=FIRST)
    seen_by_other = stored(row)
    placing.move(row, goal(SECOND), actor=staff())
    with pytest.raises(moderation.StaleDecisionError):
        placing.move(seen_by_other, None, actor=staff("other"))
    with pytest.raises(ValueError, match="moved"):
        placing.move(row, goal(SECOND), actor=staff())
    assert row.events.filter(kind="moved").count() == 1


def test_nothing_goes_to_a_goal_of_another_plan():
    row, other = submission(goal=FIRST), goal(SECOND)
    plan = Plan.objects.current()
    plan.pk, plan.fiscal_year = None, 2568
    plan.save()
    DevelopmentGoal.objects.filter(pk=other.pk).update(plan=plan)
    with pytest.raises(ValueError, match="moved"):
        placing.move(row, goal(SECOND), actor=staff())


def test_sent_again_after_a_move_it_is_still_the_same_receipt():
    opinion = receive(key="k", goal=FIRST)
    placing.move(opinion.submission, goal(SECOND), actor=staff())
    assert receive(key="k", goal=FIRST).secret == opinion.secret
    with pytest.raises(intake.AlreadySentError):
        receive(key="k", goal=SECOND)
    moderation.publish(stored(opinion.submission), actor=staff())
    answer = receive(key="r", parent=stored(opinion.submission), body=unlike(), goal=SECOND)
    placing.move(stored(opinion.submission), None, actor=staff())
    said = {"parent": stored(opinion.submission), "body": answer.submission.body}
    assert intake.sent_before(statement(**said), idempotency_key="r") == answer.submission


@pytest.mark.parametrize("status", ["pending", "published", "rejected", "withdrawn"])
def test_the_author_reads_of_the_move_and_still_where_it_stands(status):
    row = submission(status, goal=FIRST)
    with translation.override("en"):
        before = [step.title for step in steps(row)]
        placing.move(row, None, actor=staff())
        told = steps(stored(row))
        assert sorted(step.title for step in told) == sorted([*before, "Staff put it with another goal"])
        (text,) = [step.text for step in told if step.title == "Staff put it with another goal"]
        assert goal(FIRST).title in text
        assert "the plan as a whole" in text
        assert [step.title for step in told if step.when == "now"] == [
            before[-2 if status == "published" else -1]
        ] or (status == "pending")


def test_of_language_notes_and_campaigns_the_author_reads_nothing():
    row, other = submission(body=TEMPLATE), submission(body=OTHER)
    before = [step.title for step in steps(row)]
    placing.mark_language(row, "en", actor=staff())
    placing.note(row, "ถามกองแผนงานแล้ว", actor=staff())
    campaigns.add(row, other, actor=staff())
    assert [step.title for step in steps(stored(row))] == before


def test_a_language_is_marked_once_from_what_was_seen():
    row = submission()
    seen_by_other = stored(row)
    event = placing.mark_language(row, "en", actor=staff())
    assert (event.before, event.after, stored(row).language) == ("th", "en", "en")
    with pytest.raises(moderation.StaleDecisionError):
        placing.mark_language(seen_by_other, "und", actor=staff())
    for wrong in ("en", "xx", ""):
        with pytest.raises(ValueError, match="language"):
            placing.mark_language(row, wrong, actor=staff())


def test_a_note_is_kept_for_good_and_once_when_sent_twice():
    row = submission()
    event = placing.note(row, "ถามกองแผนงานแล้ว", actor=staff())
    assert placing.note(row, "ถามกองแผนงานแล้ว", actor=staff()) == event
    assert placing.note(row, "ถามกองแผนงานแล้ว", actor=staff("other")) != event
    with pytest.raises(ValueError, match="words"):
        placing.note(row, " \n", actor=staff())
    with pytest.raises(DatabaseError), transaction.atomic():
        super(type(row.events.all()), row.events.all()).update(note="")


def test_an_erasure_takes_the_notes_and_nothing_is_placed_after_it():
    row, other = submission(goal=FIRST), submission(body=OTHER)
    placing.note(row, "เจ้าตัวชื่อสมมติ", actor=staff())
    erasure.erase(row, actor=staff(), ground="writing")
    assert not row.events.filter(note__contains="เจ้าตัว").exists()
    for deed in (
        lambda: placing.note(row, "x", actor=staff()),
        lambda: placing.move(row, None, actor=staff()),
        lambda: placing.mark_language(row, "en", actor=staff()),
    ):
        with pytest.raises(moderation.StaleDecisionError):
            deed()
    with pytest.raises(campaigns.StaleGroupError):
        campaigns.add(row, other, actor=staff())
    with pytest.raises(campaigns.StaleGroupError):
        campaigns.add(other, row, actor=staff())


def test_two_opinions_put_together_found_a_campaign_and_a_third_joins_it():
    rows = [submission(body=unlike()) for _ in range(3)]
    event = campaigns.add(rows[0], rows[1], actor=staff(), note="เรื่องเดียวกัน")
    assert (event.kind, event.before, event.after) == ("joined", "", str(Campaign.objects.get()))
    campaigns.add(rows[2], Campaign.objects.get(), actor=staff())
    assert tally.campaign_sizes(Submission.objects.all()) == {Campaign.objects.get().pk: 3}
    for to in (rows[0], Campaign.objects.get()):
        with pytest.raises(ValueError, match="there already"):
            campaigns.add(rows[2], to, actor=staff())
    with pytest.raises(ValueError, match="there already"):
        campaigns.add(rows[2], rows[2], actor=staff())


def test_from_one_campaign_it_goes_to_another_and_the_first_still_finds_its_like():
    first, _second = (submission(body=TEMPLATE) for _ in range(2))
    third, _fourth = (submission(body=OTHER) for _ in range(2))
    left, joined = stored(first).campaign, stored(third).campaign
    campaigns.add(stored(first), joined, actor=staff())
    assert stored(first).campaign == joined
    assert submission(body=f"{TEMPLATE} {REMARK}").campaign == left


def test_the_grouping_undoes_nothing_that_was_put_together_by_hand():
    row, other = submission(body=TEMPLATE), submission(body=OTHER)
    campaigns.add(row, other, actor=staff())
    joined = stored(row).campaign
    assert sum(campaigns.gather()) == 0
    authoring.edit(stored(row), f"{TEMPLATE} {REMARK}")
    assert stored(row).campaign == joined
    campaigns.split(stored(row), actor=staff(), reason="พลาด")
    call_command("reread_submissions", campaigns=True)
    assert stored(row).campaign is None
    campaigns.add(stored(row), other, actor=staff())
    authoring.edit(stored(row), BODY)
    assert stored(row).campaign == joined


def test_what_has_changed_its_campaign_since_is_not_put_elsewhere():
    rows = [submission(body=unlike()) for _ in range(3)]
    seen_by_other = stored(rows[0])
    campaigns.add(rows[0], rows[1], actor=staff())
    with pytest.raises(campaigns.StaleGroupError):
        campaigns.add(seen_by_other, rows[2], actor=staff("other"))
    opinion = submission("published", body=unlike())
    with pytest.raises(campaigns.StaleGroupError):
        campaigns.add(reply(opinion), rows[2], actor=staff())
