"""The whole job, by three people in three browsers: a citizen speaks, staff decide, a planner exports."""

import csv
import re
from codecs import BOM_UTF8
from io import StringIO
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.in_browser import people, staff_places

pytestmark = pytest.mark.both_databases
GOAL = "G67-4.3-01"
# The search for it shows it again in the search field, so it is no part of what a leak would show.
WORD = "แสนแสบ"
FIRST = "อยากให้มีทางเดินเลียบคลองที่น้ำไม่ท่วม ตลอดแนวคลองแสนแสบ"
SECOND = "ขายคอนโดริมคลองแสนแสบ ราคาพิเศษ เดือนนี้เท่านั้น"
PUBLIC = [
    "/",
    "/goals/",
    f"/goals/{GOAL}/",
    "/meetings/",
    "/meetings/1/",
    "/comments/",
    f"/comments/?q={quote(WORD)}",
    f"/comments/?goal={GOAL}",
    "/comments/?sort=oldest",
    "/submit/",
    "/receipt/",
]


def read(url):
    try:
        with urlopen(url) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def public_traces(server, keys, body):
    """Return the public addresses, in both languages, that show any of an opinion."""
    own = f"/comments/{keys.reference}/"
    pages = {path: read(server.url + path) for path in (p + q for p in ("", "/en") for q in [*PUBLIC, own])}
    # The page that is missing repeats its own address.
    return {
        path
        for path, (status, text) in pages.items()
        if body[:20] in text or (status == 200 and keys.reference in text)
    }


def numbers(page):
    """Return received, published, awaiting review, not published and withdrawn as the first page says."""
    page.goto("/")
    # The browser may have kept the page for half a minute.
    page.reload()
    received = page.locator(".ledger-total").inner_text().split()[0]
    return [int(text) for text in (received, *page.locator(".ledger dd").all_inner_texts())]


def changed(before, after):
    return [new - old for old, new in zip(before, after, strict=True)]


def exported_row(planner, keys, tmp_path):
    planner.goto(staff_places.PATHS["export"])
    with planner.expect_download() as download:
        planner.locator("#content-main [type=submit]").click()
    assert re.search(r"[\u0e00-\u0e7f].*\.csv$", download.value.suggested_filename)
    path = tmp_path / "export.csv"
    download.value.save_as(path)
    text = path.read_bytes().removeprefix(BOM_UTF8).decode()
    rows = list(csv.DictReader(StringIO(text, newline="")))
    (row,) = [row for row in rows if row["reference"] == keys.reference]
    return row


def card(officer, keys, status="pending"):
    officer.goto(f"{staff_places.QUEUE}?status={status}")
    return officer.locator(".card", has_text=keys.reference)


def state(citizen, keys):
    people.look_up(citizen, keys)
    return citizen.locator("#receipt-status")


@pytest.fixture
def citizen(new_page, server):
    return new_page(base_url=server.url, viewport={"width": 390, "height": 844}, has_touch=True)


@pytest.fixture
def signed_in(new_page, server):
    def enter(role):
        page = new_page(base_url=server.url, viewport={"width": 1280, "height": 800})
        people.sign_in(page, people.hire(server, role))
        return page

    return enter


def speak_and_reload(citizen, body):
    keys = people.speak(citizen, goal=GOAL, body=body, stance="agree", district="1004", kind="need")
    assert re.fullmatch(r"67-[0-9A-Z]{4}-[0-9A-Z]{4}", keys.reference)
    assert keys.secret not in citizen.url
    citizen.reload()
    expect(citizen.locator("main form [name=secret]")).to_be_editable()
    assert keys.secret not in citizen.content()
    return keys


def test_a_citizen_speaks_staff_publish_and_a_planner_exports(citizen, signed_in, server, tmp_path):
    before = numbers(citizen)
    keys = speak_and_reload(citizen, FIRST)
    expect(state(citizen, keys)).to_have_attribute("data-status", "pending")
    assert public_traces(server, keys, FIRST) == set()
    assert changed(before, numbers(citizen)) == [1, 0, 1, 0, 0]

    moderator = signed_in("moderator")
    moderator.goto("/admin/comments/submission/")
    waiting = moderator.locator(".card", has_text=keys.reference)
    expect(waiting.locator(".words")).to_have_text(FIRST)
    waiting.locator("button.default").click()
    expect(moderator.locator(".messagelist .success")).to_be_visible()
    expect(moderator.locator(".card")).to_have_count(0)

    shown = {f"/comments/{keys.reference}/", f"/goals/{GOAL}/", "/comments/", f"/comments/?goal={GOAL}"}
    shown |= {f"/comments/?q={quote(WORD)}", "/comments/?sort=oldest"}
    shown |= {f"/en{path}" for path in shown}
    assert public_traces(server, keys, FIRST) == shown
    expect(state(citizen, keys)).to_have_attribute("data-status", "published")
    citizen.locator(".slip [href*='/comments/']").click()
    expect(citizen).to_have_url(f"{server.url}/comments/{keys.reference}/")
    expect(citizen.locator(".words")).to_have_text(FIRST)
    assert changed(before, numbers(citizen)) == [1, 1, 0, 0, 0]

    row = exported_row(signed_in("planner"), keys, tmp_path)
    assert (row["status"], row["body"], row["goal_code"]) == ("published", FIRST, GOAL)
    assert (row["stance"], row["kind"], row["district_code"]) == ("agree", "need", "1004")


def test_a_rejected_opinion_tells_its_author_why_and_can_come_back(citizen, signed_in, server):
    keys = speak_and_reload(citizen, SECOND)
    moderator = signed_in("moderator")
    card(moderator, keys).locator("button.reject").click()
    expect(moderator.locator("#content-main .words")).to_have_text(SECOND)
    moderator.locator("#content-main button.reject").click()
    expect(moderator.locator(".errornote")).to_be_visible()
    moderator.locator("[name=reason][value=advertising]").check()
    reason = moderator.locator(".choice:has(:checked) .hint").inner_text()
    moderator.locator("[name=note]").fill("บันทึกไว้ให้เพื่อนร่วมงาน")
    moderator.locator("#content-main button.reject").click()
    expect(moderator.locator(".messagelist .success")).to_be_visible()

    expect(state(citizen, keys)).to_have_attribute("data-status", "rejected")
    expect(citizen.locator("main")).to_contain_text(reason)
    expect(citizen.locator("main")).not_to_contain_text("บันทึกไว้ให้เพื่อนร่วมงาน")
    assert public_traces(server, keys, SECOND) == set()

    card(moderator, keys, "rejected").locator("[formaction*=restore]").click()
    expect(card(moderator, keys)).to_be_visible()
    expect(state(citizen, keys)).to_have_attribute("data-status", "pending")
    assert public_traces(server, keys, SECOND) == set()
    moderator.goto(f"{staff_places.QUEUE}?q={keys.reference}")
    moderator.locator(".card h2 a").click()
    expect(moderator.locator("#history li")).to_have_count(3)
