"""Make the name that a stranger gave a file safe to show and to save under."""

import re
import unicodedata

from comments.text import graphemes

LONGEST = 80
# A cluster may carry any number of marks; a column holds 255 code points.
_MOST_CODE_POINTS = 200
_OURS = re.compile(r"\.(jpe?g|jfif|png|webp|pdf)$", re.IGNORECASE)
# What Windows takes for more than a letter.
_RESERVED = str.maketrans('<>:"|?*', "_______")


def shown(name: str) -> str:
    r"""Return `name` without path, controls and marks of direction, at most 80 graphemes of it.

    >>> shown("C:\\fakepath\\ทางเท้า.JPG"), shown("a\u202egpj.exe"), shown("\u200b")
    ('ทางเท้า.JPG', 'agpj.exe', '')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    spaced = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFC", last))
    # Categories C…: controls, marks of direction and of zero width, surrogates, what is not assigned.
    clean = "".join(char for char in spaced if not unicodedata.category(char).startswith("C"))
    return graphemes.truncate(" ".join(clean.split())[:_MOST_CODE_POINTS], LONGEST)


def tidy(name: str, extension: str) -> str:
    r"""Return what is shown of `name` as a name to save under, ending in `.extension`; empty if nothing is left.

    >>> tidy("ทางเท้า.JPG", "jpg"), tidy("a\u202egpj.exe", "jpg"), tidy(".\u200b.", "pdf")
    ('ทางเท้า.jpg', 'agpj.exe.jpg', '')
    """
    stem = _OURS.sub("", shown(name)).translate(_RESERVED).strip(". ")
    return f"{stem}.{extension}" if stem else ""
