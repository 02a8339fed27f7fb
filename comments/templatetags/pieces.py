"""Draw a piece once, where it is the same on every page for as long as the reference rows stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

from django.template import Context, Library, Node, NodeList
from django.template.base import FilterExpression, Parser, Token

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
        return remembering.of_frame(lambda: self.nodelist.render(context), self, *values)


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """Draw what stands up to `endonce` once for each value of the arguments, of which there must be few.

    Nothing else of the page may matter to it, and nothing that it sets is there after it. For None it is drawn each time.
    """
    differs_by = [parser.compile_filter(part) for part in token.split_contents()[1:]]
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodelist, differs_by)
