"""The database itself keeps the words and the history, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from comments import authoring
from comments.models import GoalRevision, Submission, SubmissionEvent, SubmissionVersion
from comments.models.triggers import install
from tests.factories import BODY, submission

pytestmark = pytest.mark.django_db


def refused(sql):
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE comments_submission SET body = 'x'",
        "UPDATE comments_submission SET reference = '67-0000-0000'",
        "UPDATE comments_submissionevent SET note = 'x'",
        "UPDATE comments_goalrevision SET title_th = 'x'",
    ],
)
def test_update_is_refused(sql):
    submission()
    refused(sql)


def test_the_opinions_of_a_revision_are_sealed():
    revision = GoalRevision.objects.first()
    revision.opinions.set([submission()])
    refused("UPDATE comments_goalrevision_opinions SET submission_id = submission_id")
    if connection.vendor == "postgresql":
        refused("DELETE FROM comments_goalrevision_opinions")


def test_state_may_change():
    submission()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE comments_submission SET status = 'withdrawn'")
    assert Submission.objects.get().status == "withdrawn"


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM comments_submission",
        "DELETE FROM comments_submissionevent",
        "DELETE FROM comments_goalrevision",
    ],
)
def test_postgresql_refuses_a_delete_too(sql):
    submission()
    if connection.vendor == "postgresql":
        refused(sql)


def test_installing_twice_is_harmless():
    submission()
    install()
    refused("UPDATE comments_submission SET body = 'x'")


@pytest.mark.parametrize("model", [Submission, SubmissionEvent, GoalRevision])
def test_application_refuses_to_delete(model):
    submission()
    with pytest.raises(TypeError, match="never deleted"):
        model.objects.first().delete()


@pytest.mark.parametrize("model", [Submission, SubmissionEvent, GoalRevision])
def test_application_refuses_to_delete_many(model):
    with pytest.raises(TypeError, match="never deleted"):
        model.objects.all().delete()


@pytest.mark.parametrize("model", [SubmissionEvent, GoalRevision])
def test_application_refuses_to_change_many(model):
    with pytest.raises(TypeError, match="never changes"):
        model.objects.update(at=None)


def test_a_version_by_the_author_is_sealed_like_the_words_as_received():
    authoring.edit(submission(), f"{BODY} และมีร่มเงา")
    refused("UPDATE comments_submissionversion SET body = 'x'")
    if connection.vendor == "postgresql":
        refused("DELETE FROM comments_submissionversion")
    with pytest.raises(TypeError, match="never changes"):
        SubmissionVersion.objects.update(body="x")
    with pytest.raises(TypeError, match="never deleted"):
        SubmissionVersion.objects.all().delete()
    with pytest.raises(TypeError, match="never deleted"):
        SubmissionVersion.objects.get().delete()
