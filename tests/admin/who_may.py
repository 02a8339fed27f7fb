"""What a row of the role matrix says of an address, and how to write one; every address that there is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import URLPattern, get_resolver, reverse

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


def addresses(patterns=None, namespace="", route="") -> Iterator[str]:
    """Yield the name of every URL pattern; the route of one without a name."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield namespace + (pattern.name or route + str(pattern.pattern))
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, route + str(pattern.pattern))


def path_of(name, row):
    """Return the path of an address; those without a name are spelt out."""
    if name == "admin:admin/(?P<url>.*)$":
        return "/admin/no/such/page/"
    if "<path:object_id>" in name:
        return "/" + name.removeprefix("admin:").replace("<path:object_id>", "1")
    return reverse(name, args=row.args)
