import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder


def test_the_process_is_up_whatever_the_database_does(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_with_every_migration_applied_it_is_ready(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_with_a_migration_waiting_it_is_not_ready(client):
    MigrationRecorder.Migration.objects.filter(app="comments").delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "not applied" in response.content.decode()


def test_without_a_database_it_is_not_ready(client, monkeypatch):
    def unreachable():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", unreachable)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"the database can't be reached\n")


def test_they_only_answer_reading(client):
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
