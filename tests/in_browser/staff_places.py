"""The staff's pages, by a name, and how to get there."""

from playwright.sync_api import Page, expect

from tests.in_browser import people
from tests.in_browser.people import THAI
from tests.in_browser.places import Known

QUEUE = "/admin/comments/submission/"
PATHS = {
    "index": "/admin/",
    "queue": QUEUE,
    "queue-rejected": f"{QUEUE}?status=rejected&sort=oldest",
    "queue-empty": f"{QUEUE}?q=ไม่มีใครเขียนคำนี้",
    "export": f"{QUEUE}export/",
    "summary": f"{QUEUE}summary/",
    "events": "/admin/comments/submissionevent/",
    "goals": "/admin/comments/developmentgoal/",
    "goal": "/admin/comments/developmentgoal/1/change/",
    "meeting": "/admin/comments/meeting/1/change/",
    "plan": "/admin/comments/plan/1/change/",
    "user": "/admin/auth/user/1/change/",
    "password": "/admin/password_change/",
    "404": "/admin/nothing/here/",
}


def _login(page: Page, prefix: str, known: Known) -> None:
    page.context.clear_cookies()
    page.goto(f"{prefix}/admin/")


def _login_wrong(page: Page, prefix: str, known: Known) -> None:
    _login(page, prefix, known)
    people.fill(page, username="nobody", password="nothing")
    people.send(page)
    expect(page.locator(".errornote")).to_be_visible()


def _submission(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}")
    page.locator(".card h2 a").first.click()
    expect(page.locator("#history")).to_be_visible()


def _submission_rejected(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}?q={known.rejected.reference}")
    page.locator(".card h2 a").first.click()
    expect(page.locator("#history")).to_be_visible()


def _reject(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}")
    page.locator(".card button.reject").first.click()
    expect(page.locator(".reasons")).to_be_visible()


def _reject_without_reason(page: Page, prefix: str, known: Known) -> None:
    _reject(page, prefix, known)
    page.locator("#content-main button.reject").click()
    expect(page.locator(".errornote")).to_be_visible()


ACTS = {
    "submission": _submission,
    "submission-rejected": _submission_rejected,
    "reject": _reject,
    "reject-without-reason": _reject_without_reason,
    # They sign out, so they come last.
    "login": _login,
    "login-wrong": _login_wrong,
}
NAMES = [*PATHS, *ACTS]


def visit(page: Page, name: str, known: Known, prefix: str = THAI) -> None:
    """Bring `page`, on which somebody has signed in, to the staff's page `name`."""
    if name in ACTS:
        ACTS[name](page, prefix, known)
    else:
        page.goto(prefix + PATHS[name])
