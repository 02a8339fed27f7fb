"""Show enough of an address for its owner to know it, and no more."""

from django import template

from comments.text import graphemes

register = template.Library()


@register.filter
def masked_email(address: str) -> str:
    """Return an e-mail address with its first letters only: a…@e….com."""
    name, _at, domain = address.rpartition("@")
    host, dot, top = domain.rpartition(".")
    return f"{_first(name)}…@{_first(host)}…{dot}{top}"


@register.filter
def masked_phone(number: str) -> str:
    """Return a telephone number with its last two digits only."""
    return f"…{''.join(character for character in number if character.isdigit())[-2:]}"


def _first(text: str) -> str:
    return graphemes.truncate(f"{text}   ", 2).removesuffix("…") if text else ""
