"""Say how soon a moderator should look at a text, by one small number. It hides nothing and refuses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comments.text import personal_data, redaction, tone
from comments.text.personal_data import Finding, Severity

NOTHING = 0
TONE = 1
# The gravest thing decides; any personal data comes before any tone.
LEVELS: dict[Severity, int] = {"review": 2, "warn": 3, "mask": 4, "block": 5}
PERSONAL_DATA = min(LEVELS.values())


def level(text: str, covered: Sequence[tuple[int, int]] = ()) -> int:
    """Return 0 where nothing was noticed, 1 for the tone alone, 2 to 5 for the gravest personal data in sight.

    What lies within one of the `covered` spans is out of sight.

    >>> [level(said) for said in ("ขอสวนเพิ่ม", "ดู www.example.com", "โทร 081-000-0000", "เลขบัตร 1-1111-11111-11-9")]
    [0, 1, 4, 5]
    >>> level("โทร 081-000-0000", [(4, 16)])
    0
    """
    found = in_sight(personal_data.find(text), covered)
    if found:
        return max(LEVELS[one.severity] for one in found)
    return TONE if tone.nudges(redaction.apply(text, covered)) else NOTHING


def in_sight(found: Iterable[Finding], covered: Iterable[tuple[int, int]]) -> list[Finding]:
    """Return those of `found` that no span of `covered` holds whole."""
    spans = list(covered)
    return [one for one in found if not any(start <= one.start and one.end <= end for start, end in spans)]
