"""The wall of a meeting goes on by itself, stands still when asked, and gets by without JavaScript."""

import pytest
from playwright.sync_api import expect

WALL = "/meetings/1/wall/"
SPOKEN = """
from comments.models import Meeting
from tests.factories import submission
submission("published", key="{key}", meeting=Meeting.objects.get(), body="{body}")
"""
TOTAL = ".wall-total b"


@pytest.fixture
def wall(new_page, fresh_server):
    def open_wall(**options):
        page = new_page(base_url=fresh_server.url, viewport={"width": 1920, "height": 1080}, **options)
        # The page's own clock is turned on, so that nobody waits for the wall.
        page.clock.install()
        page.goto(WALL)
        return page

    return open_wall


def speak(server, key, body="ขอทางเท้าที่เดินได้จริง"):
    server.shell(SPOKEN.format(key=key, body=body))


def test_what_is_published_comes_onto_the_wall_by_itself(wall, fresh_server):
    page = wall()
    expect(page.locator(TOTAL)).to_have_text("0")
    speak(fresh_server, "first")
    page.clock.fast_forward("00:15")
    expect(page.locator(TOTAL)).to_have_text("1")
    expect(page.locator(".wall-words")).to_have_text("ขอทางเท้าที่เดินได้จริง")


def test_it_stands_still_while_it_is_paused(wall, fresh_server):
    page = wall()
    pause = page.locator("[data-pause]")
    pause.click()
    expect(pause).to_have_attribute("aria-pressed", "true")
    speak(fresh_server, "first")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.clock.fast_forward("10:00")
    assert requests == []
    expect(page.locator(TOTAL)).to_have_text("0")
    pause.press("Enter")
    expect(pause).to_have_attribute("aria-pressed", "false")
    page.clock.fast_forward("00:15")
    expect(page.locator(TOTAL)).to_have_text("1")


def test_it_begins_paused_for_those_who_want_less_motion(wall):
    page = wall(reduced_motion="reduce")
    expect(page.locator("[data-pause]")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("getComputedStyle(document.querySelector('.wall-words')).animationName") == "none"


def test_a_lost_connection_is_told_and_what_is_shown_stays(wall, fresh_server):
    speak(fresh_server, "first")
    page = wall()
    page.context.set_offline(True)
    page.clock.fast_forward("00:15")
    expect(page.locator("[data-offline]")).to_have_text("ขาดการเชื่อมต่อ ข้อมูลที่เห็นอาจไม่ใช่ข้อมูลล่าสุด")
    expect(page.locator(TOTAL)).to_have_text("1")
    page.context.set_offline(False)
    page.clock.fast_forward("00:15")
    expect(page.locator("[data-offline]")).to_be_empty()


def test_it_is_one_screen_with_words_that_the_last_row_reads(wall, fresh_server):
    speak(fresh_server, "first", body="อยากให้มีต้นไม้ใหญ่ตลอดทางเท้าและที่นั่งพัก " * 8)
    page = wall()
    assert page.evaluate("document.documentElement.scrollHeight") == 1080
    sizes = page.evaluate(
        "['.wall-words', '.wall-counts'].map(s => parseFloat(getComputedStyle(document.querySelector(s)).fontSize))"
    )
    # A projected letter is read across a hall when it is a fiftieth of the picture's height.
    assert sizes[0] > 1080 / 20
    assert sizes[1] > 1080 / 36


def test_without_javascript_it_can_be_stopped_and_set_going(new_page, fresh_server):
    page = new_page(base_url=fresh_server.url, java_script_enabled=False)
    page.goto(WALL)
    expect(page.locator("[data-needs-js]:visible")).to_have_count(0)
    page.get_by_role("link", name="หยุดชั่วคราว").click()
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)
    page.get_by_role("link", name="เล่นต่อ").click()
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(1)
