import pytest
from django.utils import timezone

from comments import double_checks, leases, moderation, tally
from comments.models import DoubleCheck, Lease, Plan, Submission
from comments.references import LOTS, lot
from tests.factories import reason, reply, staff, submission, unlike

pytestmark = pytest.mark.django_db


@pytest.fixture
def every_one():
    """Draw every decided opinion, so that the lot decides nothing."""
    Plan.objects.update(double_check_percent=100)


def decided(status="published", by="moderator", **said):
    return submission(status, actor=staff(by), **{"body": unlike()} | said)


def look(row, by="second", why=None):
    """Give the verdict of `by` on `row`, which must be the next for them."""
    assert double_checks.take(staff(by)) == row
    return double_checks.record(double_checks.token(row, staff(by)), actor=staff(by), reason=why)


def test_the_lot_is_always_the_same_and_falls_on_fewer_than_one_in_twenty():
    references = [f"67-{number:04}-0000" for number in range(4_000)]
    drawn = [lot(reference) for reference in references]
    assert drawn == [lot(reference) for reference in references]
    assert min(drawn) >= 0
    assert max(drawn) < LOTS
    assert 0.035 < sum(one < LOTS * 5 // 100 for one in drawn) / len(drawn) < 0.065
    row = submission()
    assert Submission.objects.get().lot == lot(row.reference)


def test_the_plan_sets_the_share():
    row = decided()
    row.plan.double_check_percent = row.lot // 100 + 1
    row.plan.save()
    assert list(double_checks.waiting(staff("second"))) == [row]
    Plan.objects.update(double_check_percent=row.lot // 100)
    assert not double_checks.waiting(staff("second"))


def test_a_second_moderator_gets_what_is_decided_and_what_they_had_no_hand_in(every_one):
    first, second = decided(), decided("rejected")
    submission()
    submission("withdrawn")
    reply(first, "published")
    touched = decided()
    moderation.redact(touched, [(0, 3, "other")], actor=staff("second"))
    assert list(double_checks.waiting(staff("second"))) == [first, second]
    assert not double_checks.waiting(staff("moderator"))
    moderation.restore(first, actor=staff("moderator"))
    assert list(double_checks.waiting(staff("second"))) == [second]


def test_of_copies_of_one_text_one_is_enough(every_one):
    copies = [decided(body="ขอสวนสาธารณะใกล้บ้านที่เดินถึงได้ทุกเขต") for _ in range(3)]
    assert len({row.campaign_id for row in Submission.objects.all()}) == 1
    look(copies[0])
    assert not double_checks.waiting(staff("second"))


def test_a_verdict_changes_nothing_but_is_kept_beside_the_decision(every_one):
    row = decided()
    before = Submission.objects.values().get()
    events = row.events.count()
    found = look(row, why=reason())
    assert (found.decision, found.verdict, found.reason) == (row.events.latest("pk"), "rejected", reason())
    assert Submission.objects.values().get() == before
    assert row.events.count() == events
    assert not found.agrees
    assert list(DoubleCheck.objects.differing()) == [found]
    assert not DoubleCheck.objects.agreeing()


def test_both_say_the_same_for_whatever_reason(every_one):
    look(decided("rejected"), why=reason("duplicate"))
    look(decided())
    assert [found.agrees for found in DoubleCheck.objects.all()] == [True, True]
    assert DoubleCheck.objects.agreeing().count() == 2


def test_nobody_judges_twice_what_another_judged_or_what_was_decided_anew(every_one):
    row = decided()
    shown = double_checks.token(double_checks.take(staff("second")), staff("second"))
    Lease.objects.update(expires_at=timezone.now())
    look(row, by="third")
    with pytest.raises(double_checks.GoneError):
        double_checks.record(shown, actor=staff("second"))
    other = decided()
    shown = double_checks.token(double_checks.take(staff("second")), staff("second"))
    moderation.restore(other, actor=staff("moderator"))
    moderation.publish(other, actor=staff("moderator"))
    with pytest.raises(double_checks.GoneError):
        double_checks.record(shown, actor=staff("second"))
    assert DoubleCheck.objects.count() == 1


def test_two_never_have_the_same_one_in_hand_nor_copies_of_it(every_one):
    first, _copy = (decided(body="ขอสวนสาธารณะใกล้บ้านที่เดินถึงได้ทุกเขต") for _ in range(2))
    other = decided()
    assert [double_checks.take(staff(by)) for by in ("second", "third", "fourth")] == [first, other, None]
    assert double_checks.take(staff("second")) == first
    Lease.objects.update(expires_at=timezone.now())
    assert double_checks.take(staff("fourth")) == first
    with pytest.raises(double_checks.GoneError):
        double_checks.record(double_checks.token(first, staff("second")), actor=staff("second"))
    double_checks.record(double_checks.token(first, staff("fourth")), actor=staff("fourth"))
    assert [lease.submission for lease in Lease.objects.all()] == [other]


def test_who_checks_a_decision_keeps_nobody_from_its_copies_that_wait(every_one):
    words = "ขอสวนสาธารณะใกล้บ้านที่เดินถึงได้ทุกเขต"
    checked, waits = decided(body=words), submission(body=words)
    assert double_checks.take(staff("second")) == checked
    assert leases.take_first(Submission.objects.pending(), holder=staff("third")).submission == waits
    assert double_checks.take(staff("second")) == checked


def test_a_page_left_open_is_good_until_somebody_else_takes_the_opinion(every_one):
    decided()
    row = double_checks.take(staff("second"))
    Lease.objects.update(expires_at=timezone.now())
    double_checks.record(double_checks.token(row, staff("second")), actor=staff("second"))
    assert double_checks.take(staff("third")) is None


def test_a_verdict_can_be_changed_and_deleted_by_nobody(every_one):
    found = look(decided())
    for deed in (
        lambda: DoubleCheck.objects.update(verdict="rejected"),
        lambda: DoubleCheck.objects.all().delete(),
        found.delete,
    ):
        with pytest.raises(TypeError, match="second verdict"):
            deed()


def test_agreement_is_counted_by_both_verdicts(every_one):
    for _ in range(3):
        look(decided())
    look(decided("rejected"), why=reason())
    look(decided(), why=reason())
    found = tally.agreement(Plan.objects.current())
    assert found == tally.Agreement(3, 1, 1, 0)
    assert (found.number, found.same, found.share) == (5, 4, 0.8)
    assert round(found.kappa, 3) == 0.545


def test_where_chance_brings_all_there_is_no_kappa():
    assert tally.Agreement().kappa is None
    assert tally.Agreement().share is None
    assert tally.Agreement(4).kappa is None
    assert tally.Agreement(0, 0, 1, 1).kappa == -1
