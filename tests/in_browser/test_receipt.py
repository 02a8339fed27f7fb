"""What an author does from the receipt: by keyboard alone, without JavaScript, on paper, by e-mail."""

import re

import pytest
from playwright.sync_api import expect

from tests.in_browser import people
from tests.in_browser.test_keyboard import keyboard  # noqa: F401 - a fixture

OTHER = "ขอเปลี่ยนเป็นเรื่องไฟส่องสว่างริมคลองทุกสาย"


@pytest.fixture
def plain_page(new_page, server):
    return new_page(base_url=server.url, java_script_enabled=False, viewport={"width": 390, "height": 844})


def test_the_author_changes_words_and_asks_for_erasure_by_keyboard_alone(keyboard):  # noqa: F811
    page = keyboard.page
    people.look_up(page, people.speak(page))
    expect(page.locator("#receipt-status")).to_be_visible()
    keyboard.tab_to(type="^summary$")
    keyboard.press("Enter")
    keyboard.tab_to(name="^body$")
    keyboard.press("Control+a")
    page.keyboard.insert_text(OTHER)
    keyboard.tab_to(type="^submit$")
    keyboard.press("Enter")
    expect(page.locator("main .words").first).to_have_text(OTHER)
    expect(page.locator(".timeline [aria-current=step]")).to_have_count(1)
    page.locator("#erase summary").focus()
    keyboard.press("Enter")
    keyboard.tab_to(type="^submit$")
    keyboard.press("Space")
    expect(page.locator("#receipt-status")).to_have_attribute("data-status", "withdrawn")


def test_words_and_wishes_are_changed_without_javascript(plain_page):
    people.look_up(plain_page, people.speak(plain_page, email="somebody@example.org"))
    plain_page.locator("#change summary").click()
    people.press(plain_page, "edit", body=OTHER)
    expect(plain_page.locator("main .words").first).to_have_text(OTHER)
    plain_page.locator("#wishes summary").click()
    expect(plain_page.locator("#wishes bdi")).to_have_text("s…@e….org")
    people.press(plain_page, "wishes", email="new@example.net")
    plain_page.locator("#wishes summary").click()
    expect(plain_page.locator("#wishes bdi")).to_have_text("n…@e….net")


def test_the_secret_stands_in_no_address(page):
    addresses = []
    page.on("request", lambda request: addresses.append(request.url))
    keys = people.speak(page)
    people.look_up(page, keys)
    page.locator("#change summary").click()
    people.press(page, "edit", body=OTHER)
    page.locator("#take-back summary").click()
    people.press(page, "withdraw")
    expect(page.locator("#receipt-status")).to_have_attribute("data-status", "withdrawn")
    bare = keys.secret.replace("-", "")
    assert len(addresses) > 5
    assert not [one for one in addresses if keys.secret in one or bare in one]


def test_the_receipt_is_one_tidy_page_of_paper(page):
    keys = people.speak(page)
    page.emulate_media(media="print")
    expect(page.locator(".qr")).to_be_visible()
    expect(page.locator(".scan .print-only")).to_contain_text(f"/receipt/?reference={keys.reference}")
    expect(page.locator("main .btn:visible")).to_have_count(0)
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


def test_a_copy_goes_out_by_e_mail_and_a_mailbox_that_fails_loses_nothing(server_stage, new_page, tmp_path):
    with server_stage.server(EMAIL_URL=f"filemail:///{tmp_path}") as running:
        page = new_page(base_url=running.url)
        keys = people.speak(page)
        people.press(page, "copy", email="somebody@example.org")
        expect(page.locator(".notice[role=status]")).to_be_visible()
        assert people.keys_shown(page) == keys
        (sent,) = tmp_path.iterdir()
    assert b"To: somebody@example.org" in sent.read_bytes()
    with server_stage.server(EMAIL_URL="smtp://127.0.0.1:1") as running:
        page = new_page(base_url=running.url)
        keys = people.speak(page)
        people.press(page, "copy", email="somebody@example.org")
        expect(page.locator(".notice[role=alert]")).to_be_visible()
        assert people.keys_shown(page) == keys
