"""The staff's pages before anybody has signed in, and how to get there."""

from playwright.sync_api import Page, expect

from tests.in_browser import people
from tests.in_browser.places import Known


def _login(page: Page, prefix: str, known: Known) -> None:
    page.context.clear_cookies()
    page.goto(f"{prefix}/admin/")


def _login_wrong(page: Page, prefix: str, known: Known) -> None:
    _login(page, prefix, known)
    people.fill(page, username="nobody", password="nothing")
    people.send(page)
    expect(page.locator(".errornote")).to_be_visible()


def _locked(page: Page, prefix: str, known: Known) -> None:
    _login(page, prefix, known)
    for _ in range(5):
        people.fill(page, username="locked-out", password="nothing")
        people.send(page)
    expect(page.locator("#login-form")).to_have_count(0)


ACTS = {"login": _login, "login-wrong": _login_wrong, "locked": _locked}
