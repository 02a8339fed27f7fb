import pytest
from django.utils import timezone

from comments import authoring
from comments.models import Appeal, Contact, ErasureRequest, Submission, SubmissionEvent
from comments.models.storing_rows import insert, refer_to, standing
from tests.factories import receive

pytestmark = pytest.mark.django_db


def test_what_the_database_fills_in_is_there_for_who_asks(django_assert_num_queries):
    began = timezone.now().replace(microsecond=0)
    row = receive().submission
    with django_assert_num_queries(1):
        assert began <= row.recorded_at <= timezone.now()
    assert Submission.objects.get() == row
    assert row.recorded_at == Submission.objects.get().recorded_at


def test_rows_get_their_keys_in_their_order(django_assert_num_queries):
    row = receive().submission
    events = [SubmissionEvent(submission=row, kind="noted", note=f"{number}") for number in range(20)]
    with django_assert_num_queries(1):
        insert(events)
    stored = {event.pk: event.note for event in row.events.filter(kind="noted")}
    assert stored == {event.pk: event.note for event in events}
    with django_assert_num_queries(0):
        insert([])


def test_only_values_that_stand_are_told():
    row = receive().submission
    asked = [row.reference, "67-0000-0000", "'; --"]
    assert standing(Submission, "reference", asked) == {row.reference}
    assert standing(Submission, "reference", asked, plan_id=row.plan_id) == {row.reference}
    assert standing(Submission, "reference", asked, plan_id=row.plan_id + 1) == set()


def test_one_question_tells_what_refers_to_a_row(django_assert_num_queries):
    row, other = (receive(key=key, email="somying@example.org").submission for key in ("a", "b"))
    authoring.ask_for_erasure(other)
    for one, expected in ((row, [True, False, False]), (other, [True, False, True])):
        with django_assert_num_queries(1):
            assert refer_to(one, Contact, Appeal, ErasureRequest) == expected
