"""A real Chromium, and a watch over what its pages do."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, WebError, sync_playwright

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
