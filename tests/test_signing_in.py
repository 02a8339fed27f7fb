"""How long somebody stays signed in. The clock is moved by what a session remembers."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone

from comments import second_factor, signing_in
from comments.models import SignIn
from tests.admin.staff import QUEUE, come_in, member, signed_in, text
from tests.telephone import PASSWORD, code

pytestmark = pytest.mark.django_db


def past(client, **ago):
    """Let a session remember that what it remembers was so long ago."""
    session = client.session
    for name, seconds in ago.items():
        session[f"staff_{name}"] -= int(seconds)
    session.save()


def is_in(client):
    return client.get("/admin/").status_code == 200


def why():
    return list(SignIn.objects.order_by("id").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("began", "seen", "found"),
    [
        (12 * 3600 - 60, 0, None),
        (12 * 3600, 0, "expired"),
        (0, 30 * 60 - 60, None),
        (0, 30 * 60, "idle"),
    ],
)
def test_a_session_ends_after_twelve_hours_or_half_an_hour_of_silence(began, seen, found):
    client = signed_in("moderator")
    past(client, began=began, seen=seen)
    response = client.get(QUEUE)
    assert response.status_code == (302 if found else 200)
    assert why() == ([found] if found else [])
    if found:
        assert response.url == f"/admin/login/?next={QUEUE}"
        assert "ออกจากระบบ" in text(client.get(response.url))
        assert "_auth_user_id" not in client.session


def test_the_spans_are_settings(settings):
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = 5, 1
    idle, old = signed_in("moderator"), signed_in("moderator")
    past(idle, seen=5 * 60)
    past(old, began=3600)
    assert (is_in(idle), is_in(old)) == (False, False)
    assert why() == ["idle", "expired"]


def test_use_keeps_a_session_going_and_writes_it_once_a_minute():
    client = signed_in("moderator")
    for _ in range(3):
        past(client, began=1700, seen=1700)
        assert is_in(client)
    assert not why()
    before = client.session["staff_seen"]
    assert is_in(client)
    assert client.session["staff_seen"] == before


CHANGES = {
    "role": lambda user: user.groups.set(Group.objects.filter(name="planner")),
    "role taken": lambda user: user.groups.clear(),
    "permission": lambda user: user.user_permissions.add(
        Permission.objects.get(codename="export_submission")
    ),
    "what the role may do": lambda user: user.groups.get().permissions.remove(
        Permission.objects.get(codename="reveal_contact")
    ),
    "superuser": lambda user: User.objects.filter(pk=user.pk).update(is_superuser=True),
    "staff": lambda user: User.objects.filter(pk=user.pk).update(is_staff=False),
    "active": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "password": lambda user: (user.set_password("another-long-password"), user.save()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_account_ends_all_its_sessions_and_no_other(change):
    first, second, other = signed_in("moderator"), signed_in("moderator"), signed_in("administrator")
    assert (is_in(first), is_in(second), is_in(other)) == (True, True, True)
    CHANGES[change](User.objects.get(username="moderator"))
    assert (is_in(first), is_in(second), is_in(other)) == (False, False, True)
    assert why() == ["changed", "changed"]
    assert {row.account.username for row in SignIn.objects.all()} == {"moderator"}


def test_who_changes_the_own_password_stays_and_the_others_go():
    user = member("moderator")
    user.set_password(PASSWORD)
    user.save()
    first, second = Client(), Client()
    come_in(first, user)
    come_in(second, user)
    data = {"old_password": PASSWORD}
    data |= dict.fromkeys(("new_password1", "new_password2"), "another-long-password")
    assert first.post("/admin/password_change/", data).status_code == 302
    assert (is_in(first), is_in(second)) == (True, False)


def test_a_session_without_a_beginning_is_over():
    client = Client()
    client.force_login(member("moderator"))
    assert not is_in(client)


def test_with_a_second_step_a_session_from_before_it_is_over(settings):
    client = signed_in("moderator")
    settings.STAFF_TWO_FACTOR = True
    assert not is_in(client)


def test_another_telephone_or_none_ends_the_sessions(settings):
    settings.STAFF_TWO_FACTOR = True
    user, key = member("moderator"), second_factor.draw_key()
    second_factor.enrol(user, key, code(key))
    client = signed_in("moderator")
    assert is_in(client)
    second_factor.reset(user)
    assert not is_in(client)


def test_public_pages_look_at_no_session():
    client = signed_in("moderator")
    past(client, seen=9999)
    response = client.get("/about/")
    assert "Cookie" not in response.get("Vary", "")
    assert not why()


def test_the_last_second_of_a_span_is_outside():
    user, now, session = member("moderator"), timezone.now(), {}
    signing_in.begin(session, user, at=now)
    end = now + timedelta(minutes=30)
    assert signing_in.why_over(session, user, at=end - timedelta(seconds=1)) is None
    assert signing_in.why_over(session, user, at=end) == "idle"


WORDS = "ขอบคุณสำหรับความคิดเห็น <b>สำนักงานเขต</b> จะดำเนินการในปีงบประมาณนี้"


@pytest.mark.parametrize("is_over", [True, False])
def test_words_sent_when_the_session_is_over_come_back_and_secrets_do_not(is_over):
    client = signed_in("moderator") if is_over else Client()
    if is_over:
        past(client, seen=9999)
    data = {"note": WORDS, "old_password": "a long password of mine", "token": "x" * 50, "short": "สั้น"}
    response = client.post(f"{QUEUE}1/publish/", data)
    body = response.content.decode()
    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    assert body.count("<textarea") == 1
    assert WORDS.replace("<", "&lt;").replace(">", "&gt;") in body
    assert "a long password of mine" not in body
    assert client.post(f"{QUEUE}1/publish/", {"short": "สั้น"}).status_code == 302
