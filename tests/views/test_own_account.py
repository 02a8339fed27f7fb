"""The own account of a member of the staff: a first password is changed, and one sees where one is signed in."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from comments import passwords
from comments.models import GivenPassword, SignIn
from tests.admin.staff import QUEUE, come_in, decide, member, signed_in, text
from tests.factories import submission
from tests.telephone import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN, CHANGE, PLACES = "/admin/login/", "/admin/password_change/", "/admin/places/"
OWN = "three-old-bridges-and-a-boat"


def with_password(role="moderator", *, given=False):
    person = member(role)
    person.set_password(PASSWORD)
    person.save()
    if given:
        passwords.give(person)
    return person


def sign_in(client, username="moderator", password=PASSWORD):
    return client.post(LOGIN, {"username": username, "password": password})


def change(client, new, old=PASSWORD):
    return client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": new})


def test_who_gets_an_account_chooses_another_password_before_anything_else(client):
    data = {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    assert signed_in("administrator").post("/admin/auth/user/add/", data).status_code == 302
    person = User.objects.get(username="newcomer")
    person.groups.set(member("moderator").groups.all())
    User.objects.filter(pk=person.pk).update(is_staff=True)
    row = submission()
    assert sign_in(client, "newcomer").url == "/admin/"
    for path in ("/admin/", QUEUE, PLACES, "/admin/second-step/new/"):
        assert client.get(path).url == CHANGE
    assert decide(client, row, "publish", follow=False).url == CHANGE
    row.refresh_from_db()
    assert row.status == "pending"
    assert "มีผู้อื่นทราบรหัสผ่านของคุณ" in text(client.get(CHANGE))
    assert "รหัสผ่านเดิม" in text(change(client, PASSWORD))
    assert client.get(QUEUE).url == CHANGE
    assert change(client, OWN).status_code == 302
    again = Client()
    assert sign_in(again, "newcomer", OWN).url == "/admin/"
    assert [one.get(QUEUE).status_code for one in (client, again)] == [200, 200]
    assert not GivenPassword.objects.exists()


@pytest.mark.parametrize(("minutes", "opens"), [(-1, True), (0, False)])
def test_a_first_password_lapses_and_only_who_knows_it_is_told(client, minutes, opens):
    person = with_password()
    passwords.give(person, at=timezone.now() - passwords.GIVEN_FOR - timedelta(minutes=minutes))
    told = "รหัสผ่านแรกนี้หมดอายุแล้ว"
    assert told not in text(sign_in(client, password="wrong"))
    response = sign_in(client)
    assert (response.status_code == 302) == opens
    assert opens or told in text(response)
    assert client.get("/admin/").url == (CHANGE if opens else f"{LOGIN}?next=/admin/")
    kinds = list(SignIn.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["refused", "signed_in" if opens else "lapsed"]


def test_a_password_that_an_administrator_sets_is_a_first_one():
    person, client = with_password(), signed_in("administrator")
    path = f"/admin/auth/user/{person.pk}/password/"
    new = {"password1": OWN, "password2": OWN, "usable_password": "true"}
    assert client.post(path, new).status_code == 302
    assert passwords.is_given(person)
    client.post(path, {"usable_password": "false", "unset-password": "1"})
    assert not passwords.is_given(person)


@pytest.mark.parametrize("is_trial", [False, True])
def test_the_first_administrator_has_a_first_password_but_on_a_trial(settings, is_trial):
    settings.STAFF_TWO_FACTOR = not is_trial
    call_command("first_administrator")
    assert passwords.is_given(User.objects.get(is_superuser=True)) != is_trial


def test_guesses_at_the_old_password_are_counted_as_at_the_door(client):
    come_in(client, with_password())
    statuses = [change(client, OWN, old="wrong").status_code for _ in range(6)]
    assert statuses == [200] * 4 + [429] * 2
    assert change(client, OWN).status_code == 429


def test_one_sees_where_one_is_signed_in_and_ends_it_with_the_password():
    person = with_password()
    here, lost, left = Client(REMOTE_ADDR="198.51.100.1"), Client(REMOTE_ADDR="198.51.100.2"), Client()
    for one in (here, lost, left):
        sign_in(one)
    colleague = signed_in("planner")
    page = here.get(PLACES)
    form = page.context["form"]
    assert page.context["own"].address == "198.51.100.1"
    assert sorted(place.address for place in form.others) == ["127.0.0.1", "198.51.100.2"]
    assert all(one.session.session_key not in page.content.decode() for one in (here, lost, left))
    (chosen,) = [place.number for place in form.others if place.address == "198.51.100.2"]
    foreign = colleague.get(PLACES).context["own"].number
    for data in ({"places": [chosen], "password": "wrong"}, {"password": PASSWORD}, {"places": [chosen]}):
        assert here.post(PLACES, data).status_code == 200
    assert here.post(PLACES, {"places": [foreign], "password": PASSWORD}).status_code == 200
    assert lost.get("/admin/").status_code == 200
    assert here.post(PLACES, {"places": [chosen], "password": PASSWORD}).status_code == 302
    assert [one.get("/admin/").status_code for one in (here, lost, left, colleague)] == [200, 302, 200, 200]
    assert SignIn.objects.latest("pk").kind == "ended"
    assert SignIn.objects.latest("pk").account == person
    left.post("/admin/logout/")
    assert "คุณไม่ได้เข้าสู่ระบบที่อื่น" in text(here.get(PLACES))
