import pytest
from django.apps import apps
from django.db import connection

from comments import moderation, reactions, themes
from comments.models import (
    DevelopmentGoal,
    District,
    Meeting,
    Plan,
    Sector,
    Submission,
    noticing,
    public_version,
)
from tests.factories import answered, reason, reply, staff, submission, theme

pytestmark = pytest.mark.django_db


def grown(deed):
    """Do something, and return which of the three numbers grew."""
    before = public_version.read()
    deed()
    after = public_version.read()
    return {name for name in before._fields if getattr(after, name) > getattr(before, name)}


SHOWN = {
    "a vote on an opinion": lambda row: reactions.vote(row, voter="a", value="agree"),
    "a vote on a goal": lambda _row: reactions.vote(
        DevelopmentGoal.objects.first(), voter="a", value="agree"
    ),
    "withdrawn": moderation.withdraw,
    "withheld": lambda row: moderation.reject(row, actor=staff(), reason=reason()),
    "answered": answered,
    "replied to": lambda row: reply(row, "published"),
    "another opinion published": lambda _row: submission("published"),
    "put into a campaign": lambda row: Submission.objects.filter(pk=row.pk).update(campaign=None),
    "told in other words": lambda row: Submission.objects.filter(pk=row.pk).update(redacted_body="…"),
    "a row that came published": lambda row: Submission.objects.bulk_create([twin(row)]),
}


def twin(row):
    return Submission(
        plan=row.plan,
        sector=row.sector,
        reference="67-0000-0000",
        idempotency_hash="a",
        received_at=row.received_at,
        moderated_at=row.moderated_at,
        status="published",
        body="x",
        lot=1,
    )


@pytest.mark.parametrize("deed", SHOWN.values(), ids=SHOWN)
def test_what_changes_a_page_is_noticed(deed):
    row = submission("published")
    assert "shown" in grown(lambda: deed(row))


def test_a_theme_that_is_given_is_noticed():
    row, about = submission("published"), theme()
    assert "shown" in grown(lambda: themes.tag([row], about, actor=staff()))


def test_what_arrives_changes_the_accounts_and_no_list():
    assert grown(submission) == {"arrived"}


def test_what_nobody_sees_is_not_noticed():
    row = submission()
    assert grown(lambda: Submission.objects.filter(pk=row.pk).update(attention=0, flag_count=1)) == set()


@pytest.mark.parametrize("model", [Plan, Meeting, DevelopmentGoal, Sector, District])
def test_a_change_of_what_frames_the_pages_is_a_change_of_all(model):
    assert grown(lambda: model.objects.update(title_en="Other")) == {"frame", "shown", "arrived"}


def test_every_table_is_noticed_or_said_to_be_apart():
    query = {
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger",
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    }
    with connection.cursor() as cursor:
        cursor.execute(query[connection.vendor])
        noticed = {table for name, table in cursor.fetchall() if name.endswith("_noticed")}
    models = apps.get_app_config("comments").get_models(include_auto_created=True)
    tables = {model._meta.db_table for model in models if model._meta.managed}
    assert noticed == tables - noticing.APART
    assert tables >= noticing.FRAME | noticing.ARRIVED | noticing.APART
