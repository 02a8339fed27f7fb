"""Lists to choose from, drawn at once: a template for each option would take most of the time of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from comments.forms.choices import Offer


class ListSelect(forms.Select):
    """A list of words, or of rows that are offered; the same HTML as Django's, but for the white space."""

    offered: Offer | None = None
    empty: tuple[tuple[Any, Any], ...] = ()
    is_findable = False

    def offer(self, offered: Offer, empty: tuple[tuple[Any, Any], ...]) -> None:
        """Draw these rows, after the `empty` choice."""
        self.offered, self.empty = offered, empty

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002 - Django's signature
    ) -> SafeString:
        """Draw the list with what is chosen."""
        more = {"name": name, **(attrs or {})}
        drawn = self._drawn()
        for chosen in set(self.format_value(value)):
            # Quotes in a value are escaped, so nothing else in the list looks like this.
            mark = _value(chosen)
            drawn = drawn.replace(mark, f"{mark} selected", 1)
        # Every part of it was escaped when it was drawn.
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, more)), SafeString(drawn)
        )

    def _drawn(self) -> str:
        if self.offered is None:
            return draw(self.choices)
        rows = self.offered.drawn_to_be_found if self.is_findable else self.offered.drawn
        return draw(self.empty) + rows


class FindableSelect(ListSelect):
    """A list whose options carry, for the script that searches it, more words than are shown."""

    is_findable = True


def draw(choices: Iterable[tuple[Any, Any]], more: Mapping[str, str] | None = None) -> str:
    """Return the options, none of them chosen, each with what else it is found by."""
    return "".join(
        f'<optgroup label="{escape(value)}">{draw(label, more)}</optgroup>'
        if isinstance(label, (list, tuple))
        else f"<option {_value(value)}{_more(str(value), more)}>{escape(label)}</option>"
        for value, label in choices
    )


def _value(value: Any) -> str:
    return f'value="{escape(value)}"'


def _more(value: str, more: Mapping[str, str] | None) -> str:
    words = more.get(value) if more else ""
    return f' data-more="{escape(words)}"' if words else ""
