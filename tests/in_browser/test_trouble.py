"""What happens to the words when the connection or the server fails, and to a draft that nobody sent."""

import pytest
from playwright.sync_api import expect

from tests.in_browser import people
from tests.in_browser.checks import barriers, misfits, report

LONG = "กี่" * 7990 + "\nก้ำ น้ำ"
PHOTO = {"name": "canal.txt", "mimeType": "text/plain", "buffer": b"none"}
DRAFTS = "() => JSON.stringify([sessionStorage.draft ?? '', localStorage.draft ?? ''])"
ROWS = "SELECT count(*) FROM comments_submission"


def kind(page, name):
    return page.locator(f"[data-kind={name}]")


@pytest.mark.parametrize("step", ["first", "last"])
def test_offline_the_words_stay_and_are_sent_when_there_is_a_connection(page, step):
    people.write(page, body=LONG)
    if step == "last":
        people.send(page)
        expect(page.locator("[data-send]")).to_be_visible()
    page.context.set_offline(True)
    people.send(page) if step == "first" else people.confirm(page)
    expect(kind(page, "offline")).to_be_focused()
    expect(page.locator("[name=body]")).to_have_value(LONG)
    page.context.set_offline(False)
    expect(page.locator("[data-for=online]")).to_be_visible()
    people.send(page)
    people.keys_shown(page)
    expect(page.locator(".slip .words")).to_have_text(LONG, use_inner_text=True)


@pytest.mark.parametrize(
    ("status", "trouble"), [(500, "server"), (502, "server"), (503, "busy"), (429, "often"), (413, "large")]
)
def test_a_failing_server_leaves_the_words_and_files_in_the_form(page, status, trouble):
    people.write(page, body=LONG)
    page.locator("[name=attachments]").set_input_files([PHOTO])
    page.route("**/submit/", lambda route: route.fulfill(status=status, body="<h1>no</h1>"))
    people.send(page)
    expect(kind(page, trouble)).to_be_focused()
    expect(page.locator("[name=body]")).to_have_value(LONG)
    assert page.locator("[name=attachments]").evaluate("field => field.files.length") == 1


@pytest.mark.both_databases
def test_when_the_answer_is_lost_a_second_press_is_the_same_opinion(page, server):
    before = server.query(ROWS)[0][0]
    people.write(page, body=LONG)
    people.send(page)
    expect(page.locator("[data-send]")).to_be_visible()

    def lose(route):
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/submit/", lose)
    people.confirm(page)
    expect(kind(page, "offline")).to_be_visible()
    page.unroute("**/submit/")
    people.send(page)
    people.keys_shown(page)
    assert server.query(ROWS) == [(before + 1,)]


def test_too_much_is_told_beside_the_form(page):
    people.write(page, body=LONG)
    people.swell(page)
    people.send(page)
    expect(kind(page, "large")).to_be_focused()
    expect(page.locator("[name=body]")).to_have_value(LONG)


def test_the_last_look_can_be_left_and_the_form_is_as_it_was(new_page, server):
    for has_javascript in (True, False):
        page = new_page(base_url=server.url, java_script_enabled=has_javascript)
        people.write(page, body=LONG, email="a@example.org", kind="need")
        people.send(page)
        expect(page.locator("[data-review]")).to_contain_text("a@example.org")
        page.locator("[data-change], [name=change]").click()
        expect(page.locator("textarea[name=body]")).to_have_value(LONG)
        expect(page.locator("input[type=email]")).to_have_value("a@example.org")
        expect(page.locator("[name=kind]:checked")).to_have_value("need")
        people.send(page)
        people.keys_shown(page)
        expect(page.locator(".slip .words")).to_have_text(LONG, use_inner_text=True)


def test_a_draft_comes_back_in_the_tab_and_is_gone_when_sent(page):
    people.write(page, body=LONG, kind="need", email="a@example.org", display_name="คนริมคลอง")
    page.goto("/submit/?goal=G67-4.3-01")
    expect(page.locator("[data-discard]")).to_be_visible()
    expect(page.locator("[name=body]")).to_have_value(LONG)
    expect(page.locator("[name=kind]:checked")).to_have_value("need")
    expect(page.locator("[name=goal]")).to_have_value("G67-4.3-01")
    expect(page.locator("[name=email]")).to_have_value("")
    expect(page.locator("[name=display_name]")).to_have_value("")
    assert "example.org" not in page.evaluate(DRAFTS)
    people.send(page)
    people.keys_shown(page)
    assert page.evaluate(DRAFTS) == '["",""]'


def test_a_draft_can_be_discarded(page):
    people.write(page)
    page.goto("/submit/")
    page.locator("[data-discard]").click()
    expect(page.locator("[name=body]")).to_have_value("")
    expect(page.locator("[name=body]")).to_be_focused()
    page.reload()
    expect(page.locator("[data-discard]")).to_have_count(0)


def test_only_when_asked_a_draft_outlives_the_tab(page):
    people.write(page)
    page.locator("#keep-draft").check()
    page.goto("/about/")
    assert page.evaluate("() => [Boolean(sessionStorage.draft), Boolean(localStorage.draft)]") == [
        False,
        True,
    ]
    other = page.context.new_page()
    other.goto("/submit/")
    expect(other.locator("[name=body]")).to_have_value(people.BODY)
    expect(other.locator("#keep-draft")).to_be_checked()
    other.locator("#keep-draft").uncheck()
    assert other.evaluate("() => Boolean(localStorage.draft)") is False


@pytest.mark.parametrize(
    ("where", "age"), [("sessionStorage", "31 * 60_000"), ("localStorage", "7 * 86_400_000")]
)
def test_an_old_draft_is_gone(page, where, age):
    people.write(page)
    page.goto("/about/")
    page.evaluate(
        f"""() => {{
          const draft = JSON.parse(sessionStorage.draft);
          sessionStorage.removeItem("draft");
          {where}.draft = JSON.stringify({{ ...draft, at: Date.now() - {age} }});
        }}"""
    )
    page.goto("/submit/")
    expect(page.locator("[name=body]")).to_have_value("")
    assert page.evaluate(DRAFTS) == '["",""]'


def test_a_form_that_leads_to_a_meeting_keeps_no_draft_unless_asked(page):
    people.write(page, query="?meeting=1")
    page.goto("/submit/?meeting=1")
    expect(page.locator("[name=body]")).to_have_value("")


def test_a_draft_never_covers_what_the_server_gave_back(page):
    people.write(page)
    people.fill(page, body="สั้น")
    people.send(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("[name=body]")).to_have_value("สั้น")
    expect(page.locator("[data-discard]")).to_have_count(0)


def test_the_notices_fit_and_have_no_barriers(page):
    page.set_viewport_size({"width": 320, "height": 844})
    people.write(page)
    page.goto("/submit/")
    page.route("**/submit/", lambda route: route.fulfill(status=503))
    people.send(page)
    expect(kind(page, "busy")).to_be_visible()
    findings = barriers(page) + misfits(page)
    assert findings == [], report(findings)
