"""Files in a bucket: whoever serves hands them out, nobody else does. Amazon's side is played by moto."""

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from comments import attachments, doctor, moderation
from comments.backups import archive, databases
from comments.exports import jobs
from comments.imports import batches
from comments.models import ExportJob, Meeting, Plan, Submission
from tests import files
from tests.admin.staff import QUEUE, signed_in
from tests.canaries import Person, row_of
from tests.conventions import source_files
from tests.factories import staff
from tests.files import upload
from tests.spreadsheets import csv_bytes, opinions

pytestmark = pytest.mark.django_db

OPTIONS = {"bucket_name": "bma", "default_acl": None, "file_overwrite": False, "signature_version": "s3v4"}


@pytest.fixture
def bucket(settings, monkeypatch):
    """Keep every file in a bucket; return it, as its owner sees it."""
    # Only here: it takes a second.
    import boto3
    from moto import mock_aws

    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        made = boto3.resource("s3").create_bucket(Bucket="bma")
        default = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": OPTIONS}
        settings.STORAGES = settings.STORAGES | {"default": default}
        yield made


def names(bucket):
    return sorted(one.key.partition("/")[0] for one in bucket.objects.all())


@pytest.mark.filterwarnings("default")
def test_every_kind_of_file_goes_into_the_bucket_and_comes_out_through_a_view(
    bucket, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.EXPORT_ROOT, settings.EXPORT_AT_ONCE = tmp_path, 0
    keys = Person().speak("ถังแดง", "a", attachments=[upload(files.pdf(), "a.pdf")])
    row = row_of(keys)
    moderation.publish(row, actor=staff())
    shown = Person().get(f"/comments/{row.reference}/files/1")
    assert (shown.status_code, b"".join(shown)) == (200, files.pdf())
    assert "attachment" in shown["Content-Disposition"]
    paper = Meeting.objects.get().documents.create(title_th="รายงาน", file=upload(files.pdf(), "b.pdf"))
    assert b"".join(Person().get(f"/meetings/{paper.meeting_id}/documents/{paper.pk}/")) == files.pdf()
    batch = batches.keep(csv_bytes(opinions(1)), "a.csv", plan=Plan.objects.current())
    assert batches.original(batch) == csv_bytes(opinions(1))
    planner = signed_in("planner")
    planner.post(f"{QUEUE}export/", {"format": "csv"})
    job = jobs.go_on(ExportJob.objects.get(), seconds=60)
    assert row.reference.encode() in b"".join(planner.get(f"{QUEUE}export/{job.pk}/file/"))
    assert names(bucket) == ["attachments", "exports", "imports", "meetings"]
    assert list(attachments.broken()) == []
    assert attachments.strays(timezone.now()) == []
    # What is gone from the bucket is not found, and said.
    with django_capture_on_commit_callbacks(execute=True):
        attachments.erase(row.attachments.all(), timezone.now())
    assert names(bucket) == ["exports", "imports", "meetings"]
    default_storage.delete(str(paper.file))
    assert Person().get(f"/meetings/{paper.meeting_id}/documents/{paper.pk}/").status_code == 404
    assert Submission.objects.count() == 1


def test_no_page_leads_past_the_views_to_a_file():
    shown = [path for path in source_files(".html") if ".file.url" in path.read_text(encoding="utf-8")]
    assert shown == []


@pytest.mark.filterwarnings("default")
def test_a_bucket_that_is_not_there_ends_no_command_with_a_traceback(bucket, settings, tmp_path, monkeypatch):
    default = settings.STORAGES["default"] | {"OPTIONS": OPTIONS | {"bucket_name": "elsewhere"}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    told = r"NoSuchBucket.*STORAGE_S3_BUCKET"
    with pytest.raises(CommandError, match=told):
        call_command("check_attachments")
    with archive.writing(tmp_path / "a", None) as out:
        out.finish(made_at="now", vendor=connection.vendor, state=databases.State([], {}))
    monkeypatch.setattr(connection.introspection, "table_names", list)
    with pytest.raises(CommandError, match=told):
        call_command("restore", tmp_path / "a", no_erasures=True)
    (finding,) = doctor.CHECKS["files"]()
    assert "STORAGE_S3_BUCKET" in finding.text
