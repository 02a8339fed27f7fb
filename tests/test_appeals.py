import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from comments import appeals, erasure, moderation, retention, second_persons, tally
from comments.models import Appeal, Plan, Submission
from tests.factories import reason, staff, submission, unlike
from tests.test_retention import close_plan

pytestmark = pytest.mark.django_db

WORDS = "ข้อความนี้เกี่ยวกับแผนโดยตรง โปรดอ่านอีกครั้ง"
WHY = "ข้อความไม่เกี่ยวกับแผนพัฒนาปีนี้"
ID = "1-1111-11111-11-9"


def rejected(**said):
    return submission("rejected", actor=staff("first"), body=said.pop("body", unlike()), **said)


def appealed(**said):
    return appeals.lodge(rejected(**said), WORDS)


def fresh(row):
    return Submission.everything.get(pk=row.pk)


def kinds(row):
    return list(row.events.order_by("pk").values_list("kind", flat=True))


def test_an_appeal_is_kept_told_and_waits():
    appeal = appealed()
    row = fresh(appeal.submission)
    event = row.events.get(kind="appealed")
    assert (appeal.body, appeal.outcome, event.actor, event.from_status) == (WORDS, "", None, "rejected")
    assert row.status == event.to_status == "rejected"
    assert row.is_appealed
    assert list(Submission.everything.appealed()) == [row]


def test_the_same_words_twice_are_one_appeal_and_other_words_are_refused():
    appeal = appealed()
    assert appeals.lodge(appeal.submission, WORDS) == appeal
    with pytest.raises(appeals.NotAppealableError):
        appeals.lodge(appeal.submission, WHY)
    assert kinds(appeal.submission).count("appealed") == Appeal.objects.count() == 1


@pytest.mark.parametrize("status", ["pending", "published", "withdrawn"])
def test_only_what_is_rejected_can_be_appealed_against(status):
    row = submission(status)
    assert not appeals.can_appeal(row)
    with pytest.raises(appeals.NotAppealableError):
        appeals.lodge(row, WORDS)


def test_what_is_rejected_again_after_it_was_granted_can_be_appealed_against_again():
    appeal = appealed()
    appeals.grant(appeal, actor=staff("second"), publishes=True)
    row = fresh(appeal.submission)
    moderation.reject(row, actor=staff("third"), reason=reason())
    again = appeals.lodge(fresh(row), WORDS)
    assert again != appeal
    assert appeals.lodge(fresh(row), WORDS) == again
    assert fresh(row).appeal == again
    assert list(Submission.everything.appealed()) == [row]
    for took_part in ("second", "third"):
        with pytest.raises(appeals.TookPartError):
            appeals.uphold(again, actor=staff(took_part), words=WHY)
    appeals.uphold(again, actor=staff("fourth"), words=WHY)
    assert not appeals.can_appeal(fresh(row))
    assert tally.oversight(row.plan).appeals == tally.Appeals(granted=1, upheld=1)


@pytest.mark.parametrize("upheld", [True, False])
def test_one_that_waits_or_was_upheld_stays_the_only_one_although_it_is_rejected_again(upheld):
    appeal = appealed()
    if upheld:
        appeals.uphold(appeal, actor=staff("second"), words=WHY)
    row = fresh(appeal.submission)
    moderation.restore(row, actor=staff("third"))
    moderation.reject(row, actor=staff("third"), reason=reason())
    assert not appeals.can_appeal(fresh(row))
    with pytest.raises(appeals.NotAppealableError):
        appeals.lodge(row, WHY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(submission=row, body=WHY, at=appeal.at)


@pytest.mark.parametrize(
    "words", ["", "สั้นไป", " " * 40, "ก" * 2_001, "ก" * 100_000, f"{WORDS}\x00", f"{WORDS}\ud800"]
)
def test_words_that_cannot_be_received_are_refused(words):
    row = rejected()
    with pytest.raises(ValidationError):
        appeals.lodge(row, words)
    assert not Appeal.objects.exists()


def test_2000_thai_characters_with_their_marks_can_be_said():
    assert appeals.lodge(rejected(), "ที่" * 2_000).body == "ที่" * 2_000


def test_upheld_it_stays_rejected_and_its_author_is_told_why():
    appeal, other = appealed(), staff("second")
    with pytest.raises(ValueError, match="why"):
        appeals.uphold(appeal, actor=other, words=" ")
    appeals.uphold(appeal, actor=other, words=WHY)
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.reply, appeal.decided_by) == ("upheld", WHY, other)
    assert fresh(appeal.submission).status == "rejected"
    assert kinds(appeal.submission)[-2:] == ["appealed", "appeal_upheld"]
    assert not Submission.everything.appealed().exists()


@pytest.mark.parametrize(
    ("publishes", "status", "events"),
    [
        (True, "published", ["appealed", "appeal_granted", "restored", "published"]),
        (False, "pending", ["appealed", "appeal_granted", "restored"]),
    ],
)
def test_granted_it_is_published_or_goes_back_to_the_queue(publishes, status, events):
    appeal, other = appealed(), staff("second")
    appeals.grant(appeal, actor=other, publishes=publishes)
    row = fresh(appeal.submission)
    assert (row.status, row.reason) == (status, None)
    assert kinds(row)[2:] == events
    assert row.events.filter(actor=other).count() == len(events) - 1
    assert tally.totals(Submission.objects.all()).received == 1


def test_what_is_never_published_is_not_published_by_an_appeal_either():
    appeal = appealed(body=f"{unlike()} {ID}")
    with pytest.raises(moderation.PersonalDataError):
        appeals.grant(appeal, actor=staff("second"), publishes=True)
    appeal.refresh_from_db()
    assert (appeal.outcome, fresh(appeal.submission).status) == ("", "rejected")
    assert kinds(appeal.submission)[-1] == "appealed"
    appeals.grant(appeal, actor=staff("second"), publishes=False)
    assert fresh(appeal.submission).status == "pending"


def refuses(appeal, who):
    with pytest.raises(appeals.TookPartError):
        appeals.uphold(appeal, actor=staff(who), words=WHY)
    with pytest.raises(appeals.TookPartError):
        appeals.grant(appeal, actor=staff(who), publishes=True)
    appeal.refresh_from_db()
    assert appeal.outcome == ""


def test_whoever_rejected_it_cannot_decide():
    refuses(appealed(), "first")


def test_whoever_acted_on_it_before_the_rejection_took_part_too():
    row = submission(body=unlike())
    moderation.redact(row, [(0, 3, "other")], actor=staff("covers"))
    moderation.reject(fresh(row), actor=staff("first"), reason=reason())
    appeal = appeals.lodge(row, WORDS)
    for who in ("covers", "first"):
        refuses(appeal, who)
    assert appeals.took_part([row]) == {row.pk: {staff("covers").pk, staff("first").pk}}
    appeals.uphold(appeal, actor=staff("second"), words=WHY)


def test_where_two_people_withheld_it_neither_decides():
    Plan.objects.update(rejection_needs_second_person=True)
    row = submission("published", actor=staff("publisher"), body=unlike())
    second_persons.reject(row, actor=staff("first"), reason=reason())
    second_persons.confirm(fresh(row), actor=staff("confirms"))
    appeal = appeals.lodge(fresh(row), WORDS)
    for who in ("first", "confirms"):
        refuses(appeal, who)
    appeals.grant(appeal, actor=staff("third"), publishes=True)
    assert fresh(row).status == "published"


def test_whoever_acted_before_it_last_awaited_review_or_after_the_rejection_took_no_part():
    row = submission(body=unlike())
    moderation.reject(row, actor=staff("early"), reason=reason())
    moderation.restore(row, actor=staff("early"))
    moderation.reject(row, actor=staff("first"), reason=reason())
    appeal = appeals.lodge(row, WORDS)
    moderation.reveal_contact(row, actor=staff("late"), reason="จะติดต่อผู้เขียน")
    refuses(appeal, "first")
    assert appeals.took_part([row]) == {row.pk: {staff("first").pk}}


def test_taking_the_rejection_back_and_rejecting_again_lets_nobody_judge_themselves():
    appeal = appealed()
    row = fresh(appeal.submission)
    moderation.restore(row, actor=staff("first"))
    with pytest.raises(moderation.StaleDecisionError):
        appeals.uphold(appeal, actor=staff("third"), words=WHY)
    assert not Submission.everything.appealed().exists()
    moderation.reject(row, actor=staff("second"), reason=reason())
    assert list(Submission.everything.appealed()) == [row]
    for who in ("first", "second"):
        refuses(appeal, who)
    appeals.uphold(appeal, actor=staff("third"), words=WHY)


def test_the_second_decision_is_too_late():
    appeal = appealed()
    appeals.uphold(appeal, actor=staff("second"), words=WHY)
    with pytest.raises(moderation.StaleDecisionError):
        appeals.grant(appeal, actor=staff("third"), publishes=True)
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.decided_by) == ("upheld", staff("second"))


def test_an_erasure_takes_the_words_of_the_appeal_and_the_reply():
    appeal = appealed()
    appeals.uphold(appeal, actor=staff("second"), words=WHY)
    erasure.erase(fresh(appeal.submission), actor=staff("administrator"), ground="order")
    appeal.refresh_from_db()
    assert (appeal.body, appeal.reply, appeal.outcome) == ("", "", "upheld")
    assert appeal.erased_at


def test_an_erased_one_waits_for_nobody():
    appeal = appealed()
    erasure.erase(fresh(appeal.submission), actor=staff("administrator"), ground="order")
    assert not Submission.everything.appealed().exists()
    assert not fresh(appeal.submission).is_appealed
    with pytest.raises(moderation.StaleDecisionError):
        appeals.grant(appeal, actor=staff("second"), publishes=True)


def test_after_their_time_the_words_go_but_not_while_one_waits(settings):
    settings.RETAIN_CONTACT_DAYS = 30
    decided, waits = appealed(), appealed()
    appeals.uphold(decided, actor=staff("second"), words=WHY)
    close_plan(29)
    assert not dict(purged())
    close_plan(30)
    assert purged() == {"appeals": 1}
    assert [Appeal.objects.get(pk=one.pk).body for one in (decided, waits)] == ["", WORDS]
    assert purged() == {}


def purged():
    return {rule.key: number for rule, number in retention.purge() if number}


@pytest.mark.parametrize("change", ["body = 'x'", "submission_id = submission_id + 1", "body = ''"])
def test_the_database_seals_the_words(change):
    appealed()
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE comments_appeal SET {change}")  # noqa: S608


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "granted"},
        {"outcome": "upheld", "decided_at": "2026-01-01T00:00Z", "reply": ""},
    ],
)
def test_the_database_keeps_an_outcome_whole(change):
    appeal = appealed()
    if "decided_at" in change:
        change = change | {"decided_by": staff("second")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(**change)
