import re

import pytest
from django.utils import timezone

from comments import answering
from comments.disclosure import LEAST
from comments.models import DevelopmentGoal, District, Meeting, Plan, Sector
from tests.factories import staff, submission, unlike

pytestmark = pytest.mark.django_db

CODE = "G67-1.1-01"
FIGURE = re.compile(r'<td class="amount">([^<]*)</td>')


def publish(number, **said):
    for _ in range(number):
        submission("published", body=unlike(), **said)


def page_of(client, path="/en/results/"):
    return client.get(path).content.decode()


def part(page, key):
    return page.split(f'id="{key}"')[1].split("</section>")[0]


def figures(page, key):
    return FIGURE.findall(part(page, key))


def test_the_account_is_exact_and_adds_up(client):
    for status in ("pending", "published", "published", "rejected", "withdrawn"):
        submission(status)
    response = client.get("/en/results/")
    assert response.context["totals"].received == 5
    assert response.context["reasons"] == [("Off topic", 1)]
    assert "opinions received" in part(response.content.decode(), "ledger")


def test_no_small_number_stands_in_any_table(client):
    publish(7, sector="citizen", goal=CODE, stance="agree", district=District.objects.get(code="1004"))
    publish(2, sector="academic", goal="G67-2.1-01", stance="disagree", meeting=Meeting.objects.get())
    submission("pending", sector="government")
    page = page_of(client)
    for key in ("districts", "goals", "more"):
        numbers = [int(text) for text in figures(page, key) if text.isdigit()]
        assert not [number for number in numbers if 0 < number < LEAST], key
    sectors = figures(page, "sectors")[:-5]
    assert not [text for text in sectors if text in {"1", "2", "3", "4"}]
    assert "under 5" in sectors


def test_what_is_not_published_can_not_be_found_by_subtracting_what_is(client):
    publish(6, sector="citizen")
    publish(6, sector="government")
    for _ in range(2):
        submission("pending", sector="government", body=unlike())
    for _ in range(9):
        submission("pending", sector="citizen", body=unlike())
    rows = {row.sector.key: row for row in client.get("/results/").context["sectors"]}
    assert rows["government"].published.number == rows["citizen"].published.number == 6
    assert (rows["government"].received, rows["citizen"].received) == (None, None)
    assert rows["government"].unpublished[0].is_small
    assert rows["citizen"].unpublished[0].number is None


def test_where_all_groups_are_large_everything_is_told(client):
    for sector in Sector.objects.all():
        publish(5, sector=sector)
        for _ in range(5):
            submission("pending", sector=sector, body=unlike())
    rows = client.get("/results/").context["sectors"]
    assert [row.received for row in rows] == [10] * len(rows)
    assert [row.unpublished[0].number for row in rows] == [5] * len(rows)


def test_what_is_not_published_counts_in_no_table_but_the_sectors(client):
    for status in ("pending", "rejected", "withdrawn"):
        for _ in range(6):
            submission(status, goal=CODE, stance="agree", district=District.objects.first(), body=unlike())
    context = client.get("/results/").context
    assert (context["places"], context["goals"]) == (None, None)
    assert [each.total for each in context["lists"]] == [0, 0, 0]


def test_a_district_is_under_heard_when_even_the_most_it_may_have_is_too_few(client):
    large, small = (District.objects.get(code=code) for code in ("1005", "1013"))
    assert large.population > 7 * small.population
    publish(60, district=District.objects.get(code="1001"))
    places = {place.district.code: place for place in client.get("/results/").context["places"].districts}
    assert places["1001"].level == "much"
    # Four of so many would still be too few; four of so few would be many.
    assert places["1005"].cell.is_small
    assert {places["1005"].level, places["1013"].level} == {"unknown"}
    publish(400, district=District.objects.get(code="1001"))
    places = {place.district.code: place for place in client.get("/results/").context["places"].districts}
    assert (places["1005"].level, places["1013"].level) == ("little", "unknown")


def test_every_tile_has_a_name_and_leads_to_its_row(client):
    publish(9, district=District.objects.get(code="1004"))
    page = page_of(client)
    tiles = re.findall(r'<a href="#(d\d{4})" aria-label="([^"]+)"', page)
    assert len({code for code, _label in tiles}) == 50
    assert all(page.count(f'id="{code}"') == 1 for code, _label in tiles)
    labels = dict(tiles)
    assert labels["d1004"].startswith("Bang Rak: ")
    assert "under 5 opinions" in labels["d1001"]


def test_each_goal_says_how_many_agree(client):
    publish(6, goal=CODE, stance="agree")
    publish(8, goal=CODE, stance="disagree")
    goals = client.get("/results/").context["goals"]
    (row,) = [row for _title, rows in goals.strategies for row in rows if row.goal and row.goal.code == CODE]
    assert [cell.number for cell in row.cells] == [6, None, 8, None, None]
    assert goals.total == 14
    assert len(goals.strategies) == 8


def test_months_without_opinions_are_not_left_out(client):
    first = timezone.make_aware(timezone.datetime(2022, 11, 30, 12))
    last = timezone.make_aware(timezone.datetime(2023, 2, 1, 12))
    for at in (first, last):
        for _ in range(5):
            submission("published", at=at, body=unlike())
    page = page_of(client)
    months = ["November 2022", "December 2022", "January 2023 (B.E. 2566)", "February 2023"]
    places = [page.index(month) for month in months]
    assert places == sorted(places)


def test_a_hidden_meeting_is_not_named(client):
    meeting = Meeting.objects.get()
    publish(6, meeting=meeting)
    assert meeting.title_th in page_of(client, "/results/")
    Meeting.objects.update(is_public=False)
    assert meeting.title_th not in page_of(client, "/results/")
    assert "Not given at a meeting" in page_of(client)


def test_a_revised_goal_stands_with_its_reason(client):
    assert "No goal has been revised" in page_of(client)
    goal = DevelopmentGoal.objects.get(code=CODE)
    answering.revise_goal(
        goal,
        {"target_en": "All of them"},
        reason_th="ประชาชนขอ",
        reason_en="People asked for it",
        actor=staff(),
    )
    changes = part(page_of(client), "changes")
    assert "People asked for it" in changes
    assert f'href="/en/goals/{CODE}/#history-title"' in changes
    assert "No goal has been revised" not in changes


def test_without_opinions_the_page_says_so_and_stands(client):
    page = page_of(client)
    assert "So far none was refused." in page
    assert "There are too few published opinions" in page


def test_without_a_plan_there_are_no_results(client):
    Plan.objects.update(is_public=False)
    assert client.get("/results/").status_code == 404


def test_it_only_answers_reading(client):
    assert client.post("/results/").status_code == 405


def test_it_asks_the_database_as_often_for_three_rows_as_for_one(client, django_assert_num_queries):
    publish(1, goal=CODE, meeting=Meeting.objects.get())
    with django_assert_num_queries(12):
        client.get("/results/")
    publish(1, goal="G67-2.1-01", sector="academic", district=District.objects.first())
    publish(1, is_outside_bangkok=True)
    submission("rejected", sector="government")
    goal = DevelopmentGoal.objects.get(code=CODE)
    for title in ("ก", "ข", "ค"):
        answering.revise_goal(goal, {"title_th": title}, reason_th="เพราะ", actor=staff())
    with django_assert_num_queries(12):
        client.get("/results/")
