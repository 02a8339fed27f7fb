"""Show citizens' words without breaking Thai."""

from django import template

from comments.text import graphemes

register = template.Library()


@register.filter
def opening(text: str, most: int) -> str:
    """Return the first `most` graphemes, with "…" when there is more."""
    return graphemes.truncate(text, most)
