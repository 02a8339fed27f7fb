"""The public reference and the private secret of a submission, and the key of a browser that votes.

A reference is `67-XXXX-XXXX`: the last two digits of the plan's fiscal year, seven random symbols
of Crockford's base 32, and Crockford's check symbol (the number modulo 37). Numbers whose check
symbol would be one of the five extra ones (* ~ $ = U) are never drawn, so a reference is made of
digits and letters only.
"""

import hashlib
import secrets

from django.utils.crypto import salted_hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# A lot is one of so many.
LOTS = 10_000
_PAYLOAD = 7
_CHECK_MODULUS = 37
_LOOKALIKES = str.maketrans("OIL๐๑๒๓๔๕๖๗๘๙", "0110123456789")


def draw(fiscal_year: int) -> str:
    """Return a fresh random reference for a plan of this Buddhist-era fiscal year."""
    while True:
        number = secrets.randbelow(32**_PAYLOAD)
        if number % _CHECK_MODULUS < len(ALPHABET):
            return _spell(fiscal_year % 100, number)


def lot(reference: str) -> int:
    """Return a number from 0 to `LOTS` - 1 for a reference, always the same, that nobody without the key can foresee."""
    return int(salted_hmac("comments.lot", reference, algorithm="sha256").hexdigest(), 16) % LOTS


def parse(text: str) -> str:
    """Return the canonical form of a reference as a person may type it.

    Case, spaces, dashes, Thai digits and the look-alikes O, I and L are forgiven. Raises ValueError
    when the length, a symbol or the check symbol is wrong.
    """
    symbols = "".join(text.upper().split()).replace("-", "").translate(_LOOKALIKES)
    year, payload, check = symbols[:2], symbols[2:-1], symbols[-1:]
    if len(payload) != _PAYLOAD or not (year.isascii() and year.isdigit()):
        raise ValueError("not a reference")
    number = 0
    for symbol in payload:
        number = number * 32 + ALPHABET.index(symbol)
    if ALPHABET.find(check) != number % _CHECK_MODULUS:
        raise ValueError("the check symbol is wrong")
    return _spell(int(year), number)


def _spell(year: int, number: int) -> str:
    payload, rest = "", number
    for _ in range(_PAYLOAD):
        rest, digit = divmod(rest, 32)
        payload = ALPHABET[digit] + payload
    symbols = payload + ALPHABET[number % _CHECK_MODULUS]
    return f"{year:02}-{symbols[:4]}-{symbols[4:]}"


def secret_for(idempotency_key: str) -> str:
    """Return the secret (160 bits, 32 symbols in groups of four) of the form with this key.

    Derived, not drawn, so that a retry after a lost reply gives the same receipt although only
    the secret's hash is stored.
    """
    number = int.from_bytes(salted_hmac("comments.receipt", idempotency_key).digest()[:20], "big")
    symbols = "".join(ALPHABET[number >> shift & 31] for shift in range(155, -1, -5))
    return "-".join(symbols[start : start + 4] for start in range(0, 32, 4))


def hash_secret(secret: str) -> str:
    """Return the stored form of a secret as a person may type it; 64 hexadecimal digits.

    A plain SHA-256 is enough: 160 random bits can't be guessed from their hash.
    """
    symbols = "".join(secret.upper().split()).replace("-", "").translate(_LOOKALIKES)
    return hashlib.sha256(symbols.encode("utf-8", "replace")).hexdigest()


def hash_key(idempotency_key: str) -> str:
    """Return the stored form of an idempotency key, from which no secret can be derived."""
    return hashlib.sha256(f"idempotency:{idempotency_key}".encode()).hexdigest()


def draw_voter() -> str:
    """Return a random number (128 bits) for a browser to keep, by which it votes once on each target."""
    return secrets.token_hex(16)


def voter_key(voter: str, target: str) -> str:
    """Return the stored form of a browser's number for one target; 64 hexadecimal digits.

    It differs from target to target, so that rows don't show what else the same browser pressed.
    """
    return salted_hmac("comments.voter", f"{target}:{voter}", algorithm="sha256").hexdigest()
