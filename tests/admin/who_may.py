"""What a row of the role matrix says of an address, and how to write one."""

from dataclasses import dataclass, field

from tests.admin.staff import ROLES

EVERYBODY = ("anonymous", *ROLES)
STAFF = frozenset(ROLES)
TO_LOGIN = 302
LETTERS = {"m": "moderator", "p": "planner", "r": "responder", "a": "administrator"}


@dataclass(frozen=True)
class Row:
    """An address: how to ask for it, and the status for each kind of person."""

    expected: dict[str, int]
    args: tuple[object, ...] = ()
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)


def public(*args, status=200):
    return Row(dict.fromkeys(EVERYBODY, status), args)


def staff(who, *args, ok=200, refused=403, **more):
    """Return a row that only the roles with these letters pass; nobody else on the staff."""
    may = {LETTERS[letter] for letter in who}
    passed = {role: ok if role in may else refused for role in ROLES}
    return Row({"anonymous": TO_LOGIN} | passed, args, **more)
