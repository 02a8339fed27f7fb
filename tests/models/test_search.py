"""Entries of the search index, and the index itself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from comments.models import SearchEntry, search
from comments.models.search import install, position_of
from comments.text import keys, words
from comments.text.normalise import normalise
from tests.factories import submission

pytestmark = pytest.mark.django_db
MOMENTS = st.integers(-30_000_000, 500_000_000).map(
    lambda minutes: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def check_index():
    """Let SQLite compare its index with the entries; PostgreSQL keeps no second copy."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {search.FTS_TABLE}({search.FTS_TABLE}, rank) VALUES('integrity-check', 1)"
            )


def scopes():
    return list(SearchEntry.objects.order_by("position").values_list("scope", "text"))


@given(MOMENTS, st.integers(1, 10**9), MOMENTS, st.integers(1, 10**9))
def test_positions_fit_and_follow_time(one, pk, other, other_pk):
    assert -(2**63) <= position_of(one, pk) < position_of(one, pk, is_public_twin=True) < 2**63
    if one < other:
        assert position_of(one, pk, is_public_twin=True) < position_of(other, other_pk)


def test_one_entry_serves_everybody(reference):
    submission(body="นํ้าท่วมซอย ๘ ทุกปี")
    assert scopes() == [("everybody", "น้ำท่วมซอย 8 ทุกปี")]
    check_index()


def test_where_the_public_reads_other_words_there_are_two(reference, monkeypatch):
    row = submission(body="น้ำท่วมบ้านเลขที่ 99 ทุกปี")
    monkeypatch.setattr(search, "public_words", lambda row: row.body.replace("99", "▇▇"))
    SearchEntry.objects.index([row])
    assert scopes() == [("staff", "น้ำท่วมบ้านเลขที่ 99 ทุกปี"), ("public", "น้ำท่วมบ้านเลขที่ ▇▇ ทุกปี")]
    check_index()
    monkeypatch.undo()
    SearchEntry.objects.index([row])
    assert [scope for scope, _text in scopes()] == ["everybody"]
    check_index()


def test_indexing_twice_changes_nothing(reference):
    row = submission()
    before = list(SearchEntry.objects.values())
    SearchEntry.objects.index([row])
    assert list(SearchEntry.objects.values()) == before
    check_index()


def test_entries_of_another_dictionary_are_stale(reference):
    submission()
    assert not SearchEntry.objects.stale().exists()
    for version in ("", "0" * 16, "~" * 16):
        SearchEntry.objects.update(version=version)
        assert SearchEntry.objects.stale().exists()
    SearchEntry.objects.update(version=words.version())
    check_index()


def test_installing_twice_is_harmless(reference):
    submission()
    install()
    install()
    check_index()


@pytest.mark.parametrize(
    "body", ["ก" * 8_000, "a" * 8_000, "ก็" * 8_000, "' \\ \" & | ! : * ( ) <-> % _ $1 {0} a'b\\c"]
)
def test_hard_texts_are_indexed(reference, body):
    row = submission(body=body)
    SearchEntry.objects.index([row])
    check_index()


def test_leaves_come_back_as_they_went(reference):
    row = submission(body="' \\ ทางเท้า `^| a'b\\c ฟหกด 2.5 $+<=>~ '' \\\\")
    entry = SearchEntry.objects.get(submission=row)
    assert list(entry.leaves) == sorted(set(keys.keys(normalise(row.body))))


def test_a_dump_can_be_loaded(reference, tmp_path):
    submission(body="ทางเท้า 'a' \\ น้ำท่วม")
    before = list(SearchEntry.objects.values())
    dump = tmp_path / "dump.json"
    call_command("dumpdata", "comments.SearchEntry", "comments.SearchLeaf", output=str(dump), verbosity=0)
    SearchEntry.objects.all().delete()
    call_command("loaddata", str(dump), verbosity=0)
    assert list(SearchEntry.objects.values()) == before
    check_index()
