import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import second_factor
from comments.models import Authenticator, SignIn
from tests.admin.staff import member, signed_in, text
from tests.telephone import code

pytestmark = pytest.mark.django_db

LOG, USERS = "/admin/comments/signin/", "/admin/auth/user/"
Kind = SignIn.Kind
DAY = timedelta(days=1)


def entry(kind=Kind.SIGNED_IN, account="moderator", days=0, **columns):
    return SignIn.objects.create(
        kind=kind,
        account=member(account) if account else None,
        at=timezone.now() - days * DAY,
        **{"address": "192.0.2.1"} | columns,
    )


def enrolled(role):
    user, key = member(role), second_factor.draw_key()
    second_factor.enrol(user, key, code(key))
    return user


def lines(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_log_shows_who_when_and_from_where():
    entry(Kind.REFUSED, account=None)
    shown = text(signed_in("administrator").get(LOG))
    assert "192.0.2.1" in shown
    assert str(timezone.localdate().year + 543) in shown


def test_entries_are_found_by_event_account_and_day():
    entry(days=3)
    entry(Kind.REFUSED, "planner")
    client = signed_in("administrator")
    for query, count in (
        ({"kind": "refused"}, 1),
        ({"account": member("moderator").pk}, 1),
        ({"on_or_after": timezone.localdate().isoformat()}, 1),
        ({"on_or_before": timezone.localdate().isoformat()}, 2),
        ({"kind": "nonsense"}, 0),
        ({"on_or_after": "never"}, 0),
        ({"account": "9" * 30}, 0),
        ({}, 2),
    ):
        rows = lines(client.get(f"{LOG}csv/", query))
        assert len(rows) == count, query
        assert client.get(LOG, query).content.decode().count('class="field-kind"') == count


def test_the_file_guards_names_that_a_spreadsheet_would_run():
    User.objects.filter(pk=member("moderator").pk).update(username="+cmd")
    SignIn.objects.create(kind="signed_in", account=User.objects.get(username="+cmd"), address="192.0.2.1")
    response = signed_in("administrator").get(f"{LOG}csv/")
    (row,) = lines(response)
    assert (row["kind"], row["account"], row["by"], row["address"]) == ("signed_in", "'+cmd", "", "192.0.2.1")
    assert response["X-Row-Count"] == "1"


@pytest.mark.parametrize("role", ["moderator", "planner", "responder"])
def test_only_administrators_see_it(role):
    client = signed_in(role)
    assert [client.get(path).status_code for path in (LOG, f"{LOG}csv/")] == [403, 403]


def test_as_many_queries_for_three_entries_as_for_one(django_assert_num_queries):
    client = signed_in("administrator")
    entry(by=member("planner"))
    with django_assert_num_queries(7):
        client.get(LOG)
    entry(Kind.RESET, by=member("planner"))
    entry(account="responder")
    with django_assert_num_queries(7):
        client.get(LOG)


def test_nothing_in_the_log_can_be_changed_or_deleted():
    row = entry()
    client = signed_in("administrator")
    assert client.post(f"{LOG}add/", {}).status_code == 403
    for path in ("change", "delete"):
        assert client.post(f"{LOG}{row.pk}/{path}/", {"post": "yes"}).status_code == 403
    with pytest.raises(TypeError, match="never changes"):
        SignIn.objects.update(kind="refused")
    for deed in (SignIn.objects.all().delete, row.delete):
        with pytest.raises(TypeError, match="age only"):
            deed()


def refused(sql):
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_refuses_too_but_lets_go_what_is_old_enough():
    entry()
    old = entry(days=91)
    refused("UPDATE comments_signin SET address = ''")
    if connection.vendor == "postgresql":
        refused("DELETE FROM comments_signin")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM comments_signin WHERE id = %s", [old.pk])
    assert SignIn.objects.count() == 1


def test_addresses_are_encrypted_at_rest():
    entry()
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM comments_signin")
        assert "192.0.2.1" not in str(cursor.fetchall())


def test_an_administrator_takes_the_second_step_of_a_colleague_away():
    user, client = enrolled("planner"), signed_in("administrator")
    page = client.get(f"{USERS}{user.pk}/change/").content.decode()
    assert f'action="{USERS}{user.pk}/second-step/"' in page
    assert client.post(f"{USERS}{user.pk}/second-step/").status_code == 302
    assert not Authenticator.objects.exists()
    row = SignIn.objects.get()
    assert (row.kind, row.account.username, row.by.username) == ("reset", "planner", "administrator")
    client.post(f"{USERS}{user.pk}/second-step/")
    assert SignIn.objects.count() == 1
    assert "reset-form" not in client.get(f"{USERS}{user.pk}/change/").content.decode()


def test_the_list_of_users_says_who_has_set_the_second_step_up(django_assert_num_queries):
    client = signed_in("administrator")
    enrolled("planner")
    shown = client.get(USERS).content.decode()
    assert shown.count('class="field-has_second_step">ตั้งค่าแล้ว<') == 1
    assert shown.count('class="field-has_second_step">–<') == User.objects.count() - 1
    with CaptureQueriesContext(connection) as before:
        client.get(USERS)
    for role in ("moderator", "responder"):
        enrolled(role)
    with django_assert_num_queries(len(before)):
        client.get(USERS)


def test_a_superuser_s_second_step_is_taken_away_by_superusers_only():
    user = enrolled("planner")
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    client = signed_in("administrator")
    assert client.post(f"{USERS}{user.pk}/second-step/").status_code == 403
    assert "reset-form" not in client.get(f"{USERS}{user.pk}/change/").content.decode()
    assert Authenticator.objects.exists()


def test_entries_keep_their_account_from_being_deleted():
    entry()
    client = signed_in("administrator")
    client.post(f"{USERS}{member('moderator').pk}/delete/", {"post": "yes"})
    assert User.objects.filter(username="moderator").exists()


@pytest.mark.parametrize(("days", "left"), [(179, 1), (181, 0)])
def test_entries_go_by_age_and_never_before_the_law_lets_them(settings, days, left):
    entry(days=days)
    assert SignIn.objects.forget(settings.RETAIN_SIGN_INS_DAYS, timezone.now()) == 1 - left
    entry(days=89)
    assert SignIn.objects.forget(1, timezone.now()) == left
