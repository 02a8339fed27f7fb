from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from comments import second_factor
from comments.limits import TooManyTriesError
from comments.models import Authenticator, RecoveryCode
from comments.second_factor import AlreadyEnrolledError, UsedCodeError, WrongCodeError, check, enrol
from tests.admin.staff import member
from tests.telephone import code

pytestmark = pytest.mark.django_db

NOW = timezone.now()
STEP = timedelta(seconds=30)


@pytest.fixture
def key():
    return second_factor.draw_key()


@pytest.fixture
def enrolled(key):
    user = member("moderator")
    enrol(user, key, code(key, at=NOW), at=NOW)
    return user


def test_a_code_opens_once(enrolled, key):
    shown = code(key, at=NOW + STEP)
    assert check(enrolled, shown, at=NOW + STEP) is False
    with pytest.raises(UsedCodeError):
        check(enrolled, shown, at=NOW + STEP)


def test_the_code_of_the_enrolment_does_not_open_again(enrolled, key):
    with pytest.raises(UsedCodeError):
        check(enrolled, code(key, at=NOW), at=NOW)


def test_a_code_from_before_one_that_was_used_is_overtaken(enrolled, key):
    check(enrolled, code(key, at=NOW + 2 * STEP), at=NOW + 2 * STEP)
    with pytest.raises(UsedCodeError):
        check(enrolled, code(key, at=NOW + STEP), at=NOW + 2 * STEP)


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_wrong_by_half_a_minute(enrolled, key, steps, opens):
    at = NOW + 10 * STEP
    try:
        check(enrolled, code(key, at=at, steps=steps), at=at)
    except WrongCodeError:
        assert not opens
    else:
        assert opens


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "9" * 40, "\0", "\ud800", "²²²²²²", "----", "000000-"]
)
def test_nonsense_opens_nothing(enrolled, typed):
    with pytest.raises(WrongCodeError):
        check(enrolled, typed, at=NOW)


def test_a_code_may_be_typed_with_spaces_and_in_thai_digits(enrolled, key):
    shown = code(key, at=NOW + STEP)
    thai = shown.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    check(enrolled, f" {thai[:3]} {thai[3:]} ", at=NOW + STEP)


def test_five_wrong_codes_are_enough_and_the_right_one_waits_too(enrolled, key):
    at = NOW + STEP
    for _ in range(5):
        with pytest.raises(WrongCodeError):
            check(enrolled, "nothing", at=at)
    with pytest.raises(TooManyTriesError) as error:
        check(enrolled, code(key, at=at), at=at)
    assert error.value.minutes == 15
    later = at + timedelta(minutes=15)
    check(enrolled, code(key, at=later), at=later)


def test_right_codes_are_not_counted(enrolled, key):
    for minute in range(1, 10):
        at = NOW + timedelta(minutes=minute)
        check(enrolled, code(key, at=at), at=at)


def test_each_recovery_code_opens_once_however_it_is_typed(key):
    user = member("moderator")
    codes = enrol(user, key, code(key, at=NOW), at=NOW)
    assert len(set(codes)) == second_factor.RECOVERY_CODES == 10
    assert check(user, codes[0].lower().replace("-", " ")) is True
    assert second_factor.codes_left(user) == 9
    with pytest.raises(WrongCodeError):
        check(user, codes[0])
    assert check(user, codes[1]) is True


def test_nobody_comes_in_with_the_code_of_another(key):
    mine, other = member("moderator"), member("planner")
    codes = enrol(mine, key, code(key, at=NOW), at=NOW)
    for typed in (codes[0], code(key, at=NOW + STEP)):
        with pytest.raises(WrongCodeError):
            check(other, typed, at=NOW + STEP)


def test_neither_key_nor_codes_stand_in_the_database(key):
    codes = enrol(member("moderator"), key, code(key, at=NOW), at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM comments_authenticator")
        assert key not in str(cursor.fetchall())
        cursor.execute("SELECT digest FROM comments_recoverycode")
        kept = str(cursor.fetchall())
    assert not any(one in kept or one.replace("-", "") in kept for one in codes)
    assert Authenticator.objects.get().key == key


def test_a_second_enrolment_is_refused_unless_it_replaces_the_first(enrolled, key):
    other = second_factor.draw_key()
    with pytest.raises(AlreadyEnrolledError):
        enrol(enrolled, other, code(other, at=NOW), at=NOW)
    with pytest.raises(WrongCodeError):
        enrol(enrolled, other, code(key, at=NOW, steps=9), at=NOW, replaces=True)
    assert Authenticator.objects.get().key == key
    enrol(enrolled, other, code(other, at=NOW), at=NOW, replaces=True)
    assert Authenticator.objects.get().key == other
    assert RecoveryCode.objects.count() == 10


def test_a_reset_takes_everything_away_once(enrolled):
    assert second_factor.reset(enrolled)
    assert not second_factor.reset(enrolled)
    assert not RecoveryCode.objects.exists()
    assert not second_factor.is_enrolled(enrolled)


def test_the_picture_says_name_key_and_issuer(key):
    said = second_factor.uri(key, User(username="ก@x"))
    assert said == f"otpauth://totp/BMA%20Consult%3A%E0%B8%81%40x?secret={key}&issuer=BMA%20Consult"
