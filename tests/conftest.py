"""Fixtures shared by every test. Unit tests share a database in memory, servers have their own."""

import gc
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
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page

from tests import sharing
from tests.browser import Kept, chromium, find_chromium, watch
from tests.databases import Database, copy_of
from tests.ready import ready
from tests.server import PREPARATIONS, Server, Stage, stage

# A busy machine is no defect; and what fails once fails again.
hypothesis_settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis_settings.load_profile("steady")

LEFT_OUT = pytest.StashKey[int]()
ELSEWHERE = pytest.StashKey[list[pytest.Item]]()
PIECES = pytest.StashKey[sharing.Pieces]()


def pytest_configure(config: pytest.Config) -> None:
    """Name the marks."""
    config.addinivalue_line(
        "markers", "both_databases: on each database though it is in a browser or touches none"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse tests that would empty the shared database; without Chromium, leave browser tests out.

    Where another run is at work on the other database, what the two share comes last, the longest first.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        if "transactional_db" in item.fixturenames or (marker and marker.kwargs.get("transaction")):
            raise pytest.UsageError(f"{item.nodeid}: use the `server` fixture, not a transactional database")
    if find_chromium() is None:
        in_browser = [item for item in items if _is_in_browser(item)]
        config.stash[LEFT_OUT] = len(in_browser)
        _deselect(config, items, in_browser)
    if directory := sharing.directory():
        config.stash[PIECES] = sharing.Pieces(directory)
        config.stash[ELSEWHERE] = []
        tests = Counter(item.path for item in items if _is_shared(item))
        items.sort(
            key=lambda item: (1, not _is_in_browser(item), -tests[item.path]) if _is_shared(item) else (0,)
        )


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end, thousands of tests among it."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Leave a test to the other run when that one has taken its file."""
    pieces = item.config.stash.get(PIECES, None)
    if pieces is None or not _is_shared(item) or pieces.take(item.nodeid.partition("::")[0]):
        return None
    item.config.stash[ELSEWHERE].append(item)
    # The test before may have left the fixtures of its module to this one.
    item.session._setupstate.teardown_exact(nextitem)
    return True


def _is_in_browser(item: pytest.Item) -> bool:
    return "browser" in item.fixturenames


def _is_shared(item: pytest.Item) -> bool:
    """Say whether one database is enough: in a browser, or where none is touched; pytest-django sees to that."""
    if item.get_closest_marker("both_databases"):
        return False
    touches_one = "django_db_setup" in item.fixturenames or item.get_closest_marker("django_db")
    return _is_in_browser(item) or not touches_one


def _deselect(config: pytest.Config, items: list[pytest.Item], without: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=without)
    gone = set(without)
    items[:] = [item for item in items if item not in gone]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say aloud how many browser tests were left out, and how many the other run has taken."""
    if elsewhere := config.stash.get(ELSEWHERE, None):
        terminalreporter.write_line(f"{len(elsewhere)} tests run beside the other database only")
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
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Make the test database, with the reference rows and the roles, and a copy for servers to start from."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=())
        for command in PREPARATIONS:
            call_command(command, stdout=StringIO())
        template = copy_of(connection, tmp_path_factory.mktemp("template"))
    yield template
    template.drop()
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Give the test a place of its own for stored files, and return it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def reference(db: None) -> None:
    """Say that a test relies on the reference rows: plan 2567, goals, districts, meeting, roles."""


@pytest.fixture(scope="session")
def server_stage(django_db_setup: Database) -> Iterator[Stage]:
    """Prepare, once, the process and the static files that servers start from."""
    with ready() as root, stage(os.environ["DATABASE_URL"], root, django_db_setup) as prepared:
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


@pytest.fixture(scope="module")
def _kept_open(browser: Browser, server: Server) -> Iterator[Kept]:
    with browser.new_context(base_url=server.url) as context:
        yield Kept(context.new_page(), watch(context))


@pytest.fixture
def kept(_kept_open: Kept) -> Iterator[Kept]:
    """Give a page that the tests of a module use one after the other, and watch it as those of `new_page`."""
    yield _kept_open
    findings = _kept_open.findings[:]
    _kept_open.findings.clear()
    if findings:
        pytest.fail("\n".join(findings), pytrace=False)


@pytest.fixture
def page(new_page: Callable[..., Page], server: Server) -> Page:
    """Open a page whose relative addresses lead to `server`: `page.goto("/submit/")`."""
    return new_page(base_url=server.url)
