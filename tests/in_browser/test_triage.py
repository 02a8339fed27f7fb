"""The triage view in a browser: by keys alone, by touch, without JavaScript, and its pace."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.in_browser import people

TRIAGE = "/admin/comments/submission/triage/"
ITEMS, AT_LEAST_A_MINUTE = 30, 10
_FILL = """
from itertools import count
from tests.factories import submission, unlike
keys = (f"triage-{number}" for number in count())
for _ in range(%d):
    submission(body=unlike(), key=next(keys))
"""
_HELD = """
from tests.factories import submission
submission(body="ติดต่อกลับที่ 081-000-0000 ได้ทุกวัน ที่ตลาดหน้าวัด", key="held")
"""
STATUSES = "SELECT status, count(*) FROM comments_submission GROUP BY status"


@pytest.fixture
def moderator(new_page, fresh_server):
    fresh_server.shell(_FILL % 3)
    return _signed_in(new_page, fresh_server)


def _signed_in(new_page, server, *, hired="", **options):
    page = new_page(base_url=server.url, reduced_motion="reduce", **options)
    people.sign_in(page, hired or people.hire(server, "moderator"))
    page.goto(TRIAGE)
    return page


def reference(page):
    return page.locator("#item .number").inner_text()


def press(page, key):
    """Press a key and wait until another item, or none, is there."""
    before = page.locator("input[name=token]").first.get_attribute("value")
    page.keyboard.press(key)
    expect(page.locator(f"input[name=token][value='{before}']")).to_have_count(0)


def test_thirty_opinions_by_keys_alone_at_more_than_ten_a_minute(new_page, fresh_server, capsys):
    fresh_server.shell(_FILL % ITEMS)
    page = _signed_in(new_page, fresh_server)
    began = time.monotonic()
    for number in range(ITEMS):
        expect(page.locator("#item")).to_be_focused()
        press(page, "p" if number % 3 else str(1 + number % 7))
    a_minute = ITEMS * 60 / (time.monotonic() - began)
    with capsys.disabled():
        print(f"\n{a_minute:.0f} decisions a minute by keys alone")  # noqa: T201
    assert a_minute >= AT_LEAST_A_MINUTE
    assert dict(fresh_server.query(STATUSES)) == {"published": 20, "rejected": 10}
    expect(page.locator(".empty")).to_contain_text("พิจารณาครบทุกรายการแล้ว")


def test_skip_next_and_undo_have_keys_and_what_was_done_is_said(moderator):
    first = reference(moderator)
    press(moderator, "s")
    second = reference(moderator)
    press(moderator, "ArrowRight")
    assert reference(moderator) not in {first, second}
    press(moderator, "n")
    assert reference(moderator) != first
    shown = reference(moderator)
    press(moderator, "2")
    expect(moderator.locator("#told")).to_have_text(re.compile("ไม่เผยแพร่"))
    press(moderator, "u")
    assert reference(moderator) == shown
    expect(moderator.locator("#item")).to_be_focused()


def test_keys_are_typed_where_one_types_listed_by_a_key_and_can_be_switched_off(moderator):
    shown = reference(moderator)
    moderator.keyboard.press("Shift+?")
    expect(moderator.locator("#keys")).to_have_attribute("open", "")
    moderator.get_by_text("เพิ่มบันทึก").click()
    note = moderator.locator("#decide textarea")
    note.press_sequentially("p1sunc?")
    expect(note).to_have_value("p1sunc?")
    moderator.locator("#triage-keys").uncheck()
    moderator.locator("#triage-keys").press("p")
    moderator.reload()
    moderator.keyboard.press("p")
    moderator.keyboard.press("1")
    moderator.reload()
    assert reference(moderator) == shown
    assert moderator.locator("#decide kbd").first.is_hidden()


def test_one_key_covers_what_is_marked_in_the_words(new_page, fresh_server):
    fresh_server.shell(_HELD)
    page = _signed_in(new_page, fresh_server)
    page.keyboard.press("c")
    expect(page.locator("#item-words .covered s")).to_have_text("081-000-0000")
    page.evaluate("""() => {
      const walker = document.createTreeWalker(document.getElementById("item-words"), NodeFilter.SHOW_TEXT);
      while (!walker.nextNode().data.includes("ตลาด"));
      const at = walker.currentNode.data.indexOf("ตลาด");
      getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + 4);
    }""")
    page.keyboard.press("c")
    expect(page.locator("#item-words .covered s")).to_have_text(["081-000-0000", "ตลาด"])


@pytest.mark.both_databases
def test_another_moderator_gets_another_item_and_a_late_decision_is_told(new_page, fresh_server):
    fresh_server.shell(_FILL % 2)
    # Who is hired anew gets a new password, which signs everybody of that name out.
    hired = people.hire(fresh_server, "moderator")
    one, other = (_signed_in(new_page, fresh_server, hired=hired) for _ in range(2))
    late = reference(one)
    assert late != reference(other)
    press(other, "p")
    expect(other.locator(".empty")).to_contain_text("เพื่อนร่วมงาน")
    fresh_server.shell(
        "from django.utils import timezone\nfrom comments.models import Lease\n"
        "Lease.objects.update(expires_at=timezone.now())"
    )
    other.reload()
    assert reference(other) == late
    one.keyboard.press("p")
    expect(one.locator(".messagelist .error")).to_contain_text("ไม่ได้อยู่ในมือคุณแล้ว")
    assert dict(fresh_server.query(STATUSES)) == {"published": 1, "pending": 1}


def test_by_touch_every_button_is_large_enough_and_works(new_page, fresh_server):
    fresh_server.shell(_FILL % 2)
    page = _signed_in(
        new_page, fresh_server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    heights = page.locator(".triage button").evaluate_all(
        "all => all.map(button => button.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"
    )
    assert min(heights) >= 44
    shown = reference(page)
    page.get_by_role("button", name="เผยแพร่", exact=True).tap()
    expect(page.locator("#item .number")).not_to_have_text(shown)


def test_without_javascript_the_buttons_do_it_all(new_page, fresh_server):
    fresh_server.shell(_FILL % 2)
    page = _signed_in(new_page, fresh_server, java_script_enabled=False)
    shown = reference(page)
    page.locator("#decide .default").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator("#item .number")).not_to_have_text(shown)
    page.locator("[data-key=KeyU]").click()
    expect(page.locator("#item .number")).to_have_text(shown)
    page.locator("[value=insult]").click()
    assert dict(fresh_server.query(STATUSES)) == {"rejected": 1, "pending": 1}


def test_keys_give_themes_the_tenth_by_its_title_and_take_them_away_and_the_opinion_stays_in_hand(
    new_page, fresh_server
):
    fresh_server.shell(
        _FILL % 1
        + "from tests.factories import theme\n"
        + "for n in range(9): theme(f'a{n}')\n"
        + "theme('z', title_th='Spare trees', title_en='Trees')\n"
    )
    page = _signed_in(new_page, fresh_server)
    shown, given = reference(page), page.locator("button.theme[aria-pressed=true]")
    for count in (1, 0, 1):
        page.keyboard.press("Shift+Digit1")
        expect(given).to_have_count(count)
        assert reference(page) == shown
    assert fresh_server.query("SELECT count(*) FROM comments_tag") == [(1,)]
    # The script has begun.
    expect(page.locator("#item")).to_be_focused()
    page.keyboard.press("t")
    # The letters of other deeds are none here.
    page.keyboard.type("ree")
    expect(page.locator("button.theme:focus")).to_contain_text("Spare trees")
    page.keyboard.press("Enter")
    expect(given).to_have_count(2)
    expect(page.locator("#item")).to_be_focused()
    page.keyboard.press("t")
    page.keyboard.type("ps")
    page.keyboard.press("Escape")
    expect(page.locator("#item")).to_be_focused()
    assert dict(fresh_server.query(STATUSES)) == {"pending": 1}
    press(page, "p")
    assert dict(fresh_server.query(STATUSES)) == {"published": 1}
