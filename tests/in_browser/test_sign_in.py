"""The door of the staff's side with both steps, on a server as the city runs it."""

from playwright.sync_api import expect

from tests.in_browser import checks, people
from tests.telephone import code

WIDTHS = (320, 390, 1280)


def looked_over(page):
    """Find what does not fit, can't be read or is in the other language on a page of the door."""
    findings = checks.foreign_words(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        findings += [f"{width} px: {line}" for line in checks.misfits(page, least=0, least_main=24)]
    findings += checks.barriers(page)
    page.emulate_media(color_scheme="dark")
    findings += [f"dark: {line}" for line in checks.barriers(page, checks.OF_COLOUR)]
    page.emulate_media(color_scheme="light")
    assert not findings, checks.report(findings)


def show_password(page, username, password=people.PASSWORD):
    page.goto("/admin/comments/submission/")
    people.fill(page, username=username, password=password)
    people.send(page)


def write(page, shown):
    people.fill(page, code=shown)
    people.send(page)


def set_up(page, username):
    """Set the second step up at the first sign-in; return the key and a recovery code."""
    show_password(page, username)
    expect(page.locator("svg.qr-code")).to_be_visible()
    looked_over(page)
    key = page.locator("#key").inner_text()
    write(page, "000000" if code(key) != "000000" else "000001")
    expect(page.locator(".errorlist")).to_be_visible()
    looked_over(page)
    write(page, code(key))
    expect(page.locator(".codes code")).to_have_count(10)
    looked_over(page)
    recovery = page.locator(".codes code").first.inner_text()
    page.locator("#content-main a.button").click()
    expect(page.locator("#logout-form")).to_be_attached()
    return key, recovery


def come_in(page, username, shown):
    """Come in with a code that is wrong at first, and look at the page for another telephone."""
    show_password(page, username)
    page.locator("summary").click()
    looked_over(page)
    write(page, "123")
    expect(page.locator(".errorlist")).to_be_visible()
    looked_over(page)
    write(page, shown())
    expect(page.locator("#logout-form")).to_be_attached()
    page.goto("/admin/second-step/new/")
    looked_over(page)


def too_late(page):
    """Send words when the session is over: they come back."""
    words = "คำชี้แจงที่เขียนไว้ยาวและไม่ควรหายไป"
    page.locator("#logout-form").evaluate(
        """(form, words) => {
          form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "text", value: words }));
          form.action = "/admin/comments/submission/enter/";
        }""",
        words,
    )
    page.context.clear_cookies(name="sessionid")
    page.locator("#logout-form").evaluate("form => HTMLFormElement.prototype.submit.call(form)")
    expect(page.get_by_role("textbox")).to_have_value(words)
    looked_over(page)


def test_set_up_come_in_with_a_code_with_a_recovery_code_and_be_locked_out(server_stage, new_page):
    with server_stage.server(STAFF_TWO_FACTOR="on") as server:
        username = people.hire(server, "moderator")
        page, again, lost, guessing = (
            new_page(base_url=server.url, reduced_motion="reduce") for _ in range(4)
        )
        key, recovery = set_up(page, username)
        # The code of the half minute to come: this one has been used.
        come_in(again, username, lambda: code(key, steps=1))
        show_password(lost, username)
        write(lost, recovery.lower())
        expect(lost.locator(".messagelist .warning")).to_contain_text("9")
        for _ in range(5):
            show_password(guessing, username, "wrong")
        expect(guessing.get_by_role("alert")).to_be_visible()
        # Who is in stays in.
        page.reload()
        expect(page.locator("#logout-form")).to_be_attached()
        too_late(page)
