"""Write opinions as JSON Lines: one object a line, exact texts, numbers as numbers, null where nothing is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import IO, Any

from comments.exports import columns
from comments.exports.columns import Row

# Some programs end a line here too, and would cut an object in two.
_BREAKS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def write(rows: Iterable[Row], file: IO[bytes], _about: object = None) -> None:
    """Write opinions, one a line, each with every column."""
    for row in rows:
        told = dict(zip(columns.SUBMISSIONS, columns.values(row), strict=True))
        line = json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=_moment)
        file.write(line.translate(_BREAKS).encode() + b"\n")


def _moment(value: Any) -> str:
    return columns.local(value).isoformat(timespec="seconds")
