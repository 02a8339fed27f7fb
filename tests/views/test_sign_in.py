"""The door of the staff's side: password, second step, and who is locked out."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from comments import second_factor
from comments.models import Authenticator, SignIn
from tests.admin.staff import QUEUE, member, text
from tests.telephone import PASSWORD, code, codes_on, key_on
from tests.test_roles import addresses, matrix, path_of

pytestmark = pytest.mark.django_db

LOGIN, STEP, NEW = "/admin/login/", "/admin/second-step/", "/admin/second-step/new/"


@pytest.fixture(autouse=True)
def _two_steps(settings):
    settings.STAFF_TWO_FACTOR = True


@pytest.fixture
def user():
    one = member("moderator")
    one.set_password(PASSWORD)
    one.save()
    return one


@pytest.fixture
def key(user):
    """Enrol the member of staff; return the key on the telephone."""
    drawn, before = second_factor.draw_key(), timezone.now() - timedelta(seconds=30)
    second_factor.enrol(user, drawn, code(drawn, at=before), at=before)
    return drawn


def show_password(client, password=PASSWORD, username="moderator", **more):
    return client.post(more.pop("path", LOGIN), {"username": username, "password": password} | more)


def kinds():
    return list(SignIn.objects.order_by("id").values_list("kind", flat=True))


def is_in(client):
    return client.get("/admin/").status_code == 200


def test_the_password_alone_leads_to_the_second_step_and_no_further(client, user, key):
    response = show_password(client)
    assert (response.status_code, response.url) == (302, STEP)
    assert client.get(STEP).status_code == 200
    assert not is_in(client)
    assert kinds() == []


def test_who_has_shown_only_the_password_reaches_nothing_else(client, user, key):
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    rows = matrix()
    show_password(client)
    door = {"admin:login", "admin:second_step", "admin:enrol", "admin:logout"}
    for name in sorted(set(addresses())):
        if name.startswith("admin:") and name not in door:
            for method in ("get", "post"):
                response = getattr(client, method)(path_of(name, rows[name]))
                assert response.status_code == 302, name
                assert response.url.startswith(f"{LOGIN}?next="), name
    assert client.get(NEW).url == STEP
    assert client.post("/admin/logout/").url == "/admin/"


def test_with_the_code_one_is_in_where_one_wanted_to_go_under_another_session(client, user, key):
    show_password(client, next=QUEUE)
    before = client.session.session_key
    response = client.post(STEP, {"code": code(key)})
    assert (response.status_code, response.url) == (302, QUEUE)
    assert client.session.session_key != before
    assert is_in(client)
    assert kinds() == ["signed_in"]
    assert "staff_passed" not in client.session


def test_before_the_password_there_is_no_second_step(client, user, key):
    for path in (STEP, NEW):
        assert client.get(path).url == LOGIN
        assert client.post(path, {"code": code(key)}).url == LOGIN


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(client, user, key, elsewhere):
    show_password(client, next=elsewhere)
    assert client.post(STEP, {"code": code(key)}).url == "/admin/"


def test_a_code_that_was_used_opens_nobody_s_second_session(client, user, key):
    shown = code(key)
    show_password(client)
    client.post(STEP, {"code": shown})
    other = Client()
    show_password(other)
    response = other.post(STEP, {"code": shown})
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not is_in(other)
    assert kinds() == ["signed_in", "code_refused"]


@pytest.mark.parametrize("typed", ["", "12345", "\0", "x" * 5000, "\ud800", "๑๒๓"])
def test_a_wrong_code_is_said_beside_the_field_and_comes_back(client, user, key, typed):
    show_password(client)
    body = client.post(STEP, {"code": typed.encode("utf-8", "replace").decode()}).content.decode()
    assert 'class="errorlist"' in body
    assert 'aria-invalid="true"' in body
    assert not is_in(client)


def test_after_five_wrong_codes_the_right_one_waits(client, user, key):
    show_password(client)
    for _ in range(6):
        response = client.post(STEP, {"code": "nothing"})
    assert "15 นาที" in text(response)
    assert "errorlist" in client.post(STEP, {"code": code(key)}).content.decode()
    assert kinds() == ["code_refused"] * 5


def test_a_password_shown_long_ago_or_changed_since_is_worth_nothing(client, user, key):
    show_password(client)
    session = client.session
    passed = session["staff_passed"]
    session["staff_passed"] = passed | {"at": passed["at"] - 15 * 60}
    session.save()
    assert client.post(STEP, {"code": code(key)}).url == LOGIN
    show_password(client)
    user.set_password("another-long-password")
    user.save()
    assert client.post(STEP, {"code": code(key)}).url == LOGIN


@pytest.mark.parametrize("column", ["is_active", "is_staff"])
def test_who_left_between_the_steps_stays_out(client, user, key, column):
    show_password(client)
    User.objects.filter(pk=user.pk).update(**{column: False})
    assert client.post(STEP, {"code": code(key)}).url == LOGIN


def test_the_first_time_one_sets_the_second_step_up_and_gets_ten_codes_once(client, user):
    assert show_password(client, next=QUEUE).url == STEP
    page = client.get(client.get(STEP).url)
    key = key_on(page.content.decode())
    assert "qr-code" in page.content.decode()
    assert key_on(client.get(NEW).content.decode()) == key
    assert "errorlist" in client.post(NEW, {"code": code(key, steps=9)}).content.decode()
    done = client.post(NEW, {"code": code(key)})
    codes = codes_on(done.content.decode())
    assert len(codes) == 10
    assert QUEUE in done.content.decode()
    assert "no-store" in done["Cache-Control"]
    assert is_in(client)
    assert kinds() == ["enrolled", "signed_in"]
    assert codes_on(client.get(NEW).content.decode()) == []


def test_a_recovery_code_opens_once_and_says_how_many_are_left(client, user):
    drawn = second_factor.draw_key()
    codes = second_factor.enrol(user, drawn, code(drawn))
    show_password(client)
    response = client.post(STEP, {"code": codes[0]}, follow=True)
    assert "9" in text(response)
    assert is_in(client)
    other = Client()
    show_password(other)
    other.post(STEP, {"code": codes[0]})
    assert not is_in(other)
    assert kinds() == ["signed_in", "recovered", "code_refused"]


def test_another_telephone_asks_for_the_password_and_ends_the_other_sessions(client, user, key):
    show_password(client)
    client.post(STEP, {"code": code(key)})
    new = key_on(client.get(NEW).content.decode())
    assert new.replace(" ", "") != key
    wrong = client.post(NEW, {"code": code(new), "password": "no"})
    assert "errorlist" in wrong.content.decode()
    assert Authenticator.objects.get().key == key
    other = Client()
    show_password(other)
    other.post(STEP, {"code": code(key, steps=1)})
    assert is_in(other)
    done = client.post(NEW, {"code": code(new), "password": PASSWORD})
    assert len(codes_on(done.content.decode())) == 10
    assert (is_in(client), is_in(other)) == (True, False)


def test_without_the_second_step_the_password_is_enough_and_there_is_nothing_to_set_up(
    client, user, settings
):
    settings.STAFF_TWO_FACTOR = False
    assert show_password(client, next=QUEUE).url == QUEUE
    assert is_in(client)
    assert client.get(NEW).url == "/admin/"
    assert kinds() == ["signed_in"]


def test_wrong_passwords_lock_a_name_for_an_address_and_no_other(client, user, key):
    for _ in range(4):
        assert show_password(client, "wrong").status_code == 200
    response = show_password(client, "wrong")
    assert response.status_code == 429
    assert "15 นาที" in text(response)
    assert show_password(client).status_code == 429
    assert kinds() == ["refused"] * 5 + ["locked"]
    assert show_password(client, REMOTE_ADDR="").status_code == 429
    assert (
        client.post(LOGIN, {"username": "moderator", "password": PASSWORD}, REMOTE_ADDR="192.0.2.9").url
        == STEP
    )
    assert show_password(client, "wrong", "planner").status_code == 200


def test_the_lock_page_is_in_english_too(client, user):
    for _ in range(5):
        response = show_password(client, "wrong", path="/en/admin/login/")
    assert response.status_code == 429
    assert "try again in 15 minutes" in text(response)


def test_a_lock_ends_by_itself_and_goes_on_guessing_does_not_prolong_it(client, user, key):
    for _ in range(7):
        show_password(client, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert show_password(client).url == STEP


def test_a_made_up_header_is_no_other_address(client, user):
    for n in range(5):
        data = {"username": "moderator", "password": "wrong"}
        response = client.post(LOGIN, data, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}")
    assert response.status_code == 429


def test_neither_name_nor_address_nor_password_is_kept_with_the_wrong_ones(client, user):
    show_password(client, "my-wrong-password", "my-mistyped-name")
    kept = str(AccessAttempt.objects.values())
    assert AccessAttempt.objects.count() == 1
    assert not any(one in kept for one in ("my-wrong-password", "my-mistyped-name", "127.0.0.1"))
    entry = SignIn.objects.get()
    assert (entry.kind, entry.account, entry.address) == ("refused", None, "127.0.0.1")


def test_who_is_no_member_of_the_staff_is_told_as_little_as_anybody(client, user):
    User.objects.filter(pk=user.pk).update(is_staff=False)
    said = {text(show_password(client, typed)) for typed in (PASSWORD, "wrong")}
    assert len(said) == 1


def test_signing_out_is_logged_and_needs_a_press(client, user, key):
    show_password(client)
    client.post(STEP, {"code": code(key)})
    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/")["Clear-Site-Data"] == '"cache"'
    assert not is_in(client)
    assert kinds() == ["signed_in", "signed_out"]


@pytest.mark.parametrize("typed", ["\0", "x" * 100_000, "ก" * 300, "\u202e"])
def test_strange_names_are_refused_like_others(client, typed):
    response = show_password(client, typed, typed)
    assert response.status_code == 200
    assert "errornote" in response.content.decode()


def test_names_that_nobody_has_fill_the_log_slowly_and_others_are_still_noted(client, user):
    for n in range(61):
        show_password(client, "wrong", f"nobody-{n}")
    assert kinds() == ["refused"] * 60
    show_password(client, "wrong")
    assert SignIn.objects.filter(account=user).count() == 1
