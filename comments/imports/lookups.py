"""From what people write in a cell to the row or the word that it means."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation

from comments.imports import headers
from comments.imports.values import UnfitError
from comments.models import DevelopmentGoal, District, Meeting, Plan, Sector, Submission
from comments.models.submissions import OUTSIDE

_OUTSIDE = (
    "outside",
    "outside bangkok",
    "นอกกรุงเทพ",
    "นอกกรุงเทพมหานคร",
    "นอกเขตกรุงเทพมหานคร",
    "ต่างจังหวัด",
    "ปริมณฑล",
)
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "stance": {
        "agree": ("เห็นด้วย", "สนับสนุน", "i agree", "yes"),
        "agree_with_changes": (
            "เห็นด้วยแต่ควรปรับ",
            "เห็นด้วยแต่มีข้อแก้ไข",
            "เห็นด้วยแต่ขอปรับ",
            "เห็นด้วยบางส่วน",
            "เห็นด้วยโดยมีข้อเสนอแนะ",
            "agree, with changes",
        ),
        "disagree": ("ไม่เห็นด้วย", "คัดค้าน", "i disagree", "no"),
        "neutral": ("เป็นกลาง", "ไม่แน่ใจ", "เฉย ๆ", "เฉยๆ", "unsure"),
        "": ("-", "ไม่ระบุ", "ไม่ออกความเห็น", "not stated"),
    },
    "kind": {
        "opinion": ("ความคิดเห็น", "ความเห็น", "ข้อคิดเห็น", "ข้อเสนอแนะ", "suggestion"),
        "need": ("ความต้องการ",),
        "fact": ("ข้อเท็จจริง",),
        "information": ("ข้อมูล",),
    },
    "about": {
        "goals": ("เป้าหมาย", "เป้าหมายการพัฒนา", "แผน", "the goals"),
        "past_work": ("ผลงาน", "ผลงานที่ผ่านมา", "ผลการดำเนินงานที่ผ่านมา", "past work"),
    },
}
_SECTORS: dict[str, tuple[str, ...]] = {
    "citizen": ("ประชาชน", "ประชาชนทั่วไป", "public", "citizens"),
    "government": ("ราชการ", "ภาครัฐ", "ส่วนราชการ", "government"),
    "external_agency": ("หน่วยงานภายนอก", "ภาคเอกชน", "เอกชน", "external"),
    "academic": ("วิชาการ", "นักวิชาการ", "academics"),
}


class Lookups:
    """What can be meant, for one plan, read once."""

    def __init__(self, plan: Plan) -> None:
        """Read the rows of the database, and the words of the model in both languages."""
        self._found: dict[str, Mapping[str, Any]] = {
            "goal": _of_rows(DevelopmentGoal.objects.filter(plan=plan), "code", "title_th", "title_en"),
            "meeting": _of_rows(Meeting.objects.filter(plan=plan), "slug", "title_th", "title_en", "pk"),
            "sector": _sectors(),
            "district": _districts(),
            "stance": _words("stance", Submission.Stance.choices),
            "kind": _words("kind", Submission.Kind.choices),
            "about": _words("about", Submission.About.choices),
        }

    def find(self, field: str, written: str) -> Any:
        """Return what `written` means, None for a dash. Raises UnfitError (not_known, with what was likely meant)."""
        known = self._found[field]
        name = headers.key(written)
        if name in known or not name:
            return known.get(name)
        near = difflib.get_close_matches(name[:100], known, n=1, cutoff=0.75)
        if near:
            raise UnfitError("not_known_but", value=written[:60], suggestion=str(known[near[0]]))
        raise UnfitError("not_known", value=written[:60])


def _of_rows(rows: Iterable[Any], *columns: str) -> dict[str, Any]:
    # Titles need not be unique: the first row keeps its title, and every code wins over titles.
    found: dict[str, Any] = {}
    for column in columns:
        for row in rows:
            found.setdefault(headers.key(getattr(row, column)), row)
    # A title of signs alone is none.
    found.pop("", None)
    return found


def _sectors() -> dict[str, Any]:
    rows = list(Sector.objects.filter(is_active=True))
    found = _of_rows(rows, "key", "title_th", "title_en")
    for row in rows:
        for name in _SECTORS.get(row.key, ()):
            found.setdefault(headers.key(name), row)
    return found


def _districts() -> dict[str, Any]:
    rows = list(District.objects.all())
    found = _of_rows(rows, "code", "title_th", "title_en")
    for row in rows:
        for name in (
            f"เขต{row.title_th}",
            f"สำนักงานเขต{row.title_th}",
            f"{row.title_en} District",
            f"Khet {row.title_en}",
        ):
            found.setdefault(headers.key(name), row)
    return found | {headers.key(name): OUTSIDE for name in _OUTSIDE}


def _words(field: str, choices: Iterable[tuple[str, Any]]) -> dict[str, str]:
    found = {headers.key(name): value for value, names in _WORDS[field].items() for name in names}
    for code in ("th", "en"):
        with translation.override(code):
            found |= {headers.key(label): value for value, label in choices}
    return found | {headers.key(value): value for value, _label in choices}
