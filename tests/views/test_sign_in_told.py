"""The owner of an account hears that somebody has set a telephone up for it."""

import pytest
from django.test import Client

from tests.admin.staff import member, text
from tests.telephone import PASSWORD, code, key_on
from tests.views.test_sign_in import NEW, STEP, is_in, show_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(settings):
    settings.STAFF_TWO_FACTOR = True
    one = member("moderator")
    one.set_password(PASSWORD)
    one.save()
    return one


def test_the_owner_of_an_account_hears_that_a_telephone_was_set_up(client, user, mailoutbox):
    user.email = "owner@example.org"
    user.save()
    show_password(client)
    key = key_on(client.get(NEW).content.decode())
    done = client.post(NEW, {"code": code(key)})
    assert "ส่งอีเมลแจ้ง" in text(done)
    # Not to whoever has only learnt the password.
    assert "owner@" not in text(done)
    (sent,) = mailoutbox
    assert (sent.to, "moderator" in sent.body, key in sent.body) == (["owner@example.org"], True, False)
    other = Client()
    show_password(other)
    assert "ตั้งค่าโทรศัพท์เมื่อ" in text(other.get(STEP))


@pytest.mark.parametrize(("email", "said"), [("", "ไม่มีอีเมลแจ้ง"), ("owner@example.org", "ส่งอีเมลแจ้งไม่สำเร็จ")])
def test_it_is_said_where_no_e_mail_could_tell_them(client, user, settings, email, said):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    user.email = email
    user.save()
    show_password(client)
    done = client.post(NEW, {"code": code(key_on(client.get(NEW).content.decode()))})
    assert said in text(done)
    assert is_in(client)
