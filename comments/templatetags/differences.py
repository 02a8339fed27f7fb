"""Show how a wording changed."""

from django import template

from comments.text.differences import Piece, differences

register = template.Library()


@register.filter
def since(text: str, before: str) -> list[Piece]:
    """Return the pieces of `text` and of what stood there `before`."""
    return differences(before, text)
