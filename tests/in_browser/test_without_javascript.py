"""Without JavaScript everything works: speaking, following up, filtering, turning pages, moderating."""

import re

import pytest
from playwright.sync_api import expect

from tests.in_browser import people, staff_places

BODY = "อยากให้ป้ายรถเมล์มีหลังคาและที่นั่งครบทุกป้าย"
MORE = """
from tests.factories import submission
for number in range(45):
    submission("published", body=f"ความคิดเห็นลำดับที่ {number} เรื่องทางเท้า", stance="agree")
submission("published", body="ไม่เห็นด้วยกับการย้ายตลาด", stance="disagree")
"""


@pytest.fixture
def plain_page(new_page, server):
    return new_page(base_url=server.url, java_script_enabled=False, viewport={"width": 390, "height": 844})


def test_a_citizen_errs_corrects_sends_and_follows_up(plain_page):
    people.write(plain_page, body="สั้น", display_name="มานะ", email="ไม่ใช่")
    people.send(plain_page)
    summary = plain_page.locator("[data-error-summary]")
    expect(summary.locator("a")).to_have_count(2)
    summary.locator("a").first.click()
    expect(plain_page).to_have_url(re.compile("#id_body$"))
    expect(plain_page.locator("[name=body]")).to_have_value("สั้น")
    expect(plain_page.locator("[name=display_name]")).to_have_value("มานะ")
    expect(plain_page.locator("[name=sector]:checked")).to_have_value("citizen")

    people.fill(plain_page, body=BODY, email="mana@example.org")
    people.send(plain_page)
    keys = people.keys_shown(plain_page)
    # Copying and printing need JavaScript, so they are not offered.
    expect(plain_page.locator("[data-needs-js]")).to_have_count(3)
    expect(plain_page.locator("[data-needs-js]:visible")).to_have_count(0)
    people.look_up(plain_page, keys)
    expect(plain_page.locator("#receipt-status")).to_have_attribute("data-status", "pending")
    expect(plain_page.locator(".words")).to_have_text(BODY)
    plain_page.locator("#take-back summary").click()
    plain_page.locator("form[action*=withdraw] button").click()
    expect(plain_page.locator("#receipt-status")).to_have_attribute("data-status", "withdrawn")


def test_filters_and_pages(plain_page, server):
    server.shell(MORE)
    plain_page.goto("/comments/")
    seen = set()
    for size in (20, 20, 6):
        cards = plain_page.locator(".opinion h3, .opinion .meta a")
        seen.update(cards.all_inner_texts())
        expect(plain_page.locator(".opinion")).to_have_count(size)
        if size == 20:
            following = plain_page.locator("a[rel=next]")
            address = following.get_attribute("href")
            following.click()
            plain_page.wait_for_url(lambda url: url.endswith(address))  # noqa: B023 - called at once
    assert len(seen) == 46
    expect(plain_page.locator("a[rel=next]")).to_have_count(0)

    plain_page.goto("/comments/")
    plain_page.locator("details summary").first.click()
    plain_page.locator("[name=stance]").select_option("disagree")
    plain_page.locator("[name=sort]").select_option("oldest")
    plain_page.locator("search button").click()
    expect(plain_page.locator(".opinion .words")).to_have_text(["ไม่เห็นด้วยกับการย้ายตลาด"])
    expect(plain_page.locator("[name=stance]")).to_have_value("disagree")
    plain_page.locator(".chips a").first.click()
    expect(plain_page.locator(".opinion")).to_have_count(20)


def test_a_moderator_decides(plain_page, server):
    people.speak(plain_page)
    people.sign_in(plain_page, people.hire(server, "moderator"))
    plain_page.goto(staff_places.QUEUE)
    waiting = plain_page.locator(".card")
    before = waiting.count()
    waiting.first.locator("[name=_selected_action]").check()
    plain_page.locator("button[value=publish_selected]").first.click()
    expect(plain_page.locator(".messagelist .success")).to_be_visible()
    expect(waiting).to_have_count(before - 1)
