"""Answers to a whole theme: whom they reach, now and later, once each, and which answer counts."""

import csv
import io

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import answering, moderation, tally, themes
from comments.exports import download
from comments.models import Answer, AnswerDraft, Contact, DevelopmentGoal, Plan, Submission, SubmissionEvent
from tests.factories import answered, content, staff, submission, theme, unlike

pytestmark = pytest.mark.django_db

GOAL, OTHER = "G67-1.1-01", "G67-2.2-01"
Kind = SubmissionEvent.Kind


def about(listed, status="published", **said):
    """Return an opinion with a theme."""
    row = submission(status, body=unlike(), **said)
    themes.tag([row], listed, actor=staff())
    return row


def told(answer):
    return set(answer.notices.values_list("submission", flat=True))


def goal(code=GOAL):
    return DevelopmentGoal.objects.get(code=code)


def test_an_answer_to_a_theme_reaches_its_published_opinions_each_once(monkeypatch):
    monkeypatch.setattr(answering, "BATCH", 2)
    flood = theme()
    rows = [about(flood) for _ in range(5)]
    waiting, stranger = about(flood, "pending"), submission("published", body=unlike())
    answer = answered(flood)
    assert told(answer) == {row.pk for row in rows}
    assert answering.spread(answer) == answering.spread_all() == 0
    assert SubmissionEvent.objects.filter(kind=Kind.ANSWERED).count() == 5
    assert [answering.answer_to(row) for row in (waiting, stranger)] == [None, None]


def test_an_answer_on_one_goal_reaches_no_other():
    flood = theme()
    here, there, nowhere = about(flood, goal=GOAL), about(flood, goal=OTHER), about(flood)
    answer = answered(flood, goal=goal())
    assert told(answer) == {here.pk}
    whole = answered(flood)
    assert told(whole) == {here.pk, there.pk, nowhere.pk}
    assert whole.replaces is None
    again = answered(flood, goal=goal())
    assert again.replaces == answer
    assert [answering.answer_to(row) for row in (here, there)] == [again, whole]


def test_who_gets_the_theme_or_is_published_later_is_told_while_the_answer_stands():
    flood = theme()
    about(flood)
    answer = answered(flood)
    late, waiting = submission("published", body=unlike()), about(flood, "pending")
    themes.tag([late], flood, actor=staff())
    answering.catch_up_on(flood)
    moderation.publish(waiting, actor=staff())
    answering.catch_up(waiting)
    assert answering.answer_to(late) == answering.answer_to(waiting) == answer
    latest = about(flood)
    assert answering.spread_all() == 1
    assert answering.answer_to(latest) == answer
    newer = answered(flood)
    last = about(flood)
    assert answering.spread_all() == 1
    assert answering.answer_to(last) == newer
    assert last.pk not in told(answer)


def test_who_loses_the_theme_keeps_the_answer():
    flood = theme()
    row = about(flood)
    answer = answered(flood)
    themes.untag([row], flood, actor=staff())
    assert answering.answer_to(row) == answer


def test_who_has_a_newer_answer_is_not_told_of_an_older_one():
    flood = theme()
    about(flood)
    answered(flood)
    row = submission("published", body=unlike())
    Contact.objects.create(submission=row, email="a@example.org", wants_updates=True)
    own = answered(row)
    themes.tag([row], flood, actor=staff())
    answering.catch_up_on(flood)
    assert answering.answer_to(row) == own
    assert row.events.filter(kind=Kind.ANSWERED).count() == row.notices.count() == 1


def test_each_opinion_asks_for_one_e_mail_for_each_answer():
    flood, drains = theme(), theme("drains")
    row = about(flood)
    themes.tag([row], drains, actor=staff())
    Contact.objects.create(submission=row, email="a@example.org", wants_updates=True)
    answered(flood)
    answered(drains)
    answering.spread_all()
    assert list(row.notices.values_list("mail", flat=True)) == ["waiting", "waiting"]


def test_merging_takes_drafts_along_as_another_version_and_answers_stay_with_whom_they_reached():
    flood, drains = theme(), theme("drains")
    moved, there = about(drains), about(flood)
    old = answered(drains)
    seen = answering.draft(drains, content(), author=staff("responder"))
    themes.merge(drains, flood, actor=staff())
    draft = AnswerDraft.objects.get()
    assert (draft.theme, draft.edition) == (flood, 2)
    with pytest.raises(answering.StaleDraftError):
        answering.approve(seen, approver=staff("planner"))
    assert answering.spread_all() == 0
    assert [answering.answer_to(row) for row in (moved, there)] == [old, None]
    new = answering.approve(draft, approver=staff("planner"))
    assert told(new) == {moved.pk, there.pk}


def test_a_theme_without_published_opinions_is_not_answered():
    flood = theme()
    about(flood, "pending")
    with pytest.raises(answering.NotPublishedError):
        answering.draft(flood, content(), author=staff("responder"))
    row = about(flood, goal=GOAL)
    with pytest.raises(answering.NotPublishedError):
        answering.draft(flood, content(), goal=goal(OTHER), author=staff("responder"))
    draft = answering.draft(flood, content(), author=staff("responder"))
    moderation.withdraw(row)
    with pytest.raises(answering.NotPublishedError):
        answering.approve(draft, approver=staff("planner"))
    assert not Answer.objects.exists()


@pytest.mark.parametrize("wrong", ["two targets", "goal without theme"])
def test_an_answer_has_one_target_and_a_goal_only_with_a_theme(wrong):
    row, flood = submission("published"), theme()
    columns = content() | {"author": staff(), "changed_at": row.received_at, "submission": row}
    columns |= {"theme": flood} if wrong == "two targets" else {"goal": goal()}
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerDraft.objects.create(**columns)


def test_who_wrote_it_can_not_approve_it():
    flood = theme()
    about(flood)
    draft = answering.draft(flood, content(), author=staff("planner"))
    with pytest.raises(answering.SamePersonError):
        answering.approve(draft, approver=staff("planner"))


def test_the_export_and_the_matrix_count_it():
    flood = theme()
    row = about(flood, goal=GOAL)
    answer = answered(flood, outcome="already_done")
    file = io.BytesIO()
    download.write_submissions(Submission.objects.filter(pk=row.pk), file)
    (exported,) = csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig")))
    assert exported["answer_outcome"] == "already_done"
    assert exported["answered_at"]
    (counted,) = (one for one in tally.responses(Plan.objects.current()) if one.goal == row.goal)
    assert (counted.opinions, counted.answered, counted.blank) == (1, 1, 0)
    assert tally.by_theme(Submission.objects.all())[flood.pk] == tally.Themed(1, 1, 1)
    assert list(answering.answers_on(row.goal)) == [answer]


DEEDS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["tag", "untag", "publish", "restore"]), st.integers(0, 2), st.integers(0, 1)
        ),
        st.tuples(st.just("answer"), st.sampled_from([None, GOAL]), st.integers(0, 1)),
        st.tuples(st.just("merge"), st.integers(0, 0), st.integers(0, 1)),
    ),
    min_size=4,
    max_size=12,
)


def happen(deed, rows, listed):
    name, what, which = deed
    try:
        match name:
            case "tag" | "untag":
                getattr(themes, name)([rows[what]], listed[which], actor=staff())
            case "publish" | "restore":
                rows[what].refresh_from_db()
                getattr(moderation, name)(rows[what], actor=staff())
            case "answer":
                answered(listed[which], goal=goal(what) if what else None)
            case "merge":
                themes.merge(listed[which], listed[1 - which], actor=staff())
    except (themes.MergedError, answering.NotPublishedError, moderation.StaleDecisionError):
        pass


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_after_any_history_the_newest_answer_in_force_has_reached_whom_it_is_for(deeds):
    with transaction.atomic():
        listed = [theme("a"), theme("b")]
        rows = [submission("published", body=unlike(), goal=code) for code in (GOAL, OTHER, None)]
        for deed in deeds:
            happen(deed, rows, listed)
        answering.spread_all()
        for answer in Answer.objects.in_force():
            for row in answer.reached():
                assert answering.answer_to(row).pk >= answer.pk
        for row in rows:
            notices = list(row.notices.values_list("answer", flat=True))
            assert len(notices) == len(set(notices)) == row.events.filter(kind=Kind.ANSWERED).count()
        transaction.set_rollback(True)
