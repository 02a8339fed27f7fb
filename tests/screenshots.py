"""Take a picture of every page, on a phone and on a desktop, and keep them in docs/screenshots/.

`python -m tests.screenshots [names…]` runs a server of its own on a database of its own. Public pages are
taken in Thai and English, the staff's in Thai.
"""

import sys
from collections.abc import Callable, Iterator

from playwright.sync_api import Browser, Page

from tests import environment
from tests.browser import chromium, watch
from tests.in_browser import people, places, staff_places
from tests.server import Server, stage

DIRECTORY = environment.ROOT / "docs" / "screenshots"
SIZES = ((390, 844), (1280, 800))
QUALITY = 70
MOST_BYTES = 9_000_000
LEFT_OUT = {"receipt-errors", "comments-none", "comments-wrong", "403", "413"}
STAFF = ("login", "index", "queue", "submission", "reject", "export", "summary", "events", "goal")


def main(wanted: list[str]) -> int:
    """Take the pictures, say which, and fail when they are too heavy together or a page misbehaved."""
    environment.fix()
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    misbehaved: list[str] = []
    with stage("sqlite:") as prepared, prepared.server() as server, chromium() as browser:
        known = places.fill_with_samples(server)
        username = people.hire(server, "administrator")
        for size in SIZES:
            for name, language, take in _all(known, username):
                if not wanted or name in wanted:
                    misbehaved += _picture(browser, server, size, name, language, take)
    total = sum(path.stat().st_size for path in DIRECTORY.glob("*.jpg"))
    print(f"{total / 1e6:.1f} MB in {DIRECTORY.relative_to(environment.ROOT)}/")
    print(*misbehaved, sep="\n")
    return int(bool(misbehaved) or total > MOST_BYTES)


def _all(known: places.Known, username: str) -> Iterator[tuple[str, str, Callable[[Page], object]]]:
    """Yield the name and the language of each page, and how to get there."""
    for name in places.NAMES:
        for language in places.LANGUAGES if name not in LEFT_OUT else ():
            yield name, language, lambda page, n=name, lang=language: places.visit(page, n, lang, known)
    for name in STAFF:
        yield f"staff-{name}", "th", lambda page, n=name: _as_staff(page, n, known, username)


def _as_staff(page: Page, name: str, known: places.Known, username: str) -> None:
    people.sign_in(page, username)
    staff_places.visit(page, name, known)


def _picture(
    browser: Browser,
    server: Server,
    size: tuple[int, int],
    name: str,
    language: str,
    take: Callable[[Page], object],
) -> list[str]:
    width, height = size
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        is_mobile=width < 600,
        has_touch=width < 600,
    )
    findings = watch(context)
    page = context.new_page()
    take(page)
    page.evaluate("document.fonts.ready")
    # Where the eye begins, not where the last click was.
    page.evaluate("scrollTo(0, 0)")
    path = DIRECTORY / f"{name}-{language}-{width}.jpg"
    page.screenshot(path=path, full_page=True, type="jpeg", quality=QUALITY)
    context.close()
    print(f"{path.name}  {path.stat().st_size // 1000} kB", flush=True)
    return [f"{path.name}: {finding}" for finding in findings]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
