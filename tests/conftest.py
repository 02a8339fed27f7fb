"""Fixtures shared by every test. Unit tests share a database in memory, servers have their own."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page

from tests.browser import chromium, find_chromium, watch
from tests.run import share_out
from tests.server import PREPARATIONS, Server, Stage, stage

# A busy machine is no defect; and what fails once fails again.
hypothesis_settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis_settings.load_profile("steady")

LEFT_OUT = pytest.StashKey[int]()
ELSEWHERE = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    """Name the marks."""
    config.addinivalue_line("markers", "both_databases: in a browser, on each database, not on one of them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse tests that would empty the shared database; without Chromium, leave browser tests out.

    Where another run is at work on the other database (BROWSER_SHARE, as `1/2`), each file of browser tests
    is for one of the two, unless it is marked `both_databases`.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        if "transactional_db" in item.fixturenames or (marker and marker.kwargs.get("transaction")):
            raise pytest.UsageError(f"{item.nodeid}: use the `server` fixture, not a transactional database")
    in_browser = [item for item in items if "browser" in item.fixturenames]
    if find_chromium() is None:
        config.stash[LEFT_OUT] = len(in_browser)
        _deselect(config, items, in_browser)
    elif share := os.environ.get("BROWSER_SHARE"):
        mine, runs = map(int, share.split("/"))
        shared = [item for item in in_browser if not item.get_closest_marker("both_databases")]
        runs_of = share_out(Counter(item.path.name for item in shared), runs)
        others = [item for item in shared if runs_of[item.path.name] != mine]
        config.stash[ELSEWHERE] = len(others)
        _deselect(config, items, others)


def _deselect(config: pytest.Config, items: list[pytest.Item], without: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=without)
    gone = set(without)
    items[:] = [item for item in items if item not in gone]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say aloud how many browser tests were left out, and how many are for the other run."""
    if count := config.stash.get(ELSEWHERE, 0):
        terminalreporter.write_line(f"{count} browser tests run on the other database")
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(
            f"LEFT OUT: {count} browser tests, no Chromium found", red=True, bold=True
        )


@pytest.fixture(scope="session", autouse=True)
def _light_settings() -> Iterator[None]:
    """Serve static files without collecting them, and hash passwords fast."""
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    with override_settings(
        STORAGES={"default": default, "staticfiles": static},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def _thai() -> Iterator[None]:
    """Begin each test in Thai, whatever language the last one ended in."""
    with translation.override("th"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Fill the test database with the reference rows and the roles, for every test that uses it."""
    with django_db_blocker.unblock():
        for command in PREPARATIONS:
            call_command(command, stdout=StringIO())


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Give the test a place of its own for stored files, and return it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def reference(db: None) -> None:
    """Say that a test relies on the reference rows: plan 2567, goals, districts, meeting, roles."""


@pytest.fixture(scope="session")
def server_stage() -> Iterator[Stage]:
    """Prepare, once, the database and the static files that servers start from."""
    with stage(os.environ["DATABASE_URL"]) as prepared:
        yield prepared


@pytest.fixture(scope="module")
def server(server_stage: Stage) -> Iterator[Server]:
    """Run a real server with a database of its own for all tests of one module."""
    with server_stage.server() as running:
        yield running


@pytest.fixture
def fresh_server(server_stage: Stage) -> Iterator[Server]:
    """Run a real server with a database of its own for one test."""
    with server_stage.server() as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium for the tests of one module, which must not use Django's ORM themselves."""
    with chromium() as started:
        yield started


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a context of its own, as another person would.

    It takes the options of Playwright's `new_context` (`base_url`, `viewport`, `java_script_enabled`, …).
    The test fails when a page breaks the content security policy, asks a third party for anything, or
    throws.
    """
    findings: list[list[str]] = []
    with ExitStack() as contexts:

        def open_page(**options: object) -> Page:
            context = browser.new_context(**options)
            contexts.callback(context.close)
            findings.append(watch(context))
            return context.new_page()

        yield open_page
    if lines := list(chain.from_iterable(findings)):
        pytest.fail("\n".join(lines), pytrace=False)


@pytest.fixture
def page(new_page: Callable[..., Page], server: Server) -> Page:
    """Open a page whose relative addresses lead to `server`: `page.goto("/submit/")`."""
    return new_page(base_url=server.url)
