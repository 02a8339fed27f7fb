from datetime import timedelta

import pytest
from django.utils import timezone

from comments.limits import SLOTS, Limit, TooManyTriesError
from comments.models import Tries

pytestmark = pytest.mark.django_db

LIMIT = Limit("test", most=2, within=timedelta(minutes=10))
NOON = timezone.now()


def refused_at(at):
    with pytest.raises(TooManyTriesError) as error:
        LIMIT.take("it", at=at)
    return error.value


def test_so_many_are_allowed_and_no_more():
    LIMIT.take("it", at=NOON)
    LIMIT.take("it", at=NOON + timedelta(minutes=4))
    assert refused_at(NOON + timedelta(minutes=9)).seconds == 60
    LIMIT.take("another thing", at=NOON)


def test_refused_tries_make_the_wait_no_longer():
    LIMIT.take("it", at=NOON)
    LIMIT.take("it", at=NOON)
    for minute in range(10):
        assert refused_at(NOON + timedelta(minutes=minute)).minutes == 10 - minute
    LIMIT.take("it", at=NOON + timedelta(minutes=10))


def test_what_is_given_back_does_not_count():
    for _ in range(5):
        LIMIT.take("it", at=NOON)
        LIMIT.give_back("it")
    LIMIT.take("it", at=NOON)
    LIMIT.take("it", at=NOON)
    refused_at(NOON)


def test_purposes_are_counted_apart():
    LIMIT.take("it", at=NOON)
    LIMIT.take("it", at=NOON)
    Limit("other", most=1, within=timedelta(hours=1)).take("it", at=NOON)


def test_the_thing_itself_is_not_kept_and_there_are_never_more_rows_than_slots():
    LIMIT.take("67-9PP2-891R")
    row = Tries.objects.get()
    assert {field.name for field in Tries._meta.fields} == {"slot", "count", "since"}
    assert 0 <= row.slot < SLOTS
