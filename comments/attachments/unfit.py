"""Why a file can't be taken."""

from typing import Literal

Code = Literal[
    "empty",
    "too_large",
    "wrong_kind",
    "mixed",
    "damaged",
    "animated",
    "too_many_pixels",
    "protected",
    "active",
]


class UnfitError(Exception):
    """The bytes are nothing that we take; `code` says why."""

    def __init__(self, code: Code) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code: Code = code
