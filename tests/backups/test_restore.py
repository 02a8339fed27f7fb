import errno
import io
import sqlite3
from contextlib import closing

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from comments import backups, erasure
from comments.backups import advice, archive, databases
from comments.models import ErasureRequest
from tests.factories import receive

pytestmark = pytest.mark.django_db


def archived(path, *, vendor=connection.vendor, migrations=("comments.0001_initial",)):
    with archive.writing(path, None) as out:
        out.add(backups.DATABASE, io.BytesIO(b"x"))
        out.finish(made_at="now", vendor=vendor, state=databases.State(list(migrations), {}))
    return path


def restored(path, **options):
    with pytest.raises(CommandError) as refused:
        call_command("restore", path, **{"no_erasures": True} | options)
    return str(refused.value)


def test_nothing_is_restored_over_anything(tmp_path, media):
    assert "the database is not empty" in restored(archived(tmp_path / "a"))


def test_nothing_is_restored_beside_other_files(tmp_path, media, monkeypatch):
    default_storage.save("attachments/a", ContentFile(b"x"))
    monkeypatch.setattr(connection.introspection, "table_names", list)
    assert "the store of uploaded files is not empty" in restored(archived(tmp_path / "a"))


def test_what_does_not_fit_is_refused(tmp_path):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    assert other in restored(archived(tmp_path / "a", vendor=other))
    newer = archived(tmp_path / "b", migrations=["comments.9999_later"])
    assert "comments.9999_later" in restored(newer)
    newer.write_bytes(newer.read_bytes()[:-9])
    assert "not restored" in restored(newer)


def test_without_a_list_of_erasures_nothing_is_restored(tmp_path):
    path = archived(tmp_path / "a")
    assert "--no-erasures" in restored(path, no_erasures=False)
    assert "can't be read" in restored(path, no_erasures=False, erasures=tmp_path / "none")


@pytest.mark.parametrize(
    "torn",
    ["{}", "{},2026", "{},2026-01-01T00:00:00+07:00,nonsense,", "{},2026-01-01T00:00:00+07:00,writing"],
)
def test_a_list_of_erasures_with_a_torn_line_is_refused_before_anything_is_done(tmp_path, torn):
    row, other = receive().submission, receive().submission
    listed = tmp_path / "list"
    whole = f"{other.reference},2026-01-01T00:00:00+07:00,writing,"
    listed.write_text(
        "\n".join(["reference,erased_at,ground,case_number", whole, torn.format(row.reference)])
    )
    with pytest.raises(CommandError, match="line 3 of the list"):
        call_command("erasures", repeat=listed)
    assert "line 3 of the list" in restored(archived(tmp_path / "a"), no_erasures=False, erasures=listed)
    assert not ErasureRequest.objects.exists()


def test_a_backup_needs_a_place_and_a_key_that_is_one(settings, tmp_path):
    with pytest.raises(CommandError, match="BACKUP_DIR"):
        call_command("backup")
    settings.BACKUP_KEY = "short"
    with pytest.raises(CommandError, match="no backup was made"):
        call_command("backup", tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_an_erasure_writes_itself_into_the_list(settings, tmp_path, django_capture_on_commit_callbacks):
    settings.ERASURE_LOG = str(tmp_path / "erasures.csv")
    rows = [receive().submission for _ in range(2)]
    for row in rows:
        with django_capture_on_commit_callbacks(execute=True):
            erasure.erase(row, actor=None, ground="writing", case_number="กท 1, 2")
    assert (tmp_path / "erasures.csv").read_text() == erasure.as_list()


def test_a_list_that_can_not_be_written_stops_no_erasure(
    settings, tmp_path, caplog, django_capture_on_commit_callbacks
):
    settings.ERASURE_LOG = str(tmp_path)
    row = receive().submission
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(row, actor=None, ground="writing")
    assert "ERASURE_LOG" in caplog.text
    assert row.reference not in caplog.text


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "Make room"),
        (PermissionError(errno.EACCES, "Permission denied"), "as the user of the service"),
        (OSError(errno.EROFS, "Read-only file system"), "Mount the disk for writing"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "a directory has to be there"),
        (FileExistsError(errno.EEXIST, "File exists"), "Choose another name"),
        (OperationalError("could not connect"), "DATABASE_URL"),
        (archive.DamagedError("it is cut off"), "Is BACKUP_KEY"),
        (databases.ToolError("pg_dump is not installed"), "pg_dump is not installed"),
    ],
)
def test_what_broke_off_says_what_to_do(error, told):
    assert told in advice.on(error)


def test_a_full_sqlite_says_to_make_room():
    with closing(sqlite3.connect(":memory:")) as small:
        small.execute("CREATE TABLE a (b)")
        small.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.Error) as full:
            small.execute("INSERT INTO a VALUES (zeroblob(10000))")
    assert "Make room" in advice.on(full.value)


def test_a_database_that_is_away_ends_no_command_with_a_traceback(tmp_path, monkeypatch):
    def away():
        raise OperationalError("could not connect")

    monkeypatch.setattr(connection, "ensure_connection", away)
    with pytest.raises(CommandError, match=r"could not connect\. Look at DATABASE_URL"):
        call_command("backup", tmp_path / "a")
    assert list(tmp_path.iterdir()) == []
