"""Themes: who gave which when, their history, merging once, and counts that equal the rows."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import erasure, tally, themes
from comments.admin.queue import QueueFilter
from comments.models import DevelopmentGoal, Plan, Submission, SubmissionEvent, Tag, Theme, ThemeEvent
from tests.factories import answered, reply, staff, submission, theme, unlike

pytestmark = pytest.mark.django_db

Kind = SubmissionEvent.Kind
MOMENT = datetime(2023, 3, 3, 5, 0, tzinfo=UTC)
GOAL = "G67-1.1-01"


def given_to(row):
    return {tag.theme.code for tag in row.tags.all()}


def kinds(row):
    return list(row.events.filter(kind__in=("tagged", "untagged", "retagged")).values_list("kind", flat=True))


def test_a_theme_is_given_once_and_taken_away_with_who_and_when():
    row, flood = submission(), theme()
    assert themes.tag([row], flood, actor=staff(), at=MOMENT) == [row]
    assert themes.tag([row], flood, actor=staff("planner")) == []
    (tag,) = row.tags.all()
    assert (tag.theme, tag.actor, tag.at) == (flood, staff(), MOMENT)
    event = row.events.get(kind=Kind.TAGGED)
    assert (event.actor, event.at, event.note) == (staff(), MOMENT, "flood น้ำท่วม")
    assert themes.untag([row], flood, actor=staff("planner")) == [row]
    assert themes.untag([row], flood, actor=staff()) == []
    assert not row.tags.exists()
    assert kinds(row) == ["untagged", "tagged"]


def test_a_reply_what_is_erased_and_what_is_of_another_plan_get_none():
    opinion, gone, flood = submission("published"), submission("rejected", body=unlike()), theme()
    erasure.erase(gone, actor=staff(), ground="order", case_number="1/2567")
    gone.refresh_from_db()
    assert themes.tag([reply(opinion), gone, opinion], flood, actor=staff()) == [opinion]
    plan = Plan.objects.current()
    plan.pk, plan.fiscal_year = None, 2568
    plan.save()
    assert themes.tag([opinion], theme(plan=plan), actor=staff()) == []


def test_a_new_name_keeps_the_old_one_in_the_history():
    flood = theme()
    assert themes.reword(flood, {"title_th": "น้ำท่วมขัง"}, actor=staff())
    assert themes.reword(flood, {"title_th": "น้ำท่วมขัง"}, actor=staff()) is None
    told = [(event.kind, event.title_th, event.actor.username) for event in flood.events.all()]
    assert told == [("changed", "น้ำท่วมขัง", "moderator"), ("created", "น้ำท่วม", "planner")]
    flood.refresh_from_db()
    assert flood.title == "น้ำท่วมขัง"


def test_merging_moves_the_opinions_once_and_keeps_another_name():
    flood, drains = theme(), theme("drains", title_th="ท่อ")
    both, one, other = (submission(body=unlike()) for _ in range(3))
    themes.tag([both, one], drains, actor=staff(), at=MOMENT)
    themes.tag([both, other], flood, actor=staff())
    assert themes.merge(drains, flood, actor=staff("planner"))
    assert not themes.merge(drains, flood, actor=staff("planner"))
    assert [given_to(row) for row in (both, one, other)] == [{"flood"}] * 3
    assert one.tags.get().at == MOMENT
    assert [kinds(row) for row in (both, one, other)] == [
        ["retagged", "tagged", "tagged"],
        ["retagged", "tagged"],
        ["tagged"],
    ]
    assert both.events.get(kind=Kind.RETAGGED).note == "drains ท่อ → flood น้ำท่วม"
    assert list(Theme.objects.standing()) == [flood]
    assert Theme.objects.aliases() == {drains.pk: flood.pk}
    history = ThemeEvent.objects.order_by("pk").values_list("theme__code", "kind", "other__code")
    assert list(history)[2:] == [("drains", "merged", "flood"), ("flood", "took_in", "drains")]


def test_a_name_of_a_name_leads_to_what_stands():
    first, second, third = theme("a"), theme("b"), theme("c")
    themes.merge(first, second, actor=staff())
    themes.merge(second, third, actor=staff())
    assert Theme.objects.aliases() == {first.pk: third.pk, second.pk: third.pk}


def test_what_was_merged_is_neither_given_nor_changed_nor_merged_elsewhere():
    first, second, third = theme("a"), theme("b"), theme("c")
    themes.merge(first, second, actor=staff())
    for deed in (
        lambda: themes.tag([submission()], first, actor=staff()),
        lambda: themes.untag([submission()], first, actor=staff()),
        lambda: themes.reword(first, {"title_th": "x"}, actor=staff()),
        lambda: themes.merge(first, third, actor=staff()),
        lambda: themes.merge(third, first, actor=staff()),
    ):
        with pytest.raises(themes.MergedError):
            deed()
    with pytest.raises(ValueError, match="another one"):
        themes.merge(third, third, actor=staff())


def test_nothing_of_a_theme_is_deleted_and_its_history_is_sealed():
    flood = theme()
    for deed in (flood.delete, Theme.objects.all().delete, ThemeEvent.objects.all().delete):
        with pytest.raises(TypeError):
            deed()
    event = flood.events.get()
    event.title_th = "x"
    with pytest.raises(DatabaseError), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        theme()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("ซอยแถวบ้านนํ้าท่วมทุกปี", ["น้ำท่วม"]),
        ("ช่วยระบายน้ำ อย่าให้น้ำท่วม", ["น้ำท่วม", "ระบายน้ำ"]),
        ("อยากให้ลดฝุ่น PM2.5 หน้าโรงเรียน", ["pm2.5"]),
        # ลาด stands in ตลาด, but not as a word.
        ("ตลาดนัดหน้าวัด", []),
        ("-", []),
        ("", []),
    ],
)
def test_key_words_suggest_a_theme_by_whole_words_however_they_are_spelt(body, words):
    flood = Theme(pk=1, words="น้ำท่วม\n ระบายน้ำ \n\nPM2.5\nลาด\n-")
    found = themes.suggested(body, [flood, Theme(pk=2)])
    assert {pk: [word.lower() for word in there] for pk, there in found.items()} == (
        {1: words} if words else {}
    )


def test_suggesting_gives_nothing_by_itself():
    row = submission(body="น้ำท่วมทุกปี ขอให้ลอกท่อ")
    assert themes.suggested(row.words, [theme()])
    assert not Tag.objects.exists()


CODES = ["a", "b", "c"]
DEEDS = st.one_of(
    st.tuples(st.sampled_from(["tag", "untag"]), st.sampled_from(CODES), st.integers(0, 3)),
    st.tuples(st.just("merge"), st.sampled_from(CODES), st.sampled_from(CODES)),
    st.tuples(st.just("answer"), st.just(""), st.integers(0, 3)),
)


def happen(deed, listed, rows):
    name, code, what = deed
    try:
        if name == "merge":
            themes.merge(listed[code], listed[what], actor=staff())
        elif name == "answer" and rows[what].status == "published":
            answered(rows[what])
        elif name in {"tag", "untag"}:
            getattr(themes, name)([rows[what]], listed[code], actor=staff())
    except (themes.MergedError, ValueError):
        pass


def shown(**chosen):
    form = QueueFilter(chosen)
    assert form.is_valid(), form.errors
    rows = form.rows().opinions()
    return rows.filter(status=chosen["status"]) if "status" in chosen else rows


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DEEDS, min_size=3, max_size=12))
def test_counts_equal_the_rows_after_any_history(deeds):
    with transaction.atomic():
        listed = {code: theme(code) for code in CODES}
        states = ["published", "published", "pending", "rejected"]
        rows = [submission(state, body=unlike(), goal=GOAL) for state in states]
        for deed in deeds:
            happen(deed, listed, rows)
        counted = tally.by_theme(Submission.objects.all())
        public = tally.published_by_theme(DevelopmentGoal.objects.get(code=GOAL))
        for row in Theme.objects.all():
            n, asked = counted.get(row.pk, tally.Themed()), {"theme": str(row.pk)}
            if row.merged_into_id:
                assert n == tally.Themed()
                assert set(shown(**asked)) == set(shown(theme=str(row.merged_into_id)))
                continue
            have = {tag.submission for tag in Tag.objects.filter(theme=row)}
            assert set(shown(**asked)) == have
            assert n.opinions == len(have)
            assert n.published == shown(status="published", **asked).count() == public.get(row.pk, 0)
            assert n.answered == shown(status="published", answer="answered", **asked).count()
            assert n.blank == shown(status="published", answer="blank", **asked).count()
        assert shown(theme="none").count() == sum(not row.tags.exists() for row in rows)
        # What stands is what the events say: given as often as taken away, or once more.
        for row in rows:
            given, taken = kinds(row).count("tagged"), kinds(row).count("untagged")
            merged = kinds(row).count("retagged")
            assert given - taken - merged <= row.tags.count() <= given - taken
        transaction.set_rollback(True)


def test_the_log_reads_the_same_in_whatever_language_it_was_written():
    row = submission()
    with translation.override("en"):
        themes.tag([row], theme(), actor=staff())
    assert row.events.get(kind=Kind.TAGGED).note == "flood น้ำท่วม"
