"""Every kind of page that the staff see: no barriers, nothing that does not fit, nothing untranslated."""

import pytest
from playwright.sync_api import expect

from tests.in_browser import checks, people, places, staff_places

# The two languages have the same elements: one is looked through, in both schemes; the other has other words, which must fit.
WIDTHS = {people.THAI: (320, 390, 1280), people.ENGLISH: (390,)}
LOOKED_THROUGH_AT = {people.THAI: 1280}


@pytest.fixture(scope="module")
def known(server):
    staff_places.fill_with_more(server)
    return places.fill_with_samples(server)


@pytest.fixture(scope="module")
def session(server, browser):
    context = browser.new_context(base_url=server.url)
    people.sign_in(context.new_page(), people.hire(server, "administrator"))
    yield context.cookies()
    context.close()


@pytest.fixture
def officer(kept, server, session):
    return kept.emptied(server.url, session)


PAGES = [(name, people.THAI) for name in staff_places.NAMES]
PAGES += [(name, people.ENGLISH) for name in staff_places.ALSO_IN_ENGLISH]


@pytest.mark.parametrize(("name", "prefix"), PAGES)
def test_a_staff_page_fits_every_officer(officer, known, name, prefix):
    staff_places.visit(officer, name, known, prefix)
    findings = checks.foreign_words(officer)
    for width in WIDTHS[prefix]:
        officer.set_viewport_size({"width": width, "height": 844})
        # Rows of tables are dense here; axe-core still sees to it that links keep their distance.
        found = checks.misfits(officer, least=0, least_main=24)
        if width == LOOKED_THROUGH_AT.get(prefix):
            found += checks.barriers_in_both_schemes(officer)
        findings += [f"{width} px: {line}" for line in found]
    assert not findings, checks.report(findings)


_DEPTH = """() => document.querySelector(".card").getBoundingClientRect().top
  - document.querySelector("#content h1").getBoundingClientRect().bottom"""


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_first_opinion_is_near(officer, known, width):
    officer.set_viewport_size({"width": width, "height": 844})
    staff_places.visit(officer, "queue", known)
    assert officer.evaluate(_DEPTH) < 250
    assert officer.locator("#queue .bulk .button").first.is_hidden()
    officer.locator(".action-select").first.check()
    assert officer.locator("#queue .bulk .button").first.is_visible()


def test_the_small_print_of_an_export_can_be_read(officer, known):
    staff_places.visit(officer, "export", known)
    size = officer.locator("#content p.help").evaluate("text => parseFloat(getComputedStyle(text).fontSize)")
    assert size >= 14


def test_signing_in_has_a_heading_and_the_other_language(officer, known):
    staff_places.visit(officer, "login-wrong", known)
    expect(officer.locator("h1")).to_have_text("เข้าสู่ระบบสำหรับเจ้าหน้าที่")
    officer.get_by_role("link", name="English").click()
    expect(officer.locator("h1")).to_have_text("Staff sign-in")
    assert officer.locator("#login-form").is_visible()


@pytest.mark.parametrize("has_focus", ["page", "box"])
def test_one_key_covers_what_is_marked_as_the_page_says(officer, known, has_focus):
    staff_places.cover(officer, people.THAI, known)
    expect(officer.get_by_label("กดปุ่ม R แทนได้")).to_be_checked()
    assert officer.locator("#redact [name=parts]:checked").count() == 2
    if has_focus == "box":
        officer.locator("#redact [name=parts]").last.focus()
    officer.keyboard.press("r")
    expect(officer.locator(".messagelist .success")).to_contain_text("ปกปิดข้อความแล้ว 2 แห่ง")
    expect(officer.locator(".statement .words s")).to_have_text([staff_places.ID, staff_places.PHONE])
    _uncover(officer)


def test_the_key_is_typed_where_one_types_and_can_be_switched_off(officer, known):
    staff_places.cover(officer, people.THAI, known)
    officer.locator("#redact summary").press("Enter")
    words = officer.locator("#redact_words")
    words.press("r")
    expect(words).to_have_value("r")
    key = officer.locator("#redact-key")
    key.press("Space")
    expect(key).not_to_be_checked()
    key.press("r")
    officer.reload()
    expect(officer.locator("#redact-key")).not_to_be_checked()
    expect(officer.locator(".statement .covered")).to_have_count(0)


def _uncover(page):
    """Leave the opinion as it was, for the other tests."""
    ticked = page.locator("#redact [name=parts]:checked")
    while ticked.count():
        ticked.first.uncheck()
    page.keyboard.press("r")
    expect(page.locator(".messagelist .success")).to_contain_text("ไม่มีส่วนใดถูกปกปิดแล้ว")
