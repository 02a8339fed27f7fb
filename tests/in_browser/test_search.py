"""Searching the opinions with a browser: page by page, back again, and one filter less."""

import pytest
from playwright.sync_api import expect

from tests.in_browser import places

# Nobody has written the word after the minus, so everything is found.
EVERYTHING = f"-{places.NOTHING}"


@pytest.fixture(scope="module")
def known(server):
    return places.fill_with_samples(server)


def references(page):
    return page.locator(".opinion .meta a").all_inner_texts()


@pytest.mark.parametrize("sort", ["newest", "best"])
def test_back_leads_to_the_page_before(page, known, sort):
    page.goto(f"/en/comments/?q={EVERYTHING}&sort={sort}")
    first = references(page)
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="Back to the first page")).to_be_visible()
    second = references(page)
    page.go_back()
    assert references(page) == first
    page.go_forward()
    assert references(page) == second
    assert not set(first) & set(second)


def test_a_chip_removes_its_filter_and_back_brings_it_again(page, known):
    page.goto("/en/comments/?q=น้ำท่วม&sector=citizen")
    both = references(page)
    page.get_by_role("link", name="Remove filter: Search: น้ำท่วม").click()
    expect(page.get_by_label("Search in the opinions")).to_have_value("")
    assert len(references(page)) > len(both) > 0
    page.go_back()
    expect(page.get_by_label("Search in the opinions")).to_have_value("น้ำท่วม")
    assert references(page) == both


def test_on_a_phone_the_first_result_is_in_sight_though_filters_are_set(new_page, server, known):
    page = new_page(base_url=server.url, viewport={"width": 390, "height": 844})
    page.goto("/comments/?q=น้ำท่วม&sector=citizen")
    assert page.locator(".opinion").first.bounding_box()["y"] < 844
