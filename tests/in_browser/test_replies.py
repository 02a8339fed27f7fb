"""A citizen replies to an opinion; it is read before it is shown, and its author can take it back."""

import pytest
from playwright.sync_api import expect

from tests.in_browser import people

WORDS = "เห็นด้วย และขอให้เริ่มจากซอยที่น้ำท่วมซ้ำทุกปี"
OPINION = """
from tests.factories import submission, unlike
print(submission("published", body=unlike()).reference)
"""
PUBLISH = """
from comments import moderation
from comments.models import Submission
from tests.factories import staff
moderation.publish(Submission.everything.get(reference="{reference}"), actor=staff())
"""


@pytest.fixture(scope="module")
def opinion(server):
    return server.shell(OPINION).strip()


@pytest.mark.parametrize("has_javascript", [True, False])
@pytest.mark.parametrize("prefix", [people.THAI, people.ENGLISH])
def test_a_reply_is_sent_read_shown_and_taken_back(new_page, server, opinion, has_javascript, prefix):
    page = new_page(base_url=server.url, java_script_enabled=has_javascript)
    address = f"{prefix}/comments/{opinion}/"
    page.goto(address)
    page.locator(f"a[href='{address}reply/']").click()
    people.fill(page, body="สั้นไป")
    people.send(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    people.fill(page, body=WORDS, sector="citizen")
    people.send(page)
    keys = people.keys_shown(page)

    server.shell(PUBLISH.format(reference=keys.reference))
    # Whoever reads on sees it at once; a copy that a browser kept is half a minute old at most.
    reader = new_page(base_url=server.url)
    reader.goto(address)
    expect(reader.locator(f"#reply-{keys.reference} .words")).to_have_text(WORDS)

    people.look_up(page, keys, prefix)
    page.locator(f"a[href='{address}#reply-{keys.reference}']").click()
    expect(page).to_have_url(f"{server.url}{address}#reply-{keys.reference}")


def test_a_double_click_is_one_reply(page, server, opinion):
    page.goto(f"/comments/{opinion}/reply/")
    people.fill(page, body=WORDS, sector="citizen")
    page.locator("main form [type=submit]").dblclick()
    people.keys_shown(page)
    count = "from comments.models import Submission; print(Submission.everything.replies().count())"
    before = int(server.shell(count))
    page.go_back()
    people.send(page)
    people.keys_shown(page)
    assert int(server.shell(count)) == before
