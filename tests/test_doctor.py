import json
import os
import stat
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from comments import doctor
from comments.models import AnswerNotice, District, ExportJob, Plan, SearchEntry
from comments.models.search import FTS_TABLE
from tests.factories import answered, receive, staff, submission
from tests.server import manage

pytestmark = pytest.mark.django_db
OFF = {"fsync", "full_page_writes", "synchronous_commit", "archive_mode"}


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    for name in ("VAR_DIR", "MEDIA_ROOT", "EXPORT_ROOT", "OPEN_DATA_ROOT", "FILE_UPLOAD_TEMP_DIR"):
        setattr(settings, name, tmp_path / name)
        (tmp_path / name).mkdir()


def found(name):
    """Return what one check finds, by its level."""
    return [finding.level for finding in doctor.CHECKS[name]()]


def told(**options):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out, **options)
    assert ended.value.code == 1
    return out.getvalue()


def drop(trigger, table):
    of = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger}{of}")


def test_a_good_database_gives_no_trouble():
    receive()
    silent = ("database", "writing", "migrations", "triggers", "search", "clock", "reference data", "roles")
    more = ("retention", "exports", "mail queue", "disk", "files", "time zone")
    assert {name: found(name) for name in (*silent, *more) if found(name)} == {}


def test_opinions_that_no_vacuum_has_seen_are_found_once_they_are_many(monkeypatch):
    receive()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # PostgreSQL may have cleaned up by itself meanwhile.
            cursor.execute(
                "UPDATE pg_class SET relallvisible = 0 WHERE oid = 'comments_submission'::regclass"
            )
    assert found("vacuum") == []
    monkeypatch.setattr(doctor.database, "MANY_PAGES", 1)
    assert found("vacuum") == (["remark"] if connection.vendor == "postgresql" else [])


def test_what_it_says_is_in_the_language_asked_for_and_names_the_mend(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en_GB:en")
    assert "static files that are missing" in (english := told())
    assert "→ manage.py collectstatic --noinput" in english
    monkeypatch.delenv("LANGUAGE")
    assert "static files that are missing" not in (thai := told())
    assert "→ manage.py collectstatic --noinput" in thai


def test_programs_read_it_as_json():
    answer = json.loads(told(as_json=True))
    assert not answer["healthy"]
    assert answer["checks"] == list(doctor.CHECKS)
    (one,) = [finding for finding in answer["findings"] if finding["check"] == "static files"]
    assert (one["level"], one["mend"]) == ("trouble", "manage.py collectstatic --noinput")


def test_a_check_that_breaks_off_is_a_finding_and_the_others_go_on(settings):
    settings.VAR_DIR = "/nowhere/at/all"
    by_name = {one.name: one.findings for one in doctor.examine()}
    assert by_name["disk"][0].is_trouble
    assert list(by_name) == list(doctor.CHECKS)


@pytest.mark.parametrize(
    ("trigger", "table"),
    [
        ("comments_submissionevent_is_sealed", "comments_submissionevent"),
        ("comments_submission_is_watched", "comments_submission"),
    ],
)
def test_a_trigger_that_is_gone_is_found_and_keeps_requests_out(trigger, table, client):
    drop(trigger, table)
    assert found("triggers") == ["trouble"]
    response = client.get("/readyz")
    assert (response.status_code, trigger in response.content.decode()) == (503, True)


def test_a_search_without_its_index_is_found(client):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP INDEX {FTS_TABLE}")
        else:
            cursor.execute(f"DROP TABLE {FTS_TABLE}")
    assert found("search") == ["trouble"]
    assert client.get("/readyz").status_code == 503


def test_words_that_the_search_does_not_know_are_found():
    receive()
    SearchEntry.objects.all().delete()
    assert "trouble" in found("start-up checks")
    assert "comments.W002" in told()


def test_a_database_that_only_reads_is_found_and_keeps_requests_out(client):
    with connection.cursor() as cursor:
        postgresql = connection.vendor == "postgresql"
        cursor.execute("SET TRANSACTION READ ONLY" if postgresql else "PRAGMA query_only = 1")
    try:
        assert found("writing") == ["trouble"]
        response = client.get("/readyz")
        assert (response.status_code, response.content) == (503, b"the database can't be written to\n")
    finally:
        if not postgresql:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only = 0")


def test_a_full_disk_is_found_and_keeps_requests_out(client, monkeypatch):
    monkeypatch.setattr(doctor.machine, "LEAST_TO_SERVE", 1 << 60)
    monkeypatch.setattr(doctor.machine, "LEAST", 1 << 60)
    assert "trouble" in found("disk")
    assert client.get("/readyz").status_code == 503


def test_migrations_that_wait_are_found():
    applied = MigrationRecorder.Migration.objects.filter(app="comments")
    applied.filter(name__gte="0029").delete()
    assert found("migrations") == ["trouble"]
    (finding,) = doctor.CHECKS["migrations"]()
    assert "comments.00" not in finding.mend
    applied.filter(name__gte="0026").delete()
    (finding,) = doctor.CHECKS["migrations"]()
    assert "comments.0028_lists_by_index" in finding.mend


def test_what_could_be_lost_by_a_power_cut_is_found():
    if connection.vendor == "postgresql":
        texts = " ".join(finding.text for finding in doctor.CHECKS["durability"]())
        assert {name for name in OFF if name in texts} == OFF
    else:
        assert found("durability") == []
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = 0")
        assert found("durability") == ["trouble"]
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = 1")


def test_secrets_written_by_hand_are_found(settings):
    assert found("secrets") == ["trouble"]
    settings.SECRET_KEY = "change-me-" * 5
    settings.CONTACT_KEYS = [settings.SECRET_KEY]
    assert found("secrets") == ["trouble", "trouble"]


def test_secrets_drawn_at_random_and_readable_by_nobody_else_are_none(settings, tmp_path, monkeypatch):
    settings.SECRET_KEY = "q8Zr3vNw1sYk7LxTb0HdPfCj5MgUa2Ee9RoViWQtXnJBhKlD"
    settings.CONTACT_KEYS = ["3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc="]
    file = tmp_path / "env"
    file.touch(mode=0o600)
    monkeypatch.setenv("ENV_FILE", str(file))
    assert found("secrets") == []
    file.chmod(stat.S_IRUSR | stat.S_IROTH)
    assert found("secrets") == ["trouble"]


@pytest.mark.parametrize(
    ("names", "levels"), [(["*"], ["trouble"]), (["localhost"], ["remark"]), (["a.go.th"], [])]
)
def test_host_names(settings, names, levels):
    settings.ALLOWED_HOSTS = names
    assert found("host names") == levels


def test_missing_reference_rows_and_changed_roles_are_found():
    District.objects.filter(code=1050).delete()
    Group.objects.get(name="moderator").permissions.clear()
    assert found("reference data") == ["trouble"]
    (finding,) = doctor.CHECKS["roles"]()
    assert "moderator" in finding.text
    Plan.objects.update(closes_at=timezone.now() - timedelta(hours=1))
    assert found("reference data") == ["trouble", "remark"]


def test_a_site_without_an_administrator_is_found(settings):
    assert found("administrators") == ["trouble"]
    staff(
        "administrator",
    ).__class__.objects.create_superuser("first")
    assert found("administrators") == []
    settings.STAFF_TWO_FACTOR = True
    assert found("administrators") == ["remark"]


def test_queues_that_nobody_works_at_are_found(settings):
    late = timezone.now() - timedelta(hours=2)
    ExportJob.objects.create(actor=staff("planner"), as_of=late, asked_at=late, format="csv", expected=1)
    assert found("exports") == ["trouble"]
    answered(submission("published"))
    AnswerNotice.objects.update(mail="waiting", due_at=late)
    assert found("mail queue") == []
    settings.SENDS_EMAIL = True
    assert found("mail queue") == ["trouble"]
    AnswerNotice.objects.update(mail="given_up", due_at=None)
    assert found("mail queue") == ["remark"]


def test_a_mail_server_that_does_not_answer_is_found(settings):
    assert found("mail") == ["remark"]
    settings.SENDS_EMAIL, settings.EMAIL_BACKEND = True, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    settings.SITE_URL, settings.DEFAULT_FROM_EMAIL = "https://a.go.th", "we@a.go.th"
    assert found("mail") == ["trouble"]


def test_places_that_can_not_be_written_are_found(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.EXPORT_ROOT = tmp_path / "file" / "below"
    settings.MEDIA_ROOT = tmp_path / "file"
    assert found("files") == ["trouble", "trouble"]


def test_what_is_kept_too_long_is_found():
    from comments.models import Tries

    Tries.objects.create(slot=1, count=1, since=timezone.now() - timedelta(days=9))
    assert found("retention") == ["trouble"]


def test_a_database_that_is_not_there_is_found():
    env = os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing", "LANGUAGE": "en"}
    with pytest.raises(AssertionError, match="the database can't be reached"):
        manage(env, "doctor")


def test_backups_that_are_missing_or_old_are_found(settings, tmp_path):
    assert found("backups") == ["remark"]
    settings.BACKUP_DIR, settings.BACKUP_KEY, settings.ERASURE_LOG = str(tmp_path / "b"), "x", "y"
    assert found("backups") == ["trouble"]
    (tmp_path / "b").mkdir()
    assert found("backups") == ["trouble"]
    newest = tmp_path / "b" / "one.backup"
    newest.touch()
    assert found("backups") == []
    os.utime(newest, (0, 0))
    assert found("backups") == ["trouble"]
    newest.touch()
    settings.BACKUP_KEY = settings.ERASURE_LOG = ""
    assert found("backups") == ["remark", "remark"]
