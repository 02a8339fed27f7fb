"""Draw a piece once, where it stays the same for as long as the reference rows do, or all that is shown, or its numbers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from django.template import Context, Library, Node, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.utils.translation import get_language

from comments import remembering

register = Library()


class Once(Node):
    """A piece, and what it differs by."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, differs_by: Sequence[FilterExpression]) -> None:
        self.nodelist, self.differs_by = nodelist, differs_by

    def render(self, context: Context) -> str:
        """Return the piece as it was drawn, in the active language."""
        values = [part.resolve(context) for part in self.differs_by]
        if None in values:
            return self.nodelist.render(context)
        return self.recall(lambda: self.nodelist.render(context), *values)

    def recall(self, draw: Callable[[], str], *values: Hashable) -> str:
        """Return what `draw` drew for these values."""
        return remembering.of_frame(draw, self, *values)


class OnceShown(Once):
    """A piece that tells of what is shown, too."""

    def recall(self, draw: Callable[[], str], *values: Hashable) -> str:
        """Return what `draw` drew for these values."""
        return remembering.of_shown(draw, self, get_language(), *values)


class Latest(Once):
    """A piece as it was drawn last, and for what."""

    def render(self, context: Context) -> str:
        """Return the piece as it was drawn, in the active language, where nothing that it differs by is another."""
        values = [part.resolve(context) for part in self.differs_by]
        drawn: dict[str, tuple[list[Any], str]] = remembering.of_frame(dict, self)
        before, piece = drawn.get("last", (None, ""))
        if before != values:
            piece = self.nodelist.render(context)
            drawn["last"] = (values, piece)
        return piece


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """Draw what stands up to `endonce` once for each value of the arguments, of which there must be few.

    Nothing else of the page may matter to it, and nothing that it sets is there after it. For None it is drawn each time.
    """
    return _parsed(Once, parser, token)


@register.tag
def once_shown(parser: Parser, token: Token) -> Once:
    """Draw what stands up to `endonce_shown` once for each change of what is shown, else as `once`."""
    return _parsed(OnceShown, parser, token)


@register.tag
def latest(parser: Parser, token: Token) -> Once:
    """Draw what stands up to `endlatest` again only where an argument is not equal to what it was the last time.

    For what is drawn of numbers that may become any others; else as `once`.
    """
    return _parsed(Latest, parser, token)


def _parsed(kind: type[Once], parser: Parser, token: Token) -> Once:
    name, *differs_by = token.split_contents()
    nodelist = parser.parse((f"end{name}",))
    parser.delete_first_token()
    return kind(nodelist, [parser.compile_filter(part) for part in differs_by])
