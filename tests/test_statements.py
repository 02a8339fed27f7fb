from datetime import timedelta

import pytest
from django.utils import timezone

from comments import remembering, statements
from comments.models import Submission
from tests.factories import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def opinions():
    now = timezone.now()
    return [submission("published", at=now - timedelta(minutes=n)) for n in range(4)]


def after(moment, pk):
    return Submission.objects.published().filter(received_at__lte=moment, id__gt=pk).order_by("-received_at")


def test_a_statement_is_written_once_and_asked_with_other_values(opinions):
    made = []

    def make(moment, pk):
        made.append(moment)
        return after(moment, pk)

    with remembering.at((1 + remembering._frame._known[0], 0)):
        for row in opinions:
            asked = (row.received_at, opinions[0].pk - 1)
            assert statements.fetch(Submission, make, "after", *asked) == list(after(*asked))
    assert len(made) == 1
    assert made[0] != opinions[0].received_at, "it was written for one of the values"


def test_a_key_a_number_of_values_and_a_change_of_reference_rows_each_make_another(opinions):
    def fetch(make, key, *values):
        return statements.fetch(Submission, make, key, *values)

    def one(*pk):
        return Submission.objects.filter(pk__in=pk) if pk else Submission.objects.order_by("-pk")

    newest, first = 1 + remembering._frame._known[0], opinions[0].pk
    with remembering.at((newest, 0)):
        assert fetch(one, "a", first) == [opinions[0]]
        assert fetch(one, "a") == opinions[::-1]
        assert fetch(Submission.objects.none, "b") == []
    with remembering.at((newest + 1, 0)):
        assert fetch(lambda pk: Submission.objects.exclude(pk=pk).order_by("pk"), "a", first) == opinions[1:]


def test_what_is_asked_for_once_is_not_kept(opinions):
    with remembering.at((1 + remembering._frame._known[0], 0)):
        assert statements.fetch(Submission, Submission.objects.none, None) == []
        assert len(statements.fetch(Submission, Submission.objects.all, None)) == len(opinions)


def test_there_is_an_end_to_how_many_are_kept(monkeypatch):
    monkeypatch.setattr(statements, "MOST", 3)
    with remembering.at((1 + remembering._frame._known[0], 0)):
        for key in range(10):
            statements.fetch(Submission, Submission.objects.all, key)
        assert len(remembering.of_frame(dict, "statements")) <= 3
