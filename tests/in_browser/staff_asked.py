"""The pages on which the staff do what people ask for: authors by appeals and for erasure, readers by reports."""

from playwright.sync_api import Page, expect

from tests.in_browser.places import Known

APPEALS = "/admin/comments/submission/appeals/"
ERASURES = "/admin/comments/erasurerequest/"


def _appeal_wrong(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{APPEALS}")
    page.locator(".card footer a").first.click()
    page.locator("#decide button[type=submit]").click()
    expect(page.locator("#decide .errornote")).to_be_visible()


def _erasure_asked(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{ERASURES}")
    page.locator("#result_list a.number").first.click()
    expect(page.locator("#erase details")).to_have_attribute("open", "")


def _erasure_wrong(page: Page, prefix: str, known: Known) -> None:
    _erasure_asked(page, prefix, known)
    page.locator("#erase button[type=submit]").click()
    expect(page.locator("#erase .errorlist").first).to_be_visible()


def _flags_wrong(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}/admin/comments/submission/?flagged=found&status=all")
    page.locator(".card h2 a").first.click()
    page.locator("#flags button[type=submit]").click()
    expect(page.locator("#flags .errorlist")).to_be_visible()


ASKED = {
    "flags-wrong": _flags_wrong,
    "appeal-wrong": _appeal_wrong,
    "erasure-asked": _erasure_asked,
    "erasure-wrong": _erasure_wrong,
}
