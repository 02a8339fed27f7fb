"""A rejected opinion and the appeal against it, from both sides: its author's receipt and the staff's pages."""

from playwright.sync_api import expect

from tests.in_browser import people
from tests.in_browser.staff_places import QUEUE

WORDS = "ข้อความนี้เกี่ยวกับแผนโดยตรง โปรดอ่านอีกครั้ง"
WHY = "ท่านอธิบายชัดเจนแล้ว ขอบคุณที่ทักท้วง"


def reject(page):
    page.goto(QUEUE)
    page.locator(".card button.reject").click()
    page.locator("[name=reason]").first.check()
    page.locator("#content-main button.reject").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def appeal(page, keys):
    people.look_up(page, keys)
    expect(page.locator("#receipt-status")).to_have_attribute("data-status", "rejected")
    page.locator("#appeal summary").click()
    people.press(page, "appeal", body="สั้นไป")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#appeal [name=body]")).to_have_value("สั้นไป")
    people.press(page, "appeal", body=WORDS)
    expect(page.locator("#appealed")).to_contain_text(WORDS)
    expect(page.locator("#appeal")).to_have_count(0)


def grant(page):
    page.goto(QUEUE)
    waiting = page.locator(f".orders a[href='{QUEUE}appeals/']")
    expect(waiting.locator(".number")).to_have_text("1")
    waiting.click()
    page.locator(".card footer a").click()
    page.locator("[name=outcome][value=uphold]").check()
    page.locator("#decide button").click()
    expect(page.locator("#decide .errorlist")).to_be_visible()
    page.locator("[name=outcome][value=publish]").check()
    page.locator("[name=words]").fill(WHY)
    page.locator("#decide button").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator(".empty")).to_be_visible()


def test_a_rejected_opinion_is_appealed_for_and_another_moderator_publishes_it(new_page, server):
    citizen = new_page(base_url=server.url, viewport={"width": 390, "height": 844})
    first, second = (new_page(base_url=server.url) for _ in range(2))
    people.sign_in(first, people.hire(server, "moderator"))
    people.sign_in(second, people.hire(server, "administrator"))
    keys = people.speak(citizen)

    reject(first)
    appeal(citizen, keys)
    first.goto(f"{QUEUE}appeals/")
    expect(first.locator(".card")).to_contain_text(WORDS)
    first.locator(".card h2 a").click()
    expect(first.locator("#decide form")).to_have_count(0)

    grant(second)
    people.look_up(citizen, keys)
    expect(citizen.locator("#receipt-status")).to_have_attribute("data-status", "published")
    expect(citizen.locator("#appealed")).to_contain_text(WHY)
    citizen.goto(f"/comments/{keys.reference}/")
    expect(citizen.locator("main")).to_contain_text(people.BODY)
    expect(citizen.locator("main")).not_to_contain_text(WORDS)
