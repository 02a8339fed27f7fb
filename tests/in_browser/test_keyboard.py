"""A citizen who uses the keyboard alone can do everything, and always sees where the focus is."""

import re

import pytest
from playwright.sync_api import expect

from tests.in_browser import people

BODY = "อยากให้สะพานลอยหน้าโรงพยาบาลมีลิฟต์ที่ใช้ได้ทุกวัน"
MOST_STOPS = 80
FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  return {
    name: e.name || "", value: e.value || "", id: e.id, text: (e.innerText || "").trim(),
    href: e.getAttribute("href") || "", type: e.type || e.localName,
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.left < innerWidth,
  };
}"""


class Keyboard:
    """A page that is reached by keys alone; every stop must show its focus."""

    def __init__(self, page):
        self.page = page
        self.stops = []

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def focused(self):
        return self.page.evaluate(FOCUSED)

    def tab_to(self, key="Tab", **wanted):
        """Press Tab until the focus is on an element with these properties."""
        for _ in range(MOST_STOPS):
            self.press(key)
            here = self.focused
            assert here["seen"], f"the focus does not show on {here}"
            self.stops.append(here)
            if all(re.search(pattern, here[name]) for name, pattern in wanted.items()):
                return here
        raise AssertionError(f"{wanted} is not reached by {key}: {self.stops}")


@pytest.fixture
def keyboard(new_page, server):
    # The focus is looked at as soon as it has moved, not while the page still glides there.
    return Keyboard(new_page(base_url=server.url, reduced_motion="reduce"))


def test_the_skip_link_comes_first_and_leads_to_the_content(keyboard):
    keyboard.page.goto("/comments/")
    keyboard.tab_to(href="^#main$")
    assert len(keyboard.stops) == 1
    keyboard.press("Enter")
    assert keyboard.focused["id"] == "main"
    assert keyboard.tab_to()["name"] == "q"


def send_too_soon_and_correct(keyboard):
    """Find the focus on the summary of the errors, which leads to the field."""
    page = keyboard.page
    keyboard.tab_to(name="^body$")
    page.keyboard.type("สั้น")
    keyboard.tab_to(type="^submit$")
    keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    keyboard.tab_to(href="#id_body")
    keyboard.press("Enter")
    expect(page.locator("[name=body]")).to_be_focused()
    expect(page.locator("[name=body]")).to_have_value("สั้น")
    keyboard.press("Control+a")
    page.keyboard.insert_text(BODY)


def choose(keyboard):
    """Use the arrows and the space bar on radio buttons and lists, forwards and backwards."""
    page = keyboard.page
    keyboard.tab_to(name="^kind$")
    keyboard.press("ArrowDown")
    expect(page.locator("[name=kind][value=need]")).to_be_checked()
    keyboard.tab_to(id="^id_goal$")
    keyboard.press("ArrowDown", "ArrowDown", "Enter")
    keyboard.tab_to(name="^sector$")
    keyboard.press("Space")
    expect(page.locator("[name=sector]:checked")).to_have_count(1)
    keyboard.tab_to(key="Shift+Tab", id="^id_goal$")
    expect(page.locator("[name=goal]")).to_have_value(re.compile("G67-"))
    keyboard.tab_to(name="^consent_display_name$")
    keyboard.press("Space")
    expect(page.locator("[name=consent_display_name]")).to_be_checked()


def test_a_citizen_speaks_corrects_and_follows_up_by_keyboard_alone(keyboard):
    page = keyboard.page
    page.goto("/")
    keyboard.tab_to(href="/submit/$")
    keyboard.press("Enter")
    expect(page.locator("[name=body]")).to_be_visible()
    send_too_soon_and_correct(keyboard)
    choose(keyboard)
    keyboard.tab_to(type="^submit$")
    keyboard.press("Space")
    expect(page.locator("dialog h2").first).to_be_focused()
    keyboard.press("Escape")
    expect(page.locator("main form [type=submit]")).to_be_focused()
    keyboard.press("Enter")
    expect(page.locator("dialog h2").first).to_be_focused()
    keyboard.tab_to(text="^ส่งความคิดเห็น$")
    keyboard.press("Enter")
    keys = people.read_keys(page)

    keyboard.tab_to(href="/receipt/$")
    keyboard.press("Enter")
    expect(page.locator("[name=secret]")).to_be_visible()
    keyboard.tab_to(name="^reference$")
    page.keyboard.type(keys.reference.lower())
    keyboard.tab_to(name="^secret$")
    page.keyboard.type(keys.secret.replace("-", " "))
    keyboard.press("Enter")
    expect(page.locator("#receipt-status")).to_have_attribute("data-status", "pending")
    expect(page.locator("main .words")).to_have_text(BODY)


def test_filters_open_and_narrow_by_keyboard_alone(keyboard, server):
    server.manage("demo")
    page = keyboard.page
    page.goto("/comments/")
    keyboard.tab_to(type="^summary$")
    keyboard.press("Enter")
    keyboard.tab_to(name="^stance$")
    keyboard.press("ArrowDown")
    value = page.locator("[name=stance]").input_value()
    assert value
    keyboard.press("Enter")
    keyboard.tab_to(key="Shift+Tab", type="^submit$")
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"stance={value}"))
    count = page.locator(".opinion").count()
    keyboard.tab_to(href=r"^\?((?!stance).)*$")
    keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile(f"stance={value}"))
    assert page.locator(".opinion").count() > count
