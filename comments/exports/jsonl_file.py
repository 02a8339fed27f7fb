"""Write opinions as JSON Lines: one object a line, exact texts, numbers as numbers, null where nothing is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

from comments.exports import columns
from comments.exports.columns import Cells

# Some programs end a line here too, and would cut an object in two.
_BREAKS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def write(rows: Iterable[Cells], file: IO[bytes], _about: object = None) -> None:
    """Write opinions, one a line, each with every column."""
    for cells in rows:
        told = dict(zip(columns.SUBMISSIONS, cells, strict=True))
        line = json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=_moment)
        for character, escape in _BREAKS.items():
            line = line.replace(character, escape)
        file.write(line.encode() + b"\n")


def read(file: IO[bytes]) -> Iterator[Cells]:
    """Yield what `write` wrote."""
    moments = columns.places("moment")
    for line in file:
        cells = list(json.loads(line).values())
        for place in moments:
            cells[place] = cells[place] and datetime.fromisoformat(cells[place])
        yield cells


def _moment(value: Any) -> str:
    return columns.local(value).isoformat(timespec="seconds")
