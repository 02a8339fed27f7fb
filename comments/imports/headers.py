"""What the columns of a file mean: by the names of the contract, of the export, and as people name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from comments.imports.cells import MOST_ABOVE, Cell, Row, Table, is_empty
from comments.text.normalise import normalise

# Names above names: a heading that stretches over several columns, and the columns under it.
_MOST_LINES = 3
_BETWEEN = re.compile(r"[\s\-–_/.,:;()\[\]*?\"'“”‘’]+")
_ASIDE = re.compile(r"[(\[\n].*", re.DOTALL)

# What can be in a column: its label in forms and in the template.
FIELDS: dict[str, Any] = {
    "received_at": _("Received on"),
    "body": _("Opinion"),
    "sector": _("Sector"),
    "district": _("District"),
    "goal": _("Development goal"),
    "stance": _("Stance"),
    "kind": _("What it is"),
    "about": _("What it is about"),
    "meeting": _("Meeting"),
    "display_name": _("Name"),
    "consent_display_name": _("Name may be shown"),
    "organisation": _("Organisation"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "reference": _("Reference number"),
}
# Other names, the surer first: where two columns have one meaning, the first of these is taken.
_NAMES: dict[str, tuple[str, ...]] = {
    "received_at": (
        "received_at",
        "received_date_be",
        "received",
        "date",
        "timestamp",
        "วันที่ได้รับ",
        "วันที่รับ",
        "วันที่",
        "วันเดือนปี",
        "ว/ด/ป",
        "ประทับเวลา",
    ),
    "body": (
        "body",
        "opinion",
        "comment",
        "comments",
        "ความคิดเห็น",
        "ความเห็น",
        "ข้อคิดเห็น",
        "ความคิดเห็น/ข้อเสนอแนะ",
        "ความคิดเห็นและข้อเสนอแนะ",
        "ข้อเสนอแนะ",
        "ข้อความ",
        "รายละเอียด",
    ),
    "sector": ("sector", "ภาคส่วน", "ภาค", "กลุ่ม", "กลุ่มผู้แสดงความคิดเห็น", "แสดงความคิดเห็นในนาม"),
    "district": ("district_code", "district", "khet", "รหัสเขต", "เขต", "เขตที่อยู่", "เขตที่อยู่อาศัย"),
    "goal": ("goal_code", "goal", "รหัสเป้าหมาย", "เป้าหมาย", "เป้าหมายการพัฒนา"),
    "stance": ("stance", "จุดยืน", "ท่าที", "ท่าทีต่อเป้าหมาย", "เห็นด้วยหรือไม่", "do you agree"),
    "kind": ("kind", "ประเภท", "ประเภทความคิดเห็น", "ลักษณะ", "ลักษณะความคิดเห็น"),
    "about": ("about", "เกี่ยวกับ", "ประเด็น"),
    "meeting": ("meeting", "การประชุม", "เวที", "เวทีรับฟังความคิดเห็น"),
    "display_name": (
        "display_name",
        "name",
        "ชื่อ",
        "ชื่อ-สกุล",
        "ชื่อ-นามสกุล",
        "ชื่อที่แสดง",
        "ผู้แสดงความคิดเห็น",
        "ชื่อผู้แสดงความคิดเห็น",
    ),
    "consent_display_name": (
        "consent_display_name",
        "ยินยอมเผยแพร่ชื่อ",
        "ยินยอมให้เผยแพร่ชื่อ",
        "ยินยอมให้แสดงชื่อ",
        "เผยแพร่ชื่อ",
    ),
    "organisation": ("organisation", "organization", "หน่วยงาน", "องค์กร", "หน่วยงาน/องค์กร", "สังกัด"),
    "email": ("email", "mail", "อีเมล", "อีเมล์"),
    "phone": (
        "phone",
        "telephone",
        "tel",
        "mobile",
        "โทรศัพท์",
        "โทร",
        "เบอร์โทร",
        "เบอร์โทรศัพท์",
        "หมายเลขโทรศัพท์",
        "มือถือ",
    ),
    "reference": ("reference", "reference_number", "หมายเลขอ้างอิง", "เลขที่อ้างอิง"),
}


@dataclass(frozen=True)
class Heading:
    """Where the names of the columns end, and what each column means that has a known name."""

    row: int
    columns: dict[int, str]


def key(name: object) -> str:
    """Return the form in which names are compared.

    >>> key("Received_at") == key("received at:")
    True
    """
    return _BETWEEN.sub("", normalise(str(name)))


def find(table: Table) -> Heading:
    """Return the heading of `table`: of the first rows those under which most columns have a known name.

    Without any known name it is the first row.
    """
    best, most = Heading(table.rows[0].number, {}), 0
    for index in range(min(len(table.rows), MOST_ABOVE)):
        for lines in range(1, _MOST_LINES + 1):
            block = table.rows[index : index + lines]
            found = _fields(_names(block))
            if len(found) > most:
                best, most = Heading(block[-1].number, found), len(found)
    return best


def titles(table: Table, header_row: int) -> list[str]:
    """Return the name above each column, empty where there is none."""
    block = [row for row in table.rows if header_row - _MOST_LINES < row.number <= header_row]
    return [names[0] if names else "" for names in _names(block, table.width)]


def _names(block: list[Row], width: int = 0) -> list[list[str]]:
    """Return, for each column, what stands above it, the nearest first."""
    width = width or max((len(row.cells) for row in block), default=0)
    return [
        [_text(row.cell(column)) for row in reversed(block) if not is_empty(row.cell(column))]
        for column in range(width)
    ]


def _text(cell: Cell) -> str:
    return " ".join(str(cell).split())


def _fields(names: list[list[str]]) -> dict[int, str]:
    """Return the meaning of each column whose name is known; of two with one meaning the surer."""
    chosen: dict[str, tuple[int, int]] = {}
    for column, above in enumerate(names):
        known = next(filter(None, map(_meaning, above)), None)
        if known is not None:
            field, rank = known
            chosen[field] = min(chosen.get(field, (rank, column)), (rank, column))
    return {column: field for field, (_rank, column) in sorted(chosen.items(), key=lambda item: item[1][1])}


def _meaning(name: str) -> tuple[str, int] | None:
    known = _known()
    return known.get(key(name)) or known.get(key(_ASIDE.sub("", name)))


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[str, int]]:
    """Return the field and the rank of every name that we know."""
    found: dict[str, tuple[str, int]] = {}
    for field, names in _NAMES.items():
        for rank, name in enumerate([*names, *_labels(field)]):
            found.setdefault(key(name), (field, rank))
    return found


def _labels(field: str) -> list[str]:
    labels = []
    for code in ("th", "en"):
        with translation.override(code):
            labels.append(str(FIELDS[field]))
    return labels
