"""Replies go the way of opinions and count as none."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from comments import campaigns, intake, moderation, roles, search, tally
from comments.exports.filters import ExportFilter
from comments.models import Plan, SearchEntry, Submission, SubmissionEvent
from tests.admin.staff import answers_for, member
from tests.factories import reason, receive, reply, staff, submission, unlike

pytestmark = pytest.mark.django_db


@pytest.fixture
def opinion():
    return submission("published", goal="G67-1.1-01")


def replies_counted(opinion):
    return Submission.objects.get(pk=opinion.pk).reply_count


def test_a_reply_waits_for_a_decision_with_an_event_and_a_receipt(opinion):
    receipt = receive(parent=opinion, body=unlike())
    row = receipt.submission
    assert (row.status, row.parent, len(receipt.secret) >= 26) == ("pending", opinion, True)
    assert [event.kind for event in row.events.all()] == [SubmissionEvent.Kind.RECEIVED]


def test_no_count_takes_a_reply_for_an_opinion(opinion):
    def counts():
        plan = Plan.objects.current()
        rows = Submission.objects.all()
        form = ExportFilter({})
        assert form.is_valid()
        return (
            tally.plan_totals(plan),
            tally.published_by_goal(plan),
            tally.heard(Submission.objects.published()),
            tally.stances(plan.submissions.all()),
            tally.count(opinion.goal.submissions.all()),
            tally.summary(rows),
            tally.count(form.rows()),
        )

    before = counts()
    for status in ("pending", "published", "rejected", "withdrawn"):
        reply(opinion, status)
    assert counts() == before


def test_the_staff_see_opinions_and_replies(opinion):
    waiting, shown = reply(opinion), reply(opinion, "published", goal="G67-1.1-01")
    assert set(roles.visible_submissions(member("moderator"))) == {opinion, waiting, shown}
    of_its_office = answers_for("responder", opinion.goal.lead_office)
    assert set(roles.visible_submissions(of_its_office)) == {opinion, shown}


def test_the_staff_find_a_reply_by_its_words_and_the_public_does_not(opinion):
    row = reply(opinion, "published", body="ต้นจามจุรีใหญ่ริมคลอง")
    assert list(search.matching(Submission.everything.all(), "จามจุรี", audience="staff")) == [row]
    assert not search.matching(Submission.objects.published(), "จามจุรี", audience="public").exists()
    SearchEntry.objects.filter(submission=row).delete()
    assert sum(search.rebuild()) == 1


def test_the_number_of_replies_follows_every_decision(opinion):
    row, other = reply(opinion), reply(opinion)
    found = [replies_counted(opinion)]
    for decide in (
        lambda: moderation.publish(row, actor=staff()),
        lambda: moderation.publish(other, actor=staff()),
        lambda: moderation.restore(row, actor=staff()),
        lambda: moderation.publish(row, actor=staff()),
        lambda: moderation.reject(row, actor=staff(), reason=reason()),
        lambda: moderation.restore(row, actor=staff()),
        lambda: moderation.withdraw(row),
        lambda: moderation.withdraw(other),
    ):
        decide()
        found.append(replies_counted(opinion))
        assert found[-1] == Submission.everything.published_replies_to(opinion).count()
    assert found == [0, 1, 2, 1, 2, 1, 1, 1, 0]


def test_a_decision_that_comes_too_late_counts_nothing(opinion):
    row = reply(opinion)
    seen_by_another = Submission.everything.get(pk=row.pk)
    moderation.publish(row, actor=staff())
    with pytest.raises(moderation.StaleDecisionError):
        moderation.publish(seen_by_another, actor=staff())
    assert replies_counted(opinion) == 1


def test_a_reply_that_shows_what_is_never_published_is_held_until_it_is_covered(opinion):
    body = "โอนมาที่เลขประจำตัวประชาชน 1-1017-00230-70-8 นะครับ"
    row = reply(opinion, body=body)
    with pytest.raises(moderation.PersonalDataError):
        moderation.publish(row, actor=staff())
    start = body.index("1-1017")
    moderation.redact(row, [(start, start + 17, "national_id")], actor=staff())
    moderation.publish(row, actor=staff())
    assert "1017" not in Submission.everything.get(pk=row.pk).public_body


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_only_a_published_opinion_takes_replies(status):
    with pytest.raises(intake.NotAcceptingError):
        reply(submission(status))


def test_a_reply_takes_no_replies(opinion):
    with pytest.raises(intake.NotAcceptingError):
        reply(reply(opinion, "published"))


def test_a_closed_plan_takes_no_replies_but_gives_the_same_receipt_again(opinion):
    first = receive(parent=opinion, body=unlike(), key="k")
    said = {"parent": opinion, "body": first.submission.body}
    Plan.objects.update(closes_at=opinion.received_at)
    with pytest.raises(intake.NotAcceptingError):
        receive(key="other", **said)
    again = receive(key="k", **said)
    assert (again.submission, again.secret, again.is_new) == (first.submission, first.secret, False)


def test_the_same_words_under_one_key_to_two_opinions_are_not_the_same(opinion):
    other = submission("published", body=unlike())
    row = receive(parent=opinion, body=unlike(), key="k").submission
    with pytest.raises(intake.AlreadySentError):
        receive(parent=other, body=row.body, key="k")


def test_a_reply_is_at_most_2000_characters_long(opinion):
    assert reply(opinion, body="ก" * 2_000)
    with pytest.raises(ValidationError, match="2001"):
        reply(opinion, body="ก" * 2_001)


def test_equal_replies_found_no_campaign_and_join_none(opinion):
    rows = [reply(opinion, body=opinion.body) for _ in range(3)]
    assert {row.campaign for row in rows} == {None}
    assert receive(body=opinion.body).submission.campaign_id
    assert sum(campaigns.gather()) == 0


def test_the_database_keeps_a_reply_below_its_opinion_and_without_a_stance(opinion):
    row = reply(opinion)
    rows = Submission.everything.filter(pk=row.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(parent=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(stance="agree")


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_a_reply_is_shown_only_below_what_is_published(opinion, status):
    row = reply(opinion, "published")
    assert row.is_shown
    moderation.reject(opinion, actor=staff(), reason=reason())
    assert not Submission.everything.with_labels().get(pk=row.pk).is_shown
    assert not reply(submission("published", body=unlike()), status).is_shown
