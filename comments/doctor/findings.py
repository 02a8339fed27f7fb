"""What a check can find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be, and how to mend it; a remark alone is no trouble."""

    level: Literal["trouble", "remark"]
    text: str
    mend: str

    @property
    def is_trouble(self) -> bool:
        """Tell whether somebody has to do something."""
        return self.level == "trouble"


def trouble(text: str, mend: str) -> Finding:
    """Return a finding that somebody has to mend."""
    return Finding("trouble", text, mend)


def remark(text: str, mend: str) -> Finding:
    """Return a finding that may be as it should be; only people can tell."""
    return Finding("remark", text, mend)
