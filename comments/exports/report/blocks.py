"""What a report is made of; how a block looks is the writer's affair."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

# Where the rows of a table come in a document or page, whose templates say it too; what people wrote holds no sign <.
PLACE = "<!--rows of {}-->"
_PLACES = re.compile(rb"<!--rows of (\d+)-->")


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 or 2; those of level 1 are numbered by the text itself."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Words; a line of a list where `is_item`."""

    text: str
    is_item: bool = False


@dataclass(frozen=True)
class Table:
    """A numbered table: rows of cells, each as wide as its share; `numbers` are the columns that are aligned to the end.

    `rows` may be read once only. The last row is a total where `has_total`.
    """

    caption: str
    head: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]
    shares: tuple[int, ...]
    numbers: frozenset[int] = field(default_factory=frozenset)
    has_total: bool = False


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Report:
    """The title page's lines, and what follows."""

    title: str
    lines: tuple[str, ...]
    blocks: Iterable[Block]

    def numbered(self) -> Iterator[tuple[int, Block]]:
        """Yield every block, a table with its number and the others with 0."""
        number = 0
        for block in self.blocks:
            number += isinstance(block, Table)
            yield (number if isinstance(block, Table) else 0), block


def pieces(skeleton: bytes, tables: Mapping[int, Table]) -> Iterator[bytes | Table]:
    """Yield what was drawn without rows, and between its pieces each table whose rows come there.

    They are read only when they are written: thousands of them are never together in memory.
    """
    # Every second piece is the number of a table.
    for place, piece in enumerate(_PLACES.split(skeleton)):
        yield tables[int(piece)] if place % 2 else piece
