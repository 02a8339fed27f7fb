import pytest

from comments.templatetags.masks import masked_email, masked_phone


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("anong@example.com", "a…@e….com"),
        ("a@b.go.th", "a…@b….th"),
        ("a@ไทย.ไทย", "a…@ไ….ไทย"),
        ("a@localhost", "a…@….localhost"),
        ("", "…@…"),
    ],
)
def test_an_e_mail_shows_its_first_letters(address, shown):
    assert masked_email(address) == shown.replace("….localhost", "…localhost")


@pytest.mark.parametrize(
    ("number", "shown"), [("081-234-5678", "…78"), ("02 123 4567 ต่อ 9", "…79"), ("", "…")]
)
def test_a_telephone_number_shows_its_last_two_digits(number, shown):
    assert masked_phone(number) == shown
