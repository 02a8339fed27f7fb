"""Nobody on the staff's site, not even a superuser, changes or deletes what was logged."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from comments import moderation
from comments.models import SubmissionEvent
from comments.models.triggers import SEALED
from tests.admin.staff import come_in
from tests.factories import staff
from tests.test_roles import matrix, path_of

pytestmark = pytest.mark.django_db

# Signing out would end the crawl.
LEFT_OUT = {"admin:logout"}


def kept():
    """Return every sealed value of every row of the log, by table and row."""
    found = {}
    with connection.cursor() as cursor:
        for table, columns in SEALED.items():
            names = ", ".join(columns or ("*",))
            cursor.execute(f"SELECT id, {names} FROM {table}")  # noqa: S608 - names of ours
            found |= {(table, row[0]): row for row in cursor.fetchall()}
    return found


def hostile(model):
    """Return a form that says something else in every column, ticks every row and confirms whatever is asked."""
    rows = model._base_manager.values_list("pk", flat=True)
    return {field.name: "1" for field in model._meta.fields} | {
        "action": "delete_selected",
        "_selected_action": [str(pk) for pk in rows],
        "select_across": "1",
        "index": "0",
        "post": "yes",
        "confirm": "1",
        "_save": "1",
    }


@pytest.fixture
def superuser():
    client = Client(raise_request_exception=False)
    come_in(client, User.objects.create_superuser("root"))
    return client


def post(client, path, data):
    """Post as the superuser; whoever was signed out by the last deed comes in again."""
    response = client.post(path, data)
    if not response.wsgi_request.user.is_authenticated or "/login/" in response.headers.get("Location", ""):
        come_in(client, User.objects.get(username="root"))
        response = client.post(path, data)
    return response


def crawl(client):
    """Post at every address of the staff's site, and every action at every list; yield where and the answer."""
    rows = {name: row for name, row in matrix().items() if name.startswith("admin:")}
    moderation.reveal_contact(SubmissionEvent.objects.first().submission, actor=staff(), reason="โทรนัดหมาย")
    yield "", None
    for name in sorted(rows.keys() - LEFT_OUT):
        row = rows[name]
        yield name, post(client, path_of(name, row), hostile(SubmissionEvent) | row.data)
    for model, model_admin in admin.site._registry.items():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        names = {"delete_selected", *(action[1] for action in model_admin._get_base_actions())}
        for action in sorted(names):
            yield f"{address} {action}", post(client, address, hostile(model) | {"action": action})
        for pk in model._base_manager.values_list("pk", flat=True)[:1]:
            for deed in ("change", "delete"):
                yield f"{address} {deed}", post(client, f"{address}{pk}/{deed}/", hostile(model))


def test_a_superuser_who_posts_everywhere_changes_and_deletes_nothing_that_was_logged(superuser):
    visits = crawl(superuser)
    next(visits)
    before = kept()
    tables = {table for table, _pk in before}
    assert {"comments_submissionevent", "comments_answer", "comments_doublecheck"} <= tables
    # A download closes its file once it is read to the end.
    faults = [name for name, response in visits if list(response) is None or response.status_code >= 500]
    assert faults == []
    after = kept()
    assert {key: after.get(key) for key in before} == before
    # The crawl did get through: things were done, and written down.
    done = set(SubmissionEvent.objects.filter(actor__username="root").values_list("kind", flat=True))
    assert {"second_opinion_asked", "contact_revealed"} <= done


def test_the_list_of_log_entries_offers_no_deed(superuser):
    for name in ("submissionevent", "doublecheck", "answer", "erasurerequest", "signin"):
        page = superuser.get(f"/admin/comments/{name}/").content.decode()
        assert 'name="action"' not in page
        assert "/add/" not in page.split('id="content-main"')[1]
