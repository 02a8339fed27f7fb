"""Tell whether text can be stored and given back exactly."""

import re
from typing import Literal

_SURROGATE = re.compile("[\ud800-\udfff]")
Flaw = Literal["nul", "unreadable"]


def flaw(text: str) -> Flaw | None:
    r"""Return why `text` can't be kept exactly as it came, or None.

    "nul": PostgreSQL stores no U+0000. "unreadable": a lone surrogate has no UTF-8 form, and
    U+FFFD is what a decoder left where it met one, so the citizen's own character is gone.

    >>> flaw("น้ำท่วม"), flaw("a\x00"), flaw("a\ud800"), flaw("a\ufffd")
    (None, 'nul', 'unreadable', 'unreadable')
    """
    if "\x00" in text:
        return "nul"
    if "�" in text or _SURROGATE.search(text):
        return "unreadable"
    return None
