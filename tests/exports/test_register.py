"""The register of exports, and how a file is checked by it."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from comments import erasure, moderation, tally
from comments.exports import moments, register
from comments.models import ExportRecord, Submission
from tests.exports.test_csv_file import read
from tests.factories import exported, staff, submission, unlike

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    return [submission(status, body=unlike()) for status in ("pending", "published", "rejected", "withdrawn")]


def command(out, **options):
    said = io.StringIO()
    call_command("export_submissions", out=out, stdout=said, **options)
    return said.getvalue()


def verify(path):
    said = io.StringIO()
    call_command("verify_export", path, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_the_command_writes_notes_and_knows_its_file_again(rows, tmp_path, form):
    out = tmp_path / f"ความคิดเห็น.{form}"
    command(out, format=form, purpose="รายงานสภา", sector="citizen")
    record = ExportRecord.objects.get()
    assert (record.format, record.door, record.purpose, record.actor) == (form, "command", "รายงานสภา", None)
    assert record.filters == {"sector": "citizen"}
    assert (record.rows, record.size) == (4, out.stat().st_size)
    assert (record.published, record.pending, record.rejected, record.withdrawn) == (1, 1, 1, 1)
    told = json.loads((tmp_path / f"{out.name}.manifest.json").read_text("utf-8"))
    assert (told["sha256"], told["rows"], told["export"]) == (record.sha256, 4, record.pk)
    assert sum(told["rows_by_status"].values()) == 4
    assert {path.name for path in tmp_path.iterdir()} == {out.name, f"{out.name}.manifest.json"}
    assert f"Export {record.pk} " in verify(out)
    content = bytearray(out.read_bytes())
    content[len(content) // 2] ^= 1
    out.write_bytes(content)
    with pytest.raises(CommandError, match="no record"):
        verify(out)


def test_the_command_makes_the_same_file_as_of_the_moment_in_a_manifest(rows, tmp_path):
    first, again = tmp_path / "first.csv", tmp_path / "again.csv"
    command(first)
    as_of = json.loads((tmp_path / "first.csv.manifest.json").read_bytes())["as_of"]
    moderation.publish(rows[0], actor=staff())
    submission()
    command(again, as_of=as_of)
    assert first.read_bytes() == again.read_bytes()
    assert verify(again).count("whole") == 2


@pytest.mark.parametrize(
    ("as_of", "said"),
    [("9999-01-01T00:00", "ยังมาไม่ถึง"), ("2020-01-01T00:00", "ยังไม่มี"), ("x", "2026-11-22T17:00")],
)
def test_the_command_refuses_a_moment_of_which_nothing_is_known(rows, tmp_path, as_of, said):
    with pytest.raises(CommandError, match=f"--as-of: .*{said}"):
        command(tmp_path / "a.csv", as_of=as_of)
    assert not list(tmp_path.iterdir())
    assert not ExportRecord.objects.exists()


def test_on_a_full_disk_there_is_no_file_and_no_record(rows, tmp_path):
    (tmp_path / "a.csv.part").symlink_to("/dev/full")
    with pytest.raises(CommandError, match="No space left"):
        command(tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())
    assert not ExportRecord.objects.exists()


def test_a_file_that_can_t_get_its_name_is_not_noted(rows, tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(CommandError, match="directory"):
        command(tmp_path / "a.csv")
    assert not ExportRecord.objects.exists()
    with pytest.raises(CommandError, match="No such file"):
        verify(tmp_path / "nothing.csv")


def test_a_file_is_made_again_as_it_was_and_noted_again(rows):
    record = exported(staff("planner"), status="pending")
    first = io.BytesIO()
    register.repeat(record, first, actor=staff("planner"))
    moderation.publish(rows[0], actor=staff())
    file = io.BytesIO()
    again = register.repeat(record, file, actor=staff("other"))
    assert file.getvalue() == first.getvalue()
    assert [row["reference"] for row in read(file.getvalue())] == [rows[0].reference]
    assert (again.door, again.sha256, again.purpose, again.actor.username) == (
        "again",
        record.sha256,
        record.purpose,
        "other",
    )
    assert ExportRecord.objects.count() == 3


def test_after_an_erasure_it_is_not_made_again(rows):
    record = exported()
    erasure.erase(rows[1], actor=staff(), ground="writing")
    with pytest.raises(register.ChangedError):
        register.repeat(record, io.BytesIO(), actor=staff())
    assert ExportRecord.objects.count() == 1


def test_a_record_accounts_for_every_row_of_the_page_and_never_changes(rows):
    record = exported()
    totals = tally.totals(Submission.objects.all())
    assert totals.received == record.rows == 4
    assert totals == tally.Totals(**{status: getattr(record, status) for status in register.STATUSES})
    for sql in ("UPDATE comments_exportrecord SET rows = 5", "UPDATE comments_formervalue SET value = 'x'"):
        with (
            pytest.raises(DatabaseError, match="is sealed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    with pytest.raises(TypeError, match="never deleted"):
        record.delete()
    with pytest.raises(TypeError, match="never changes"):
        ExportRecord.objects.update(purpose="")
    assert moments.settle() >= record.as_of
