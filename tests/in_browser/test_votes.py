"""People press agree and disagree: with and without JavaScript, by keyboard, twice at once, in two languages."""

import itertools

import pytest
from playwright.sync_api import expect

PUBLISHED = """
import secrets
from tests.factories import submission
print(submission("published", body="อยากให้มีร่มเงาตลอดทางเดินริมคลอง", key=secrets.token_hex()).reference)
"""
COUNTS = "SELECT agree_count, disagree_count FROM comments_developmentgoal WHERE code = '{}'"


@pytest.fixture(scope="module")
def codes(server):
    goals = server.query("SELECT code FROM comments_developmentgoal ORDER BY code")
    return itertools.chain.from_iterable(goals)


@pytest.fixture
def code(codes):
    """Return the code of a goal that no other test votes on."""
    return next(codes)


@pytest.fixture
def plain_page(new_page, server):
    return new_page(base_url=server.url, java_script_enabled=False, viewport={"width": 390, "height": 844})


def button(page, value, place="#votes"):
    return page.locator(f"{place} button[value='{value}']")


def counted(server, code):
    (row,) = server.query(COUNTS.format(code))
    return row


def test_without_javascript_one_presses_changes_and_takes_back(plain_page, server, code):
    plain_page.goto(f"/goals/{code}/")
    button(plain_page, "agree").click()
    expect(plain_page.locator("#votes [role=status]")).to_have_text("คุณเห็นด้วย")
    expect(button(plain_page, "agree")).to_have_attribute("aria-pressed", "true")
    assert counted(server, code) == (1, 0)
    button(plain_page, "disagree").click()
    expect(plain_page.locator("#votes [role=status]")).to_have_text("คุณไม่เห็นด้วย")
    assert counted(server, code) == (0, 1)
    button(plain_page, "").click()
    expect(plain_page.locator("#votes [aria-pressed=true]")).to_have_count(0)
    assert counted(server, code) == (0, 0)
    plain_page.get_by_role("link", name="กลับไปที่เป้าหมาย").click()
    expect(plain_page).to_have_url(f"{server.url}/goals/{code}/#votes")


def test_without_javascript_the_questions_are_answered(plain_page, server, code):
    plain_page.goto(f"/goals/{code}/")
    plain_page.locator("[name=suitable][value=yes]").check()
    plain_page.locator("[name=doable][value=no]").check()
    plain_page.locator("#questions [type=submit]").click()
    expect(plain_page).to_have_url(f"{server.url}/goals/{code}/vote/#questions")
    expect(plain_page.locator("#questions input[value=yes]:checked")).to_have_attribute("name", "suitable")
    plain_page.locator("[name=suitable][value='']").check()
    plain_page.locator("#questions [type=submit]").click()
    expect(plain_page.locator("#questions input[value=yes]:checked")).to_have_count(0)
    expect(plain_page.locator("#questions input[value=no]:checked")).to_have_attribute("name", "doable")


def test_with_javascript_one_stays_on_the_page(page, server, code):
    page.goto(f"/goals/{code}/")
    button(page, "agree").click()
    expect(page.locator("#votes [role=status]")).to_have_text("คุณเห็นด้วย")
    expect(page.locator("#votes .result-counts")).to_contain_text("1 (100%)")
    expect(page).to_have_url(f"{server.url}/goals/{code}/")
    page.locator("[name=needed][value=yes]").check()
    page.locator("#questions [type=submit]").click()
    expect(page.locator("#questions [role=status]")).to_have_text("ระบบทำเครื่องหมายคำตอบของคุณไว้แล้ว")
    # The page is the same for everybody; the browser asks for what is its own, in either language.
    for prefix, said in (("", "คุณเห็นด้วย"), ("/en", "You agree.")):
        page.goto(f"{prefix}/goals/{code}/")
        expect(page.locator("#votes [role=status]")).to_have_text(said)
        expect(button(page, "agree")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[name=needed][value=yes]")).to_be_checked()
    button(page, "").click()
    expect(page.locator("#votes [role=status]")).to_have_text("You have pressed nothing here.")
    expect(button(page, "agree")).to_be_focused()
    assert counted(server, code) == (0, 0)


def test_reading_asks_nothing_and_keeps_nothing(page, code):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/goals/{code}/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/vote/" in url]
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_a_double_click_of_a_new_browser_is_one_vote(new_page, server, code, javascript):
    page = new_page(base_url=server.url, java_script_enabled=javascript)
    page.goto(f"/goals/{code}/")
    button(page, "agree").dblclick()
    expect(page.locator("#votes [role=status]")).to_have_text("คุณเห็นด้วย")
    assert counted(server, code) == (1, 0)


def test_by_keyboard(page, server, code):
    page.goto(f"/goals/{code}/")
    button(page, "agree").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#votes [role=status]")).to_have_text("คุณไม่เห็นด้วย")
    expect(button(page, "disagree")).to_be_focused()
    page.keyboard.press("Tab")
    expect(button(page, "")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#votes [role=status]")).to_have_text("คุณยังไม่ได้กดที่นี่")
    assert counted(server, code) == (0, 0)


def test_on_a_card_of_the_list(page, server):
    reference = server.shell(PUBLISHED).strip()
    page.goto("/comments/")
    box = f"[data-own='/comments/{reference}/vote/']"
    button(page, "agree", box).click()
    expect(button(page, "agree", box)).to_have_attribute("aria-pressed", "true")
    expect(button(page, "agree", box)).to_contain_text("1")
    page.goto(f"/comments/{reference}/")
    expect(page.locator("#votes [role=status]")).to_have_text("คุณเห็นด้วย")


def test_a_form_on_another_site_is_refused(page, server, code):
    forged = f"<form method=post action='{server.url}/goals/{code}/vote/'><button name=value value=agree>Win!</button></form>"
    # The same host under another name is another site for the browser.
    elsewhere = server.url.replace("127.0.0.1", "localhost") + "/prize/"
    page.route(elsewhere, lambda route: route.fulfill(content_type="text/html", body=forged))
    page.goto(elsewhere)
    with page.expect_navigation() as sent:
        page.locator("button").click()
    assert sent.value.status == 403
    expect(page.get_by_text("403", exact=True)).to_be_visible()
    assert counted(server, code) == (0, 0)
    assert page.context.cookies() == []
