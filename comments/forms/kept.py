"""Forms that are checked once for whatever they are asked, and used again for as long as the reference rows stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django import forms

from comments import remembering

# So many of each kind and language, some 30 kB each.
MOST = 200


class KeptForm(forms.Form):
    """A form to choose from lists with."""

    @classmethod
    def of(cls, data: Mapping[str, Any], **more: Any) -> Self:
        """Return the checked form for `data`; one that is valid and asks for nothing but what we offer is made once."""
        asked = tuple(data.get(name, "") for name in cls.base_fields)
        known: dict[tuple[str, ...], Self] = remembering.of_frame(dict, cls, *more.values())
        if asked in known:
            return known[asked]
        form = cls(dict(zip(cls.base_fields, asked, strict=True)), **more)
        # Threads share it: nobody may meet it half checked.
        if form.is_valid() and form.is_chosen and len(known) < MOST:
            known[asked] = form
        return form

    @property
    def is_chosen(self) -> bool:
        """Tell whether all that it asks for was chosen, and nothing typed."""
        return True
