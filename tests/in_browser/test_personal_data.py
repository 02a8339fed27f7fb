"""The form tells of personal data before it sends, and sends when it can't ask."""

from playwright.sync_api import expect

from tests.in_browser import people
from tests.in_browser.checks import barriers, foreign_words, misfits, report

PHONE, NATIONAL_ID = "081-000-0000", "1-1017-00230-70-8"
HOLDS_BOTH = f"👨‍👩‍👧 {people.BODY} โทร {PHONE}\nบัตร {NATIONAL_ID}"
ASKED = "#personal-data-title"


def test_it_asks_once_and_leads_to_the_words(page):
    people.write(page, body=HOLDS_BOTH)
    people.send(page)
    expect(page.locator("section.notice:has(#personal-data-title)")).to_be_focused()
    findings = barriers(page) + misfits(page) + foreign_words(page)
    assert findings == [], report(findings)
    page.locator("button[data-mend]").click()
    body = page.locator("[name=body]")
    assert body.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)") == PHONE
    body.fill(people.BODY)
    people.send(page)
    people.keys_shown(page)


def test_kept_words_are_sent_as_they_are(page):
    people.write(page, prefix=people.ENGLISH, body=HOLDS_BOTH)
    people.send(page)
    page.locator("[data-keep]").click()
    people.keys_shown(page)
    expect(page.locator(".slip .words")).to_contain_text(NATIONAL_ID)


def test_what_is_left_in_the_words_is_asked_by_the_server(page):
    people.write(page, body=HOLDS_BOTH)
    people.send(page)
    expect(page.locator(ASKED)).to_be_visible()
    people.send(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.locator("#id_keeps_personal_data").check()
    people.send(page)
    people.keys_shown(page)


def test_when_it_cannot_ask_the_form_is_sent(page):
    page.route("**/submit/check/", lambda route: route.abort())
    people.write(page, body=f"{people.BODY} โทร {PHONE}")
    people.send(page)
    people.keys_shown(page)


def test_a_second_press_while_it_asks_sends_nothing_twice(page):
    people.write(page)
    page.locator("main form [type=submit]").dblclick()
    people.keys_shown(page)


def test_without_javascript_the_server_asks_alone(new_page, server):
    page = new_page(base_url=server.url, java_script_enabled=False)
    people.write(page, body=HOLDS_BOTH)
    people.send(page)
    page.locator("#id_keeps_personal_data").check()
    people.send(page)
    people.keys_shown(page)
