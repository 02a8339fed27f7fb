"""What is told of thousands of opinions follows from the rows by the rules that the page states."""

from datetime import UTC, date, datetime

import pytest

from comments import moderation, tally
from comments.models import DevelopmentGoal, District, Meeting, Plan, Sector, Submission
from comments.tally import reading, representation
from comments.text import graphemes
from tests.factories import BODY, staff, submission, unlike

pytestmark = pytest.mark.django_db

GOAL, OTHER = "G67-1.1-01", "G67-2.2-01"
CANALS = [
    "ลอก คลอง ให้น้ำไหลได้ดีก่อนถึงหน้าฝนทุกปี",
    "ดูแล คลอง ให้สะอาดและไม่มีกลิ่นเหม็นรบกวนคนริมฝั่ง",
    "เปิดเส้นทางเดินเรือใน คลอง เชื่อมกับรถไฟฟ้าหลายสาย",
    "ปลูกต้นไม้ริม คลอง เพื่อให้ผู้สูงอายุออกกำลังกายตอนเย็น",
]
THANKS = "ขอบคุณที่รับฟังเสียงของประชาชน"
ROADS = [
    "ซ่อม ถนน สายหลักที่เป็นหลุมบ่อให้รถจักรยานยนต์ปลอดภัย",
    "ติดตั้งไฟส่องสว่างบน ถนน ที่มืดและเปลี่ยวตอนกลางคืน",
    "ขยาย ถนน เข้าหมู่บ้านเพราะรถดับเพลิงเข้าไปไม่ถึง",
]
DAMS = [
    "ไม่ควรสร้างเขื่อนคอนกรีตเพราะสัตว์น้ำไม่มีที่วางไข่",
    "เขื่อนริมน้ำแพงเกินไปและบังทิวทัศน์ของชุมชนเก่า",
    "คัดค้านเขื่อนเพราะยังไม่ได้ถามความเห็นชาวบ้านเลย",
]


def goal(code=GOAL):
    return DevelopmentGoal.objects.get(code=code)


def said(words, stance="", code=GOAL, **more):
    return submission("published", goal=code, stance=stance, body=f"{words} {THANKS}", **more)


def published():
    return Submission.objects.published()


def chosen(**stances):
    return reading.quotes(reading.sample(goal()), stances)


def test_months_add_up_to_the_rows_by_stance_kind_and_channel():
    said(CANALS[0], "agree", at=datetime(2026, 1, 31, 16, 59, tzinfo=UTC), kind="need")
    said(CANALS[1], "disagree", at=datetime(2026, 1, 31, 17, 0, tzinfo=UTC), channel="paper")
    said(CANALS[2], at=datetime(2026, 2, 3, tzinfo=UTC))
    submission(goal=GOAL)
    found = {
        column: {month.first_day: {code: n for code, n in month.numbers.items() if n} for month in months}
        for column, months in reading.months_heard(published()).items()
    }
    first, second = date(2026, 1, 1), date(2026, 2, 1)
    assert found == {
        "stance": {first: {"agree": 1}, second: {"disagree": 1, "": 1}},
        "kind": {first: {"need": 1}, second: {"opinion": 2}},
        "channel": {first: {"web": 1}, second: {"paper": 1, "web": 1}},
    }
    assert [month.opinions for month in reading.months_heard(published())["kind"]] == [1, 2]


def test_campaigns_are_counted_among_the_opinions_asked_for():
    copies = [said(BODY) for _ in range(3)]
    said(BODY, code=OTHER)
    said(CANALS[0])
    found = reading.campaigns(published().filter(goal=goal()))
    (largest,) = found.largest
    assert (found.number, found.opinions, largest.opinions, largest.first) == (1, 3, 3, copies[0])
    assert reading.campaigns(published().filter(goal=goal(OTHER))).largest == []


def test_only_published_words_are_read_and_a_campaign_once():
    for _ in range(3):
        said(BODY)
    covered = submission(goal=GOAL, body=CANALS[0])
    moderation.redact(covered, [(0, 8, "other")], actor=staff(), note="")
    covered.refresh_from_db()
    moderation.publish(covered, actor=staff())
    submission(goal=GOAL, body=unlike())
    said(CANALS[1], code=OTHER)
    said(CANALS[2], code=None)
    found = reading.sample(goal())
    assert (len(found.own), len(found.rest)) == (2, 2)
    assert not any("คลอง" in text.words for text in found.own)


def test_key_terms_tell_a_goal_from_the_rest():
    for words in CANALS:
        said(words)
    for words in ROADS:
        said(words, code=OTHER)
    assert reading.sample(goal()).key_terms()[0][:3] == ("คลอง", 4, 0)
    assert reading.sample(goal(OTHER)).key_terms()[0][:3] == ("ถนน", 3, 0)


def test_a_quote_stands_for_each_stance_and_others_for_the_smaller_side():
    for words in CANALS:
        said(words, "agree")
    against = [said(words, "disagree") for words in DAMS]
    found = chosen(agree=4, disagree=3)
    assert [row.stance for row in found.representative] == ["agree", "disagree"]
    assert found.minority == ("disagree",)
    shown = {found.representative[1].pk, *(row.pk for row in found.dissenting)}
    assert shown == {row.pk for row in against}


@pytest.mark.parametrize(
    ("stances", "minority"),
    [
        ({"agree": 2, "disagree": 9}, reading.FOR),
        ({"agree": 1, "agree_with_changes": 1, "disagree": 2}, reading.AGAINST),
        ({"agree": 5, "neutral": 1}, ()),
    ],
)
def test_the_minority_is_the_side_that_fewer_take(stances, minority):
    assert chosen(**stances).minority == minority


def test_equal_words_are_told_apart_by_reference_alone():
    rows = [said(f"{letter} {CANALS[1]}", "agree") for letter in "กขค"]
    Submission.objects.update(campaign=None)
    said(ROADS[0], code=OTHER)
    assert chosen().representative == [min(rows, key=lambda row: row.reference)]


def test_what_is_too_short_or_too_long_is_not_quoted():
    submission("published", goal=GOAL, stance="agree", body="ก" * 39)
    submission("published", goal=GOAL, stance="agree", body="ลอกคลอง " * 80)
    assert chosen().representative == []
    fit = submission("published", goal=GOAL, stance="agree", body="ที่" * 40)
    assert chosen().representative == [fit]
    assert graphemes.count(fit.body) == reading.SHORTEST_QUOTE


def test_sectors_stand_beside_who_came_to_all_meetings():
    plan, citizen = Plan.objects.current(), Sector.objects.get(key="citizen")
    said(CANALS[0])
    before = {row.sector: row.people for row in representation.sectors_heard(published(), plan)}
    Meeting.objects.filter(plan=plan).first().attendance.update_or_create(
        sector=citizen, defaults={"people": 40}
    )
    after = {row.sector: row for row in representation.sectors_heard(published(), plan)}
    assert (after[citizen].opinions, after[citizen].people) == (1, 40)
    assert {row: one.people for row, one in after.items() if row != citizen} == {
        row: people for row, people in before.items() if row != citizen
    }


def test_districts_are_heard_as_the_public_results_say():
    places = list(District.objects.order_by("code"))
    for place in (*places[:1] * 6, *places[1:30]):
        said(unlike(), "agree", district=place)
    said(unlike(), is_outside_bangkok=True)
    said(unlike())
    found = representation.districts_heard(published())
    told = tally.told_places(tally.published(Plan.objects.current()))
    assert (found.opinions, found.outside, found.not_stated) == (35, 1, 1)
    assert sum(row.opinions for row in found.rows) == found.opinions
    assert sum(row.share for row in found.rows) == pytest.approx(1)
    assert sum(row.population_share for row in found.rows) == pytest.approx(1)
    assert set(found.unheard) == set(places[30:]) <= set(found.under_heard)
    levels = {row.place.district: row.place.level for row in found.rows}
    # What the public may not know is all that the staff know besides.
    assert all(levels[one.district] == one.level for one in told.districts if one.level != "unknown")


def test_a_weight_is_population_by_opinions_and_never_above_the_cap():
    one, other = District.objects.order_by("population")[0], District.objects.order_by("-population")[0]
    for _ in range(3):
        said(unlike(), "agree", district=one)
    said(unlike(), "disagree", district=other)
    found = representation.districts_heard(published())
    rows = {row.place.district: row for row in found.rows}
    light, heavy = (rows[place].population_share / rows[place].share for place in (one, other))
    assert rows[one].weight == pytest.approx(light)
    assert rows[other].weight == pytest.approx(min(heavy, representation.HEAVIEST))
    stances = {row.stance: row for row in found.stances}
    whole = 3 * rows[one].weight + rows[other].weight
    assert stances["disagree"].share == 0.25
    assert stances["disagree"].weighted == pytest.approx(rows[other].weight / whole)
    assert sum(row.weighted for row in found.stances) == pytest.approx(1)


def test_a_voice_counts_at_most_the_heaviest_weight_and_its_district_is_named():
    largest, *_others, smallest = District.objects.order_by("-population")
    said(unlike(), district=largest)
    said(unlike(), district=smallest)
    assert representation.districts_heard(published()).capped == []
    # As if half of the city lived in one district, from which a twelfth of the opinions come.
    population = sum(District.objects.values_list("population", flat=True))
    District.objects.filter(pk=largest.pk).update(population=population)
    for _ in range(10):
        said(unlike(), district=smallest)
    found = representation.districts_heard(published())
    assert found.capped == [largest]
    assert max(row.weight or 0 for row in found.rows) == representation.HEAVIEST


def test_nothing_is_divided_by_nothing():
    found = representation.districts_heard(published())
    assert (found.opinions, found.rate, found.capped) == (0, 0, [])
    assert all(row.weighted == row.share == 0 for row in found.stances)
    assert reading.sample(goal()).key_terms() == []
    assert chosen() == reading.Quotes([], (), [])
