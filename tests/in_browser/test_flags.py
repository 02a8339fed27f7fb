"""A reader reports an opinion, without JavaScript, and what was written survives what is missing."""

from playwright.sync_api import expect

from tests.in_browser import people
from tests.in_browser.test_replies import OPINION

WORDS = "พูดถึงเพื่อนบ้านของฉันโดยตรง"


def test_a_reader_reports_an_opinion_once_and_it_stays_in_place(new_page, server):
    reference = server.shell(OPINION).strip()
    page = new_page(base_url=server.url, java_script_enabled=False, viewport={"width": 320, "height": 640})
    page.goto(f"/comments/{reference}/")
    assert page.context.cookies() == []
    page.locator("a[href$='/flag/']").click()
    people.fill(page, words=WORDS)
    people.send(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("[name=words]")).to_have_value(WORDS)
    people.fill(page, reason="other")
    people.send(page)
    expect(page.locator("#flagged")).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)
    count = (
        "from comments.models import Submission as S; print(S.objects.values_list('flag_count', 'status'))"
    )
    assert "[(1, 'published')]" in server.shell(count)
