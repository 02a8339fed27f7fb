import re

import pytest

from comments import references

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"


def test_reference_has_the_form_of_the_contract_and_crockfords_check_symbol():
    for _ in range(200):
        reference = references.draw(2567)
        assert re.fullmatch(r"67-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", reference)
        *payload, check = reference[3:].replace("-", "")
        number = sum(CROCKFORD.index(symbol) * 32**n for n, symbol in enumerate(reversed(payload)))
        assert CROCKFORD[number % 37] == check


def test_references_are_not_sequential():
    assert len({references.draw(2567)[3:5] for _ in range(100)}) > 50


def test_reference_is_read_as_people_type_it():
    reference = "67-0100-000Z"
    number = CROCKFORD.index("1") * 32**5
    reference = f"67-0100-000{CROCKFORD[number % 37]}"
    assert references.parse(reference) == reference
    assert references.parse(reference.lower().replace("-", " ")) == reference
    assert references.parse(reference.replace("0100", "oioo")) == reference
    assert references.parse(reference.replace("67", "๖๗")) == reference


@pytest.mark.parametrize(
    "text", ["", "67", "67-0000-000", "67-0000-00000", "xx-0000-0000", "67-0000-000*", "ก" * 10]
)
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        references.parse(text)


def test_one_wrong_symbol_is_noticed():
    reference = references.draw(2567)
    for place in (3, 4, 5, 6, 8, 9, 10):
        for symbol in references.ALPHABET:
            typed = reference[:place] + symbol + reference[place + 1 :]
            if typed != reference:
                with pytest.raises(ValueError, match="check symbol"):
                    references.parse(typed)


def test_secret_is_stable_long_and_not_stored():
    secret = references.secret_for("a key")
    assert secret == references.secret_for("a key") != references.secret_for("another key")
    assert len(secret.replace("-", "")) * 5 >= 128
    stored = references.hash_secret(secret)
    assert secret not in stored
    assert references.hash_secret(secret.lower().replace("-", " ")) == stored
