"""The query language on the database, and that the public finds only what it may read."""

import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation, search, tally
from comments.models import Plan, SearchEntry, Submission
from comments.models import search as index
from comments.text import words
from comments.text.query import parse
from tests.factories import reason, staff, submission
from tests.models.test_search import check_index

pytestmark = pytest.mark.django_db

BODIES = [
    "อยากให้ซ่อมทางเท้าหน้าโรงเรียนให้เดินได้",
    "นํ้าท่วมซอยลาดพร้าวทุกครั้งที่ฝนตก ฝุ่น PM2.5 ด้วย",
    "ตามใจคนเดินทางครับ แต่เท้าเปล่าเดินไม่ได้",
    "The road floods at Soi 8, covid-19 made it worse",
    "ตาดีได้ ตาร้ายเสีย ถนนพระราม ๒ รถติดมาก 100% จริงๆ",
    "งบประมาณ O'Reilly \\ 50_000 * ? ฿100 😔 เป้าหมาย G67-1.1-01",
]


@pytest.fixture
def rows(reference):
    return [submission("published", body=body) for body in BODIES]


def found(typed, *, audience="public", among=None, **options):
    """Return the indices of the bodies that match, in the index's own order, the oldest first."""
    among = Submission.objects.published() if among is None else among
    hits = search.matching(among, typed, audience=audience, **options).order_by("search_position")
    return [BODIES.index(hit.body) for hit in hits]


@pytest.mark.parametrize("row_by_row", [False, True])
@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        ("ทางเท้า", [0]),
        ("เท้า", [0, 2]),
        ("ทาง เท้า", [0, 2]),
        ("น้ำท่วม", [1]),
        ("น้ํา", [1]),
        ("ตา", [4]),
        ("เดิน", [0, 2]),
        ("เดิน -เปล่า", [0]),
        ("เดิน -ทางเท้า", [2]),
        ("-เดิน", [1, 3, 4, 5]),
        ('-เดิน -"soi 8"', [1, 4, 5]),
        ("pm2.5", [1]),
        ("PM", [1]),
        ("road FLOODS", [3]),
        ('"soi 8"', [3]),
        ('"8 soi"', []),
        ("flood", []),
        ("covid-19", [3]),
        ("พระราม 2", [4]),
        ("พระราม ๒", [4]),
        ("100%", [4, 5]),
        ('"100%"', [4]),
        ("o'reilly", [5]),
        ("\\", []),
        ("50_000", [5]),
        ("50x000", []),
        ("฿100", [5]),
        ("😔", [5]),
        ("g67-1.1-01", [5]),
        ("g67", [5]),
        ('"เป้าหมาย g67', [5]),
        ("เดิน -เดิน", []),
        ("", []),
        ("?!", []),
    ],
)
def test_what_is_found(rows, typed, hits, row_by_row):
    assert found(typed, row_by_row=row_by_row) == hits


@pytest.mark.parametrize(
    "typed",
    ["'", '"', "\\'", "'a' & 'b'", "a:* | b", "NEAR(a b)", "a AND", "%_", "$1 {0} %s", "\x00", "\ud800"],
)
def test_no_sign_of_another_language_is_an_error(rows, typed):
    found(typed)
    found(f'"{typed}')
    found(f"ก{typed}ข -{typed}")


def test_five_hundred_words_are_an_ordinary_query(rows):
    typed = " ".join(f"คำว่า{number}" for number in range(500))
    assert found(typed) == []
    assert found(" ".join(f"-{word}" for word in typed.split())) == [0, 1, 2, 3, 4, 5]


def test_newest_first_is_by_time_received(reference):
    plan = Plan.objects.current()
    late = submission("published", body=BODIES[0], at=plan.opens_at + timedelta(hours=2))
    early = submission("published", body=BODIES[2], at=plan.opens_at + timedelta(hours=1))
    hits = search.matching(Submission.objects.published(), "เดิน", audience="public")
    assert list(hits.order_by("-search_position")) == [late, early]
    assert list(hits.order_by("-received_at", "-id")) == [late, early]


def test_hits_can_be_narrowed_paged_and_counted(rows):
    hits = search.matching(Submission.objects.published(), "เดิน", audience="public")
    (newest, oldest) = hits.order_by("-search_position")
    assert list(hits.filter(search_position__lt=newest.search_position)) == [oldest]
    assert hits.filter(sector__key="academic").count() == 0
    assert tally.count_up_to(hits) == tally.Counted(2)
    assert tally.count_up_to(hits, 1) == tally.Counted(1, is_more=True)
    assert list(hits.with_labels().order_by("search_position")) == [oldest, newest]


def test_searching_is_one_query(rows):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found("เดิน -เปล่า")
    assert len(queries) == 1


# Who finds what


def test_public_finds_only_what_is_published_through_every_decision(reference):
    row = submission(body=BODIES[0])
    assert found("ทางเท้า") == []
    for decide, hits in [
        (lambda: moderation.publish(row, actor=staff()), [0]),
        (lambda: moderation.reject(row, actor=staff(), reason=reason()), []),
        (lambda: moderation.restore(row, actor=staff()), []),
        (lambda: moderation.publish(row, actor=staff()), [0]),
        (lambda: moderation.withdraw(row), []),
    ]:
        decide()
        assert found("ทางเท้า") == hits
        assert found("ทางเท้า", audience="staff", among=Submission.objects.all()) == [0]
    check_index()


def test_redacted_words_lead_only_staff_to_the_submission(rows, monkeypatch):
    everything = Submission.objects.all()
    monkeypatch.setattr(index, "public_words", lambda row: row.body.replace("โรงเรียน", "▇▇▇"))
    SearchEntry.objects.index(rows)
    assert found("โรงเรียน") == []
    assert found("โรงเรียน", audience="staff", among=everything) == [0]
    assert found("ทางเท้า") == found("ทางเท้า", audience="staff", among=everything) == [0]
    # Leaving a word out must not tell either that it is there.
    assert found("ทางเท้า -โรงเรียน") == [0]
    assert found("ทางเท้า -โรงเรียน", audience="staff", among=everything) == []
    assert found("-โรงเรียน") == [0, 1, 2, 3, 4, 5]
    assert search.best_first(Submission.objects.published(), "โรงเรียน", audience="public") == []


# Best first, goals, rebuild


def test_best_first(reference):
    bodies = ["ขยะอยู่ไกลจากบ้าน", "ขยะ ขยะ ขยะ เยอะจนล้นถัง", "ถังขยะล้นออกมาบนถนน", "ถนนสะอาดดีมากเลย"]
    once, often, newest, _other = (submission("published", body=body) for body in bodies)
    published = Submission.objects.published()
    assert search.best_first(published, "ขยะ", audience="public") == [often.pk, newest.pk, once.pk]
    assert search.best_first(published, "ขยะ ล้น", audience="public") == [newest.pk, often.pk]


def test_best_first_is_bounded(rows, monkeypatch):
    monkeypatch.setattr(search, "MOST_RANKED", 1)
    assert len(search.best_first(Submission.objects.published(), "เดิน", audience="public")) == 1


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("น้ำท่วม", "G67-1.3-01"),
        ("น้ำท่วมซอย", "G67-1.3-01"),
        ("ทางเท้า", "G67-4.3-01"),
        ("G67-2.2-01", "G67-2.2-01"),
        ("dengue", "G67-1.5-01"),
    ],
)
def test_goals_that_a_query_is_about(reference, typed, code):
    assert search.suggest_goals(typed, Plan.objects.current())[0].code == code


@pytest.mark.parametrize("typed", ["", "?!", "-ทางเท้า", "ฟหกด", "zzz"])
def test_goals_are_not_guessed(reference, typed):
    assert search.suggest_goals(typed, Plan.objects.current()) == []


def test_rebuilding_gives_what_was_kept_up_to_date(rows, capsys):
    before = list(SearchEntry.objects.order_by("position").values())
    assert list(search.rebuild(batch=4, everything=True)) == [4, 2]
    assert list(SearchEntry.objects.order_by("position").values()) == before
    check_index()


def test_rebuilding_writes_only_what_is_missing_or_stale(rows):
    assert list(search.rebuild(batch=4)) == [0, 0]
    SearchEntry.objects.filter(submission=rows[0]).delete()
    SearchEntry.objects.filter(submission=rows[5]).update(version="old")
    call_command("rebuild_search", batch=4)
    assert found("ทางเท้า") == [0]
    assert found("งบประมาณ") == [5]
    assert not SearchEntry.objects.stale().exists()
    check_index()


def test_answers_do_not_depend_on_the_index(reference):
    """Compare a few hundred queries with a plain reading of every text."""
    chance = random.Random(67)  # noqa: S311 - the same queries each time
    leaves = [leaf for body in BODIES for leaf in words.leaves(body)]
    bodies = ["".join(chance.choices([*leaves, " "], k=12)) + " ยาวพอ" for _number in range(60)]
    texts = {submission("published", body=body).pk: body for body in bodies}
    for _number in range(300):
        typed = " ".join(
            chance.choice(["", "", "-"]) + "".join(chance.choices(leaves, k=chance.randint(1, 2)))
            for _term in range(chance.randint(1, 3))
        )
        hits = search.matching(Submission.objects.published(), typed, audience="public")
        read = {pk for pk, body in texts.items() if reads(parse(typed), body)}
        assert set(hits.values_list("pk", flat=True)) == read
        if parse(typed):
            assert {pk for pk, body in texts.items() if search.finds(parse(typed), body)} == read


def reads(query, body):
    text, leaves = index.normalise(body), set(words.leaves(body))
    stands = [leaves.issuperset(term.leaves) and term.text in text for term in query.terms]
    return bool(query) and all(
        is_there is not term.is_excluded for is_there, term in zip(stands, query.terms, strict=True)
    )
