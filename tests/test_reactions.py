import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments import moderation, reactions, references, tally
from comments.models import Assessment, DevelopmentGoal, Plan, Vote
from tests.factories import reason, staff, submission

pytestmark = pytest.mark.django_db

CODE = "G67-1.1-01"


def goal():
    return DevelopmentGoal.objects.get(code=CODE)


@pytest.fixture(params=["goal", "opinion"])
def target(request):
    return goal() if request.param == "goal" else submission("published")


def counts(target):
    target.refresh_from_db()
    return tally.Pressed(target.agree_count, target.disagree_count)


def test_a_vote_counts_once_and_can_be_changed_and_taken_back(target):
    for value, expected in [
        ("agree", (1, 0)),
        ("agree", (1, 0)),
        ("disagree", (0, 1)),
        ("", (0, 0)),
        ("", (0, 0)),
        ("disagree", (0, 1)),
    ]:
        reactions.vote(target, voter="a", value=value)
        assert counts(target) == tally.votes(target) == tally.Pressed(*expected)
        assert reactions.own_vote(target, "a") == value
    assert reactions.own_vote(target, "b") == reactions.own_vote(target, "") == ""


@pytest.mark.parametrize("seed", range(3))
def test_the_counts_equal_the_rows_after_any_history(target, seed):
    chance = random.Random(seed)  # noqa: S311
    for _ in range(40):
        reactions.vote(target, voter=chance.choice("abcdef"), value=chance.choice(["agree", "disagree", ""]))
    assert counts(target) == tally.votes(target)
    assert Vote.objects.count() == tally.votes(target).total <= 6


def test_an_unknown_value_is_an_error(target):
    with pytest.raises(KeyError):
        reactions.vote(target, voter="a", value="maybe")
    assert Vote.objects.count() == 0


def test_rows_of_one_browser_can_not_be_told_to_be_of_one(target):
    other = submission("published")
    for voted in (target, other):
        reactions.vote(voted, voter="a", value="agree")
    keys = set(Vote.objects.values_list("voter", flat=True))
    assert len(keys) == 2
    assert "a" not in keys
    assert references.voter_key("a", "x") == references.voter_key("a", "x") != references.voter_key("b", "x")


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_what_is_not_published_takes_no_vote(status):
    with pytest.raises(reactions.NotOpenError):
        reactions.vote(submission(status), voter="a", value="agree")


def test_votes_on_an_opinion_stay_when_it_is_withheld():
    row = submission("published")
    reactions.vote(row, voter="a", value="agree")
    moderation.reject(row, actor=staff(), reason=reason())
    assert tally.votes(row).agree == 1


def test_the_plan_takes_votes_up_to_its_closing_moment(target):
    closing = timezone.now() + timedelta(days=1)
    Plan.objects.update(closes_at=closing)
    reactions.vote(target, voter="a", value="agree", at=closing - timedelta(seconds=1))
    for value in ("disagree", ""):
        with pytest.raises(reactions.NotOpenError):
            reactions.vote(target, voter="a", value=value, at=closing)
    with pytest.raises(reactions.NotOpenError):
        reactions.assess(goal(), voter="a", answers={"suitable": True}, at=closing)
    assert tally.votes(target) == tally.Pressed(1, 0)


def test_a_hidden_plan_takes_none(target):
    Plan.objects.update(is_public=False)
    with pytest.raises(reactions.NotOpenError):
        reactions.vote(target, voter="a", value="agree")


@pytest.mark.parametrize("both", [True, False])
def test_the_database_wants_exactly_one_target(both):
    targets = {"goal": goal(), "submission": submission("published")} if both else {}
    with pytest.raises(IntegrityError, match="vote_is_on"), transaction.atomic():
        Vote.objects.create(voter="a", value="agree", **targets)


def test_the_database_refuses_a_second_vote_and_another_word(target):
    reactions.vote(target, voter="a", value="agree")
    first = Vote.objects.get()
    for change in ({"value": "disagree"}, {"value": "maybe", "voter": "b"}):
        key = {"voter": first.voter, "goal": first.goal, "submission": first.submission}
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.create(**key | change)


def test_answers_count_once_for_each_question_and_can_be_changed_and_taken_back():
    row = goal()
    reactions.assess(row, voter="a", answers={"suitable": True, "doable": False})
    reactions.assess(row, voter="b", answers={"suitable": True})
    reactions.assess(row, voter="a", answers={"suitable": False, "complete": None})
    assert reactions.own_answers(row, "a") == {"suitable": False, "doable": False}
    assert reactions.own_answers(row, "") == {}
    assert tally.assessments(row) == {
        "suitable": tally.Pressed(1, 1),
        "complete": tally.Pressed(),
        "fitting": tally.Pressed(),
        "needed": tally.Pressed(),
        "doable": tally.Pressed(0, 1),
    }
    reactions.assess(row, voter="a", answers=dict.fromkeys(Assessment.Question.values))
    assert Assessment.objects.count() == 1


def test_an_answer_is_no_vote_and_neither_is_a_stance():
    row = goal()
    submission("published", goal=CODE, stance="disagree")
    reactions.assess(row, voter="a", answers={"suitable": True})
    assert counts(row) == tally.Pressed()
