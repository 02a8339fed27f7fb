import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone, translation

from tests.admin.staff import QUEUE, member, page, signed_in, text
from tests.factories import submission
from tests.telephone import PASSWORD

pytestmark = pytest.mark.django_db

USERS = "/admin/auth/user/"


def save(client, user, **changes):
    data = {"username": user.username, "first_name": "", "last_name": "", "email": "", "is_active": "on"}
    data |= {"offices-TOTAL_FORMS": 0, "offices-INITIAL_FORMS": 0}
    return client.post(f"{USERS}{user.pk}/change/", data | {"is_staff": "on"} | changes)


def test_an_administrator_gives_roles():
    user, role = member("nobody"), Group.objects.get(name="moderator")
    client = signed_in("administrator")
    assert "ผู้กลั่นกรองเนื้อหา" in text(client.get(f"{USERS}{user.pk}/change/"))
    assert save(client, user, groups=[role.pk]).status_code == 302
    assert list(user.groups.all()) == [role]


def test_an_administrator_makes_nobody_a_superuser():
    user, client = member("nobody"), signed_in("administrator")
    assert "is_superuser" not in client.get(f"{USERS}{user.pk}/change/").content.decode()
    assert save(client, user, is_superuser="on", user_permissions=["1"]).status_code == 302
    stored = User.objects.get(pk=user.pk)
    assert not stored.is_superuser
    assert not stored.user_permissions.exists()


def test_an_administrator_does_not_touch_a_superuser():
    root = member("nobody", is_superuser=True)
    client = signed_in("administrator")
    assert save(client, root, first_name="x").status_code == 403
    assert client.get(f"{USERS}{root.pk}/password/").status_code == 403
    assert client.post(f"{USERS}{root.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_superuser_may_make_another():
    member("planner", is_superuser=True)
    client, user = signed_in("planner"), member("nobody")
    assert save(client, user, is_superuser="on").status_code == 302
    assert User.objects.get(pk=user.pk).is_superuser


def test_who_decided_something_is_not_deleted():
    submission("published", actor=member("moderator"))
    client, user = signed_in("administrator"), member("moderator")
    response = client.post(f"{USERS}{user.pk}/delete/", {"post": "yes"})
    assert response.status_code == 200
    assert User.objects.filter(pk=user.pk).exists()


def test_roles_are_read_with_their_members_and_permissions():
    member("moderator")
    group = Group.objects.get(name="moderator")
    client = signed_in("administrator")
    shown = text(client.get(f"/admin/auth/group/{group.pk}/change/"))
    assert "พิจารณาเผยแพร่ ไม่เผยแพร่ และส่งกลับเข้าคิว" in shown
    assert "moderator" in shown
    assert client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "x"}).status_code == 403


def test_the_desk_says_what_waits_and_its_totals_add_up():
    for status in ("pending", "pending", "published", "rejected", "withdrawn"):
        submission(status, at=timezone.now() - timezone.timedelta(days=2, hours=1))
    for role in ("moderator", "planner", "administrator"):
        shown = text(signed_in(role).get("/admin/"))
        assert "รายการที่เก่าที่สุดรอมาแล้ว 2 วัน" in shown
        assert "รอตรวจสอบ 2 เผยแพร่แล้ว 1 ไม่เผยแพร่ 1 ถอนแล้ว 1 ได้รับทั้งหมด 5" in shown
    assert "รอตรวจสอบ" not in text(signed_in("responder").get("/admin/"))


@pytest.mark.parametrize(
    ("role", "models"),
    [
        ("responder", {"submission", "answer", "answerdraft", "developmentgoal", "meeting", "theme"}),
        ("nobody", set()),
    ],
)
def test_the_desk_shows_only_what_the_role_needs(role, models):
    body = signed_in(role).get("/admin/").content.decode()
    assert set(re.findall(r'id="model-(\w+)"', body)) == models


def test_without_a_role_there_is_a_clear_page_and_nothing_else():
    row, client = submission("published"), signed_in("nobody")
    assert "ยังไม่ได้รับมอบหมายบทบาท" in text(client.get("/admin/"))
    assert [client.get(address).status_code for address in (QUEUE, page(row))] == [403, 403]


@pytest.mark.parametrize(
    "address",
    ["", "comments/submission/?status=all", "comments/submissionevent/", "auth/user/", "comments/plan/"],
)
def test_no_page_of_the_staff_shows_a_year_of_the_common_era(address):
    submission("published")
    member("administrator", last_login=timezone.now())
    shown = text(signed_in("administrator").get(f"/admin/{address}"))
    assert str(timezone.now().year) not in shown


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ("short-pass1", "12"),
        ("password1234", "ใช้กันมาก"),
        ("918273645546372819", "ตัวเลข"),
        ("moderator-123", "คล้าย"),
        ("Bangkok-2567-BMA!", "ชื่อเมือง"),
        ("กรุงเทพมหานคร2567", "ชื่อเมือง"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_in_thai(chosen, told):
    user = member("moderator")
    user.set_password(PASSWORD)
    user.save()
    client = signed_in("moderator")
    data = {"old_password": PASSWORD, "new_password1": chosen, "new_password2": chosen}
    response = client.post("/admin/password_change/", data)
    assert response.status_code == 200
    errors = re.findall(r'(?s)class="errorlist".*?</ul>', response.content.decode())
    assert told in "".join(errors)


def test_every_deed_of_a_role_has_a_name_in_thai():
    names = Permission.objects.filter(group__isnull=False, content_type__app_label="comments")
    own = names.exclude(codename__regex=r"^(view|add|change|delete)_").distinct()
    with translation.override("th"):
        assert [one.name for one in own if translation.gettext(one.name) == one.name] == []


def test_yes_and_no_are_words_and_mistakes_are_told_in_thai():
    client, user = signed_in("administrator"), member("nobody", is_active=False)
    assert "ไม่ใช่" in text(client.get(USERS))
    for address in ("auth/user/", "comments/plan/", "comments/meeting/", "comments/sector/"):
        assert 'alt="True"' not in client.get(f"/admin/{address}").content.decode()
    shown = text(client.post(f"{USERS}{user.pk}/change/", {}))
    assert "โปรดแก้ไขข้อมูลที่ระบุไว้ด้านล่าง" in shown
    assert "Please" not in shown
    user.set_password("a-long-word-that-nobody-knows")
    user.save()
    assert "หากปิดใช้ รหัสผ่านปัจจุบันของผู้ใช้จะถูกลบ" in text(client.get(f"{USERS}{user.pk}/password/"))
