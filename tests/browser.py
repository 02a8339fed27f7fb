"""A real Chromium, and a watch over what its pages do."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OWN_HOSTS = {"127.0.0.1", "localhost", None}


def find_chromium() -> str | None:
    """Return the path of the Chromium named by CHROMIUM, or else of the first one installed."""
    if chosen := os.environ.get("CHROMIUM"):
        return shutil.which(chosen)
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium.

    The thread counts as asynchronous until the end, so Django's ORM refuses to work in it meanwhile.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def watch(context: BrowserContext) -> list[str]:
    """Return a list that grows by a line for each thing that no page of ours may do.

    Those are: breaking the content security policy, asking a third party for anything, an uncaught error.
    """
    findings: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            findings.append(f"policy broken: {message.text}")

    def on_request(request: Request) -> None:
        if urlsplit(request.url).hostname not in OWN_HOSTS:
            findings.append(f"third party asked: {request.url}")

    def on_error(error: WebError) -> None:
        findings.append(f"uncaught error: {error.error}")

    context.on("console", on_console)
    context.on("request", on_request)
    context.on("weberror", on_error)
    return findings


@dataclass(frozen=True)
class Kept:
    """A page for one test after the other, with what it has been seen doing that it may not.

    To open one takes more computing than to look through what it shows.
    """

    page: Page
    findings: list[str]

    def emptied(self, url: str, cookies: Sequence[Any] = ()) -> Page:
        """Return the page as a new one would be, on a site at `url` that knows no more of it than the cookies."""
        context = self.page.context
        context.set_offline(offline=False)
        self.page.set_viewport_size({"width": 1280, "height": 720})
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        # A page without a script, so nothing writes into the storage any more.
        self.page.goto(f"{url}/healthz")
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        context.clear_cookies()
        context.add_cookies(cookies)
        return self.page
