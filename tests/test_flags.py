from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from comments import erasure, flags, moderation, retention, tally
from comments.limits import TooManyTriesError
from comments.models import Flag, Submission, Tries
from tests.factories import reason, reply, staff, submission, unlike
from tests.test_retention import close_plan

pytestmark = pytest.mark.django_db

NOTE = "อ่านแล้ว ไม่ผิดเงื่อนไข"
CLIENT = "fd00::1"


def flag(row, voter="a", *, why="insult", words="", client=CLIENT, at=None):
    return flags.flag(row, voter=voter, client=client, reason=why, words=words, at=at)


def fresh(row):
    return Submission.everything.get(pk=row.pk)


def close(row, last=None, who="moderator"):
    last = last or row.flags.last().pk
    return flags.close(row, actor=staff(who), note=NOTE, last=last)


def test_a_flag_is_kept_and_counted_and_hides_nothing():
    row = submission("published")
    made = flag(row, words="คำหยาบ")
    assert (made.reason, made.words, made.closed_at) == ("insult", "คำหยาบ", None)
    assert (fresh(row).flag_count, fresh(row).status) == (1, "published")
    assert list(Submission.everything.flagged()) == [row]
    assert row.events.count() == 2


def test_one_browser_flags_an_opinion_once_and_leaves_no_trace_from_one_to_the_other():
    first, second = submission("published", body=unlike()), submission("published", body=unlike())
    made = flag(first)
    assert flag(first, why="advertising", words="อีกครั้ง") == made
    other = flag(second)
    assert made.voter != other.voter
    assert "a" not in {made.voter, other.voter}
    assert (fresh(first).flag_count, fresh(second).flag_count) == (1, 1)


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_only_what_the_public_reads_can_be_flagged(status):
    with pytest.raises(flags.NotShownError):
        flag(submission(status))
    assert not Flag.objects.exists()


def test_a_reply_can_be_flagged_while_its_opinion_is_shown():
    opinion = submission("published")
    row = reply(opinion, "published")
    flag(row)
    assert fresh(row).flag_count == 1
    moderation.reject(opinion, actor=staff(), reason=reason())
    with pytest.raises(flags.NotShownError):
        flag(fresh(row), voter="b")


@pytest.mark.parametrize("words", ["ก" * 501, "ก" * 100_000, "a\x00b", "a\ud800"])
def test_words_that_cannot_be_kept_are_refused(words):
    row = submission("published")
    with pytest.raises(ValidationError):
        flag(row, words=words)
    assert fresh(row).flag_count == 0


def test_500_thai_characters_with_their_marks_can_be_said():
    assert flag(submission("published"), words="ที่" * 500).words == "ที่" * 500


def test_an_unknown_reason_is_refused():
    with pytest.raises(ValueError, match="perhaps"):
        flag(submission("published"), why="perhaps")


def test_ten_an_hour_are_taken_from_one_client_and_its_address_is_kept_nowhere():
    now = timezone.now()
    rows = [submission("published", body=unlike()) for _ in range(11)]
    for row in rows[:10]:
        flag(row, at=now)
    with pytest.raises(TooManyTriesError) as error:
        flag(rows[10], voter="b", at=now + timedelta(minutes=20))
    assert error.value.minutes == 40
    assert flag(rows[0], at=now).voter
    flag(rows[10], voter="b", client="fd00::2", at=now)
    flag(rows[9], voter="b", at=now + timedelta(hours=1))
    kept = str([list(model.objects.values_list()) for model in (Flag, Tries)])
    assert CLIENT not in kept


def test_closing_takes_those_that_were_read_and_leaves_what_came_later():
    row = submission("published")
    read = flag(row)
    later = flag(row, voter="b")
    event = close(row, last=read.pk)
    assert (event.kind, event.note, event.actor) == ("flags_closed", NOTE, staff())
    assert fresh(row).flag_count == 1
    assert [one.closed_at is None for one in row.flags.all()] == [False, True]
    close(row, last=later.pk)
    assert fresh(row).flag_count == 0
    with pytest.raises(flags.NothingOpenError):
        close(row)
    assert flag(row) == read
    assert fresh(row).flag_count == 0


def test_closing_needs_a_note():
    row = submission("published")
    made = flag(row)
    with pytest.raises(ValueError, match="note"):
        flags.close(row, actor=staff(), note=" ", last=made.pk)


def test_an_erasure_takes_the_words_and_leaves_nothing_waiting():
    row = submission("published")
    made = flag(row, words="ชื่อของฉัน")
    erasure.erase(fresh(row), actor=staff("administrator"), ground="writing")
    made.refresh_from_db()
    assert (made.words, fresh(row).flag_count) == ("", 0)
    assert made.closed_at


def test_after_their_time_the_words_go_but_not_while_one_waits(settings):
    settings.RETAIN_CONTACT_DAYS = 30
    closed, waits = submission("published", body=unlike()), submission("published", body=unlike())
    flag(closed, words="ปิดแล้ว")
    flag(waits, words="ยังรอ")
    close(closed)
    close_plan(30)
    assert {rule.key: n for rule, n in retention.purge() if n} == {"flags": 1}
    assert {one.words for one in Flag.objects.all()} == {"", "ยังรอ"}


def test_what_is_withheld_has_no_open_reports_and_gets_none_back_when_restored():
    row, other = submission("published", body=unlike()), submission("published", body=unlike())
    for voter in "ab":
        flag(row, voter)
        flag(other, voter)
    moderation.reject(fresh(row), actor=staff(), reason=reason())
    assert [(one.closed_by, one.closed_at) for one in row.flags.all()] == [
        (staff(), fresh(row).moderated_at)
    ] * 2
    assert list(Submission.everything.flagged()) == [other]
    assert tally.closed_flags(row) == [{"closed_at": fresh(row).moderated_at, "name": "moderator", "n": 2}]
    moderation.restore(fresh(row), actor=staff())
    moderation.publish(fresh(row), actor=staff())
    assert (fresh(row).flag_count, row.flags.all().open().count()) == (0, 0)
    flag(row, "c")
    assert fresh(row).flag_count == 1
