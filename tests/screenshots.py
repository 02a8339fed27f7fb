"""Take a picture of every page, on a phone and on a desktop, and keep them in docs/screenshots/.

`python -m tests.screenshots [names…]` runs a server of its own on a database of its own. All pages are taken in
Thai, some of the public ones in English, too.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page

from tests import environment
from tests.browser import chromium, watch
from tests.in_browser import people, places, staff_places
from tests.server import stage

DIRECTORY = environment.ROOT / "docs" / "screenshots"
SIZES = ((390, 844), (1280, 800))
QUALITY = 60
# A long list looks the same further down.
TALLEST = {390: 1800, 1280: 1250}
MOST_BYTES = 9_000_000
LEFT_OUT = {
    "submit-review-page",
    "submit-offline",
    "submit-draft",
    "receipt-errors",
    "meeting-wall-empty",
    "comments-none",
    "comments-wrong",
    "goal-wrong",
    "own-wrong",
    "goal-filtered",
    "goal-empty",
    "own",
    "reply-errors",
    "receipt-too-late",
    "receipt-too-often",
    "receipt-appeal",
    "403",
    "413",
}
IN_ENGLISH = (
    *("home", "goals", "goal", "meeting", "comments", "comments-filtered", "submit"),
    *("receipt-new", "receipt-state", "results"),
)
STAFF = (
    *("login", "index", "queue", "triage", "submission", "reject", "enter", "import-fates"),
    *("matrix", "summary", "export", "events", "goal"),
)

Visit = Callable[[Page], object]


@dataclass
class Camera:
    """Takes pictures of a server's pages, and notes what a page did that it may not do."""

    browser: Browser
    url: str
    offences: list[str] = field(default_factory=list)

    def take(self, name: str, width: int, height: int, visit: Visit) -> None:
        """Take the picture `name` of the page that `visit` leads to."""
        is_phone = width < 600
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            is_mobile=is_phone,
            has_touch=is_phone,
        )
        findings = watch(context)
        page = context.new_page()
        visit(page)
        page.evaluate("document.fonts.ready")
        tall = page.evaluate("document.documentElement.scrollHeight")
        path = DIRECTORY / f"{name}-{width}.jpg"
        clip = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST[width])}
        # A dialog hangs over what is in sight.
        is_whole = not page.locator("dialog[open]").count()
        page.screenshot(
            path=path, full_page=is_whole, clip=clip if is_whole else None, type="jpeg", quality=QUALITY
        )
        context.close()
        print(f"{path.name}  {path.stat().st_size // 1000} kB", flush=True)
        self.offences += [f"{path.name}: {finding}" for finding in findings]


def main(wanted: list[str]) -> int:
    """Take the pictures, say which, and fail when a page misbehaved or they weigh too much together."""
    environment.fix()
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    with stage("sqlite:") as prepared, prepared.server() as server, chromium() as browser:
        known = places.fill_with_samples(server)
        username = people.hire(server, "administrator")
        camera = Camera(browser, server.url)
        for width, height in SIZES:
            for name, visit in _pages(known, username):
                if not wanted or name.rpartition("-")[0] in wanted:
                    camera.take(name, width, height, visit)
    total = sum(path.stat().st_size for path in DIRECTORY.glob("*.jpg"))
    print(f"{total / 1e6:.1f} MB in {DIRECTORY.relative_to(environment.ROOT)}/", *camera.offences, sep="\n")
    return int(bool(camera.offences) or total > MOST_BYTES)


def _pages(known: places.Known, username: str) -> Iterator[tuple[str, Visit]]:
    """Yield the name of each picture, and how to get to the page."""
    for name in (name for name in places.NAMES if name not in LEFT_OUT):
        for language in ("th", "en") if name in IN_ENGLISH else ("th",):
            yield f"{name}-{language}", _public(name, language, known)
    for name in STAFF:
        yield f"staff-{name}-th", _staff(name, known, username)


def _public(name: str, language: str, known: places.Known) -> Visit:
    return lambda page: places.visit(page, name, language, known)


def _staff(name: str, known: places.Known, username: str) -> Visit:
    def visit(page: Page) -> None:
        people.sign_in(page, username)
        staff_places.visit(page, name, known)

    return visit


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
