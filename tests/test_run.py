"""The runner tells the truth about what ran, and its cluster leaves nothing behind."""

from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import postgres
from tests.databases import PostgresDatabase
from tests.run import Report, share_out

PASSED, FAILED = ("SQLite", 0, 1.0), ("PostgreSQL", 1, 1.0)


@pytest.mark.parametrize(
    ("report", "strict", "code"),
    [
        (Report(ran=[PASSED]), True, 0),
        (Report(ran=[PASSED, FAILED]), False, 1),
        (Report(ran=[FAILED], left_out=["a browser"]), True, 1),
        (Report(ran=[PASSED], left_out=["a browser"]), False, 0),
        (Report(ran=[PASSED], left_out=["a browser"]), True, 1),
        (Report(ran=[PASSED], interrupted=True), False, 1),
    ],
)
def test_success_means_that_everything_asked_for_has_passed(report, strict, code):
    assert report.exit_code(strict=strict) == code


def test_what_was_left_out_is_said():
    lines = Report(ran=[PASSED, FAILED], left_out=["a browser"]).lines(strict=True)
    assert lines == [
        "  passed: SQLite, 1 s",
        "  FAILED (pytest exit code 1): PostgreSQL, 1 s",
        "  LEFT OUT: a browser",
        "  CI is set: nothing may be left out, so this run fails.",
    ]


def test_each_file_is_for_one_run_and_no_run_has_much_more_than_another():
    files = Counter(a=9, b=5, c=3, d=2, e=1)
    assert share_out(files, 2) == {"a": 1, "b": 2, "c": 2, "d": 2, "e": 1}
    assert share_out(files, 1) == dict.fromkeys(files, 1)


@pytest.mark.skipif(postgres.find_programs() is None, reason="no PostgreSQL server programs")
def test_a_cluster_serves_and_then_leaves_nothing():
    with postgres.cluster(postgres.find_programs()) as url:
        directory = Path(parse_qs(urlsplit(url).query)["host"][0])
        assert directory.exists()
        assert PostgresDatabase(url).named("postgres").query("SHOW listen_addresses") == [("",)]
        assert PostgresDatabase(url).named("postgres").query("SHOW lc_collate") == [("C.UTF-8",)]
    assert not directory.exists()
