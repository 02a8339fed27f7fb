"""Opinions as they stood at a moment, whatever happened since."""

import io
import json
import random
from datetime import timedelta

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from comments import authoring, campaigns, erasure, moderation, placing, reactions
from comments.exports import moments, opinions
from comments.exports.filters import ExportFilter
from comments.models import DevelopmentGoal, FormerValue, Meeting, Strategy, Submission
from tests.factories import BODY, answered, reason, receive, staff, submission, unlike

pytestmark = pytest.mark.django_db

GOAL = "G67-1.1-01"


def file_of(at, form="csv", **filters):
    """Return the bytes of a file as of `at`."""
    chosen = ExportFilter(filters)
    assert chosen.is_valid(), chosen.errors
    file = io.BytesIO()
    opinions.write(opinions.chosen(chosen), at, form, file)
    return file.getvalue()


def cells(at, **filters):
    """Return the rows as of `at`, by their reference."""
    lines = file_of(at, "jsonl", **filters).decode().splitlines()
    return {row["reference"]: row for row in map(json.loads, lines)}


def what_may_happen(row, dice):
    """Return what may be done with `row` as it stands."""
    moderator = staff()
    found = {
        "publish": lambda: moderation.publish(row, actor=moderator),
        "edit": lambda: authoring.edit(row, f"{row.words} {unlike()}"),
        "redact": lambda: moderation.redact(row, [(0, 3, "other")], actor=moderator),
        "reject": lambda: moderation.reject(
            row, actor=moderator, reason=reason(dice.choice(["insult", "off_topic"]))
        ),
        "restore": lambda: moderation.restore(row, actor=moderator),
        "withdraw": lambda: moderation.withdraw(row),
        "vote": lambda: reactions.vote(
            row, voter=f"{dice.random()}", value=dice.choice(["agree", "disagree"])
        ),
        "answer": lambda: answered(row),
        "split": lambda: campaigns.split(row, actor=moderator, reason="x"),
    }
    may = {
        "pending": ["publish", "publish", "edit", "redact", "reject", "withdraw"],
        "published": ["redact", "reject", "restore", "vote", "vote", "answer"],
        "rejected": ["restore"],
        "withdrawn": [],
    }[row.status]
    return [found[name] for name in [*may, *(["split"] if row.campaign_id else [])]]


def happen(rows, dice):
    row = dice.choice(rows)
    row.refresh_from_db()
    if deeds := what_may_happen(row, dice):
        dice.choice(deeds)()


@pytest.mark.parametrize("steps", [40])
def test_the_same_moment_gives_the_same_bytes_after_anything_that_happened_later(steps):
    dice = random.Random(67)  # noqa: S311
    rows = [submission("published", goal=GOAL) for _ in range(3)]
    rows += [submission(body=unlike()) for _ in range(4)]
    before = []
    chosen = [{}, {"form": "xlsx"}, {"status": "published"}, {"q": "ตลาด"}, {"q": "-ริม"}, {"strategy": "1"}]
    for step in range(steps):
        if step % (steps // 4) == 0:
            at = moments.settle()
            before.append((at, [file_of(at, **said) for said in chosen]))
            rows.append(submission(body=rows[0].body))
        happen(rows, dice)
    assert len({files[0] for _at, files in before}) == 4
    for at, files in before:
        assert [file_of(at, **said) for said in chosen] == files


def test_a_search_and_a_strategy_choose_by_what_was_said_then():
    row, other = submission(body="ริมคลองมีตลาด", goal=GOAL), submission(goal="G67-2.2-01")
    at = moments.settle()
    authoring.edit(row, "ทางเท้าหน้าโรงเรียน")
    authoring.edit(other, "ริมคลองมีตลาดนัด")
    moved = DevelopmentGoal.objects.get(code=GOAL)
    moved.strategy = Strategy.objects.get(code="2.2", framework=moved.strategy.framework)
    moved.save()
    later = moments.settle()
    assert set(cells(at, q="ตลาด")) == set(cells(at, strategy="1")) == {row.reference}
    assert set(cells(later, q="ตลาด")) == {other.reference}
    assert not cells(later, strategy="1")
    assert set(cells(later, strategy="2")) == {row.reference, other.reference}


def test_a_search_finds_what_is_covered_only_as_of_before_it_was():
    row = submission(body="ต้นจามจุรีของนายสมมุติ ริมคลองมีตลาด")
    at = moments.settle()
    moderation.redact(row, [(10, 22, "other")], actor=staff())
    later = moments.settle()
    assert [set(cells(moment, q="สมมุติ")) for moment in (at, later)] == [{row.reference}, set()]
    assert [set(cells(moment, q="ตลาด")) for moment in (at, later)] == [{row.reference}, {row.reference}]


def test_each_column_is_as_it_was():
    row = submission("published", goal=GOAL, meeting=Meeting.objects.get())
    twin = submission()
    moderation.redact(row, [(0, 3, "other")], actor=staff())
    at = moments.settle()
    before = cells(at)
    moderation.redact(row, [], actor=staff())
    reactions.vote(row, voter="1", value="agree")
    answered(row)
    campaigns.split(twin, actor=staff(), reason="x")
    row.refresh_from_db()
    moderation.reject(row, actor=staff(), reason=reason())
    DevelopmentGoal.objects.filter(code=GOAL).update(title_th="ใหม่", code="ใหม่")
    Meeting.objects.update(title_th="ใหม่")
    authoring.edit(twin, unlike())
    changed = cells(moments.settle())[row.reference]
    assert cells(at) == before
    told = before[row.reference]
    assert (told["status"], told["reason_code"], told["agree"], told["answered_at"]) == (
        "published",
        None,
        0,
        None,
    )
    assert (told["campaign_size"], told["goal_code"], told["body"]) == (2, GOAL, f"▇▇▇{BODY[3:]}")
    assert before[twin.reference]["body"] == BODY
    assert changed["status"] == "rejected"
    assert (changed["reason_code"], changed["agree"], changed["answer_outcome"]) == (
        "off_topic",
        1,
        "adopted",
    )
    assert (changed["campaign_size"], changed["goal_code"], changed["meeting"]) == (1, "ใหม่", "ใหม่")


def test_what_came_on_paper_is_there_from_when_it_was_typed_in_not_from_its_day():
    submission()
    at = moments.settle()
    before = file_of(at)
    receive(channel="paper", at=timezone.now() - timedelta(days=3))
    assert file_of(at) == before
    assert len(cells(moments.settle())) == 2


def test_a_goal_is_asked_for_as_it_was():
    row = submission(goal=GOAL)
    at = moments.settle()
    placing.move(row, DevelopmentGoal.objects.exclude(code=GOAL).first(), actor=staff(), note="x")
    assert cells(at, goal=GOAL, strategy="1").keys() == {row.reference}
    assert not cells(moments.settle(), goal=GOAL)


def test_a_status_is_asked_for_as_it_was():
    row = submission("published")
    other = submission(body=unlike())
    at = moments.settle()
    moderation.restore(row, actor=staff())
    moderation.publish(other, actor=staff())
    assert cells(at, status="published").keys() == {row.reference}
    assert cells(moments.settle(), status="published").keys() == {other.reference}


def test_an_erasure_leaves_nothing_of_the_words_at_any_moment_and_the_row_still_counts():
    row = receive(body=unlike()).submission
    authoring.edit(row, "ถ้อยคำลับ ถ้อยคำลับ")
    row.refresh_from_db()
    moderation.redact(row, [(0, 3, "other")], actor=staff())
    moderation.redact(row, [], actor=staff())
    at = moments.settle()
    assert "ถ้อยคำลับ" in file_of(at).decode()
    erasure.erase(row, actor=staff(), ground="writing")
    told = cells(at)[row.reference]
    assert (told["body"], told["status"], told["organisation"]) == (None, "pending", None)
    assert not [
        value for value in FormerValue.objects.values_list("value", flat=True) if "ลับ" in (value or "")
    ]


def test_moments_are_read_and_refused_in_words():
    plan = submission().plan
    assert moments.parse("2026-11-22T17:00").isoformat() == "2026-11-22T17:00:00+07:00"
    assert moments.parse("2026-11-22T17:00Z").isoformat() == "2026-11-22T17:00:00+00:00"
    for text in ("", "2026-11-22", "2026-02-30T00:00", "เมื่อวาน", "9" * 99):
        with pytest.raises(moments.ValidationError, match="2026-11-22T17:00"):
            moments.parse(text)
    for text, code in (("9999-12-31T23:59:59-12:00", "future"), ("0001-01-01T00:00+12:00", "too_early")):
        with pytest.raises(moments.ValidationError) as refused:
            moments.check(moments.parse(text), plan=plan)
        assert refused.value.code == code
    moments.check(moments.settle())


def test_of_rows_from_before_nothing_is_told_earlier_than_the_first_change():
    row = submission()
    early = moments.settle()
    connection.cursor().execute("DROP TRIGGER comments_submission_is_sealed" + on_table())
    Submission.everything.update(recorded_at=None)
    moderation.publish(row, actor=staff())
    with pytest.raises(moments.ValidationError):
        moments.check(early)
    moments.check(moments.settle())


def on_table():
    return " ON comments_submission" if connection.vendor == "postgresql" else ""


def test_a_file_waits_for_those_who_write_and_gives_up_in_the_end(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite who writes is alone")
    monkeypatch.setattr(moments, "_PATIENCE", 0)
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        other.cursor().execute("LOCK TABLE comments_submission IN ROW EXCLUSIVE MODE")
        with pytest.raises(moments.UnsettledError):
            moments.settle()
        other.rollback()
        assert moments.settle()
    finally:
        other.close()
