"""The runner tells the truth about what ran, and its cluster leaves nothing behind."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import postgres
from tests.databases import PostgresDatabase
from tests.run import Report
from tests.sharing import Pieces

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


def test_each_piece_of_work_is_taken_by_one_run_which_keeps_it(tmp_path):
    one, other = Pieces(tmp_path), Pieces(tmp_path)
    assert one.take("tests/a.py")
    assert other.take("tests/b/a.py")
    assert not one.take("tests/b/a.py")
    assert not other.take("tests/a.py")
    assert one.take("tests/a.py")


@pytest.mark.skipif(postgres.find_programs() is None, reason="no PostgreSQL server programs")
def test_a_cluster_serves_and_then_leaves_nothing():
    with postgres.cluster(postgres.find_programs()) as url:
        directory = Path(parse_qs(urlsplit(url).query)["host"][0])
        assert directory.exists()
        assert PostgresDatabase(url).named("postgres").query("SHOW listen_addresses") == [("",)]
        assert PostgresDatabase(url).named("postgres").query("SHOW lc_collate") == [("C.UTF-8",)]
    assert not directory.exists()
