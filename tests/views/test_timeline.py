import pytest
from django.utils import translation

from comments import authoring, moderation
from comments.models import Submission
from comments.views.timeline import steps
from tests.factories import reason, staff, submission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def told(row):
    return [(step.when, step.title) for step in steps(Submission.objects.get(pk=row.pk))]


RECEIVED = ("done", "We received your opinion")
ANSWER = ("later", "Answered")
WAITING = [
    ("now", "In moderation"),
    ("later", "Published, or not published with the reason"),
    ANSWER,
]


@pytest.mark.parametrize(
    ("status", "rest"),
    [
        ("pending", WAITING),
        ("published", [("now", "Staff published it"), ANSWER]),
        ("rejected", [("now", "Staff decided not to publish it")]),
        ("withdrawn", [("now", "You took it back")]),
    ],
)
def test_each_state_tells_what_was_what_is_and_what_may_follow(status, rest):
    assert told(submission(status)) == [RECEIVED, *rest]


def test_the_reason_is_told_and_stays_told_after_the_decision_was_taken_back():
    row = submission("rejected")
    assert steps(row)[-1].text == reason().explanation_en
    moderation.restore(row, actor=staff())
    assert told(row) == [
        RECEIVED,
        ("done", "Staff decided not to publish it"),
        ("done", "Staff took their decision back"),
        *WAITING,
    ]
    assert steps(row)[1].text == reason().explanation_en


def test_edits_and_a_request_for_erasure_are_told():
    row = submission()
    authoring.edit(row, "ขอเปลี่ยนเป็นเรื่องไฟส่องสว่างริมคลอง")
    authoring.ask_for_erasure(Submission.objects.get())
    assert told(row) == [
        RECEIVED,
        ("done", "You changed your words"),
        ("done", "You took it back"),
        ("done", "You asked us to erase it"),
        ("now", "Staff look into your request"),
    ]


def test_what_happened_has_its_moment_and_what_may_follow_has_none():
    found = steps(submission("published"))
    assert [bool(step.at) for step in found] == [True, True, False]


def test_the_number_of_queries_does_not_grow_with_the_history(django_assert_num_queries):
    row = submission("published")
    for status in ("restored", "published", "restored"):
        moderation.restore(row, actor=staff()) if status == "restored" else moderation.publish(
            row, actor=staff()
        )
    row = Submission.objects.get()
    with django_assert_num_queries(2):
        steps(row)
