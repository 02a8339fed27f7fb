"""The pages on which the staff decide on an opinion and put it right, by a name, and how to get there."""

from playwright.sync_api import Page, expect

from tests.in_browser.places import Known

QUEUE = "/admin/comments/submission/"


def _reject(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}")
    page.locator(".card button.reject").first.click()
    expect(page.locator(".reasons")).to_be_visible()


def _reject_without_reason(page: Page, prefix: str, known: Known) -> None:
    _reject(page, prefix, known)
    page.locator("#content-main button.reject").click()
    expect(page.locator(".errornote")).to_be_visible()


def _placed_nowhere(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}")
    page.locator(".card h2 a").first.click()
    page.locator("#place summary").last.click()
    page.locator("#place [name=to]").fill("67-0")
    page.locator("#place form:has([name=to]) button").click()
    expect(page.locator("#place .errorlist")).to_be_visible()
    page.locator("#place summary").first.click()


def _proposed(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}?second=waits")
    page.locator(".card h2 a").first.click()
    expect(page.locator(".deeds .asked")).to_be_visible()


def _asked_nothing(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}")
    page.locator(".card:not(:has(.asked)) h2 a").first.click()
    page.locator(".ask summary").click()
    page.locator(".ask button").click()
    expect(page.locator(".ask .errorlist")).to_be_visible()


DECISIONS = {
    "reject": _reject,
    "reject-without-reason": _reject_without_reason,
    "placed-nowhere": _placed_nowhere,
    "proposed": _proposed,
    "asked-nothing": _asked_nothing,
}
