"""The planner's table: each number is that of its rows, and so are the totals."""

import itertools
import random
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from comments import moderation, tally, themes
from comments.models import District, Meeting, Sector, Submission
from tests.factories import BODY, reason, staff, submission, theme, unlike
from tests.meetings import meeting

pytestmark = pytest.mark.django_db

GOALS = ["G67-1.1-01", "G67-2.2-01", None]


def strategy(row):
    return row.goal and (row.goal.strategy.parent_id or row.goal.strategy_id)


def district(row):
    return 0 if row.is_outside_bangkok else row.district_id


KEYS = {
    "goal": lambda row: [row.goal_id],
    "strategy": lambda row: [strategy(row)],
    "sector": lambda row: [row.sector_id],
    "district": lambda row: [district(row)],
    "stance": lambda row: [row.stance],
    "kind": lambda row: [row.kind],
    "channel": lambda row: [row.channel],
    "meeting": lambda row: [row.meeting_id],
    "status": lambda row: [row.status],
    "month": lambda row: [timezone.localdate(row.received_at).replace(day=1)],
    "theme": lambda row: [tag.theme_id for tag in row.tags.all()] or [None],
}


def history(seed):
    """Return the rows that stand after random opinions, decisions and themes."""
    chance = random.Random(seed)  # noqa: S311 - the same histories each time
    meeting()
    places = [*District.objects.order_by("code")[:2], None, "outside"]
    rows = []
    for _ in range(14):
        place = chance.choice(places)
        said = {
            "goal": chance.choice(GOALS),
            "stance": chance.choice(["", *Submission.Stance.values]),
            "sector": chance.choice(["citizen", "academic"]),
            "kind": chance.choice(Submission.Kind.values),
            "channel": chance.choice(["web", "paper"]),
            "meeting": chance.choice([*Meeting.objects.all(), None]),
            "district": None if place == "outside" else place,
            "is_outside_bangkok": place == "outside",
            "body": BODY if chance.random() < 0.5 else unlike(),
            "at": datetime(2026, chance.choice([1, 2]), chance.choice([1, 31, 28]) % 28 + 1, 20, tzinfo=UTC),
        }
        rows.append(submission(**said))
    actor, why, named = staff(), reason(), [theme("flood"), theme("path")]
    deeds = [
        lambda row: moderation.publish(row, actor=actor),
        lambda row: moderation.reject(row, actor=actor, reason=why),
        lambda row: moderation.restore(row, actor=actor),
        moderation.withdraw,
        lambda row: themes.tag([row], chance.choice(named), actor=actor),
        lambda row: themes.untag([row], chance.choice(named), actor=actor),
    ]
    for _ in range(50):
        try:
            chance.choice(deeds)(chance.choice(rows))
        except moderation.StaleDecisionError:
            continue
    return list(Submission.objects.select_related("goal__strategy").prefetch_related("tags"))


def measured(rows, measure):
    return len(rows) if measure == "opinions" else len({row.campaign_id or f"alone {row.pk}" for row in rows})


def check(stored, down, across, measure):
    """Compare a table with its rows, cell by cell."""
    table = tally.pivot(Submission.objects.all(), down, across, measure)
    for row in table.rows:
        among = [each for each in stored if row.key in KEYS[down](each)]
        assert table.row_totals[row.key] == measured(among, measure) > 0
        for column in table.columns:
            found = [each for each in among if column.key in KEYS[across](each)]
            assert table.number(row, column) == measured(found, measure)
    for column in table.columns:
        among = [each for each in stored if column.key in KEYS[across](each)]
        assert table.column_totals[column.key] == measured(among, measure) > 0
    assert table.total == measured(stored, measure)
    for heads, totals in ((table.rows, table.row_totals), (table.columns, table.column_totals)):
        assert len({head.key for head in heads}) == len(heads) == len(totals)
        if table.is_sum and totals:
            assert sum(totals.values()) == table.total == len(stored)
    return table


@pytest.mark.parametrize("seed", range(3))
def test_every_number_of_a_table_is_that_of_its_rows_after_any_history(seed):
    stored = history(seed)
    pairs = [*itertools.permutations(KEYS, 2), *((name, "") for name in KEYS)]
    chosen = random.Random(seed).sample(pairs, 40)  # noqa: S311
    for (down, across), measure in itertools.product(chosen, (tally.OPINIONS, tally.TEXTS)):
        table = check(stored, down, across, measure)
        assert table.is_sum == (measure == "opinions" and "theme" not in (down, across))
    cells = tally.summary(Submission.objects.all())
    assert sum(cell.opinions for cell in cells) == len(stored)
    assert all(1 <= cell.texts <= cell.opinions for cell in cells)
    assert len({(c.goal, c.sector, c.district_code, c.stance, c.kind, c.channel) for c in cells}) == len(
        cells
    )


def test_every_axis_of_the_planner_is_checked():
    assert set(KEYS) == set(tally.AXES)


def test_a_campaign_is_one_text_in_each_cell_and_in_all():
    for stance in ("agree", "agree", "disagree"):
        submission(stance=stance)
    submission(stance="disagree", body=unlike())
    table = tally.pivot(Submission.objects.all(), "stance", "", tally.TEXTS)
    assert (table.row_totals, table.total, table.is_sum) == ({"agree": 1, "disagree": 2}, 2, False)


def test_sums_take_one_count_and_the_names_of_what_occurs(django_assert_num_queries):
    for rows in (1, 3):
        while Submission.objects.count() < rows:
            submission(goal="G67-1.1-01", body=unlike())
        with django_assert_num_queries(2):
            assert tally.pivot(Submission.objects.all(), "goal", "stance").total == rows
        with django_assert_num_queries(5):
            assert tally.pivot(Submission.objects.all(), "goal", "stance", tally.TEXTS).total == rows


def test_who_came_to_several_meetings_is_counted_at_each():
    first, second = meeting(), meeting()
    sector = Sector.objects.first()
    for row, people in ((first, 20), (second, 5)):
        row.attendance.create(sector=sector, people=people)
    reached = tally.reached(Meeting.objects.filter(pk__in=[first.pk, second.pk]))
    assert dict(reached.sectors)[sector] == reached.people == 25
    assert not reached.is_whole
