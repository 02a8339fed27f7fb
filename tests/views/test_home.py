from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Meeting, Plan
from tests.factories import submission, unlike

pytestmark = pytest.mark.django_db


def test_it_shows_the_question_and_the_seven_strategies(client):
    page = client.get("/").content.decode()
    assert Plan.objects.current().question_th in page
    assert page.count('class="tile hue-') == 7


def test_every_opinion_is_accounted_for(client):
    for status in ("pending", "published", "published", "rejected", "withdrawn"):
        submission(status)
    totals = client.get("/").context["totals"]
    assert (totals.received, totals.published, totals.pending, totals.rejected, totals.withdrawn) == (
        5,
        2,
        1,
        1,
        1,
    )


def test_texts_that_many_sent_are_told_beside_what_is_published(client):
    submission("published", body=unlike())
    assert "different texts" not in client.get("/en/").content.decode()
    for status in ("published", "published", "pending"):
        submission(status)
    submission("pending", body=unlike())
    assert "Those published are 2 different texts" in client.get("/en/").content.decode()


def test_a_strategy_counts_only_what_is_published(client):
    submission("published", goal="G67-1.1-01")
    submission("pending", goal="G67-1.1-01")
    first = client.get("/").context["strategies"][0]
    assert (first["row"].code, first["opinions"]) == ("1", 1)


def test_no_closing_date_is_said_so(client):
    assert "No closing date has been announced." in client.get("/en/").content.decode()


def test_a_closing_date_is_shown_in_both_eras(client):
    Plan.objects.update(closes_at=timezone.now() + timedelta(days=3))
    page = client.get("/en/").content.decode()
    assert "3 days left" in page
    assert "(B.E. 25" in page


def test_a_closed_plan_offers_no_form(client):
    Plan.objects.update(closes_at=timezone.now())
    body = client.get("/").content.decode().split("<main")[1].split("<footer")[0]
    assert 'href="/submit/"' not in body


def meeting_in(days):
    return Meeting.objects.create(
        plan=Plan.objects.current(),
        slug=f"in-{days}",
        title_th="ประชุม",
        title_en="Meeting",
        held_on=timezone.localdate() + timedelta(days=days),
        mode="onsite",
    )


def test_the_next_meeting_goes_before_later_and_past_ones(client):
    later, soon, _yesterday = meeting_in(9), meeting_in(2), meeting_in(-1)
    assert client.get("/").context["meeting"] == soon
    assert later.held_on > soon.held_on


def test_with_no_meeting_to_come_the_latest_is_shown(client):
    assert Meeting.objects.exists()
    yesterday = meeting_in(-1)
    assert client.get("/").context["meeting"] == yesterday


def test_after_the_next_meeting_the_latest_is_shown_too(client):
    soon, yesterday = meeting_in(2), meeting_in(-1)
    page = client.get("/en/").content.decode()
    assert page.index("Next meeting") < page.index(f"/meetings/{soon.pk}/")
    assert page.index("Latest meeting") < page.index(f"/meetings/{yesterday.pk}/")


def test_with_no_meeting_to_come_the_latest_is_shown_once(client):
    yesterday = meeting_in(-1)
    page = client.get("/en/").content.decode()
    assert page.count(f"/meetings/{yesterday.pk}/") == 1
    assert "Next meeting" not in page


def test_it_says_which_year_the_plan_is_for(client):
    page = client.get("/").content.decode()
    assert "1 ตุลาคม 2566" in page
    assert "30 กันยายน 2567" in page


def test_it_tells_how_words_travel_in_four_steps(client):
    page = client.get("/en/").content.decode()
    steps = ["Received", "Read by staff", "Published, or told why not", "Taken up in the plan"]
    places = [page.index(f"<h3>{step}</h3>") for step in steps]
    assert places == sorted(places)


def test_no_clock_is_shown_while_none_is_kept(client):
    assert "clocks" not in client.get("/").content.decode()


def test_it_leads_to_the_results(client):
    assert 'class="ledger-more"><a href="/results/"' in client.get("/").content.decode()


def test_without_a_plan_there_is_still_a_page(client):
    Plan.objects.update(is_public=False)
    response = client.get("/en/")
    assert response.status_code == 200
    assert "No consultation at the moment" in response.content.decode()


def test_it_only_answers_reading(client):
    assert client.post("/").status_code == 405


def test_it_asks_the_database_as_often_for_three_opinions_as_for_one(client, django_assert_num_queries):
    submission("published")
    with django_assert_num_queries(8):
        client.get("/")
    submission("published", goal="G67-1.1-01")
    submission("published", goal="G67-2.1-01")
    with django_assert_num_queries(8):
        client.get("/")
