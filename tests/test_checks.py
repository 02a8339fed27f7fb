import pytest
from django.core.checks import run_checks
from django.db import connection, connections
from django.db.utils import load_backend

from comments import checks


def found(**options):
    return {message.id for message in run_checks(**options) if message.id.startswith("comments.")}


def test_a_good_installation_has_nothing_to_report():
    assert found() == set()


@pytest.mark.parametrize("keys", [["x" * 44], [""], ["not base64 at all, but long enough to pass"]])
def test_a_key_that_is_none_is_found(settings, keys):
    settings.CONTACT_KEYS = keys
    assert found() == {"comments.E001"}


def test_the_wrong_driver_is_found(monkeypatch, tmp_path):
    (tmp_path / "psycopg.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert found() == {"comments.E002"}


def test_a_site_without_a_second_step_is_found_before_it_is_deployed(settings):
    assert found(include_deployment_checks=True) == {"comments.W003"}
    settings.STAFF_TWO_FACTOR = True
    assert found(include_deployment_checks=True) == set()


@pytest.mark.django_db
def test_the_test_database_reads_thai():
    assert found(databases=["default"]) == set()


@pytest.mark.django_db
def test_another_locale_is_found():
    if connection.vendor == "postgresql":
        name = connection.settings_dict["NAME"]
        with connection.cursor() as cursor:
            cursor.execute("UPDATE pg_database SET datctype = 'C' WHERE datname = %s", [name])
        assert [message.id for message in checks.postgresql_reads_thai(["default"])] == ["comments.W001"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL", []),
        ("PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL", ["comments.E004"]),
        ("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL", ["comments.E004"]),
    ],
)
def test_a_sqlite_file_that_does_not_keep_what_it_is_given_is_found(tmp_path, monkeypatch, asked, ids):
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": asked}
    wanted = connections.configure_settings(
        {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(tmp_path / "file"),
                "OPTIONS": options,
            }
        }
    )["default"]
    other = load_backend(wanted["ENGINE"]).DatabaseWrapper(wanted, "other")
    monkeypatch.setattr(checks, "connections", {"other": other})
    try:
        found = [message.id for message in checks.sqlite_keeps_what_it_is_given(["other"])]
    finally:
        other.close()
    assert found == ids
