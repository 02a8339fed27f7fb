"""Draw an address as a QR code."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import qrcode
from django import template

register = template.Library()

# Modules of white around it, without which readers don't find it.
QUIET = 4
_DRAWN_BY_CHANCE = re.compile("[0-9A-Z]")


class Code(NamedTuple):
    """A QR code: its side in modules, white margin included, and the dark ones as the path of an SVG."""

    side: int
    path: str


@register.filter
def qr_code(text: str) -> Code:
    """Return the QR code of `text`; a quarter of it may be hidden from the reader."""
    code = _code(text, mask_pattern=_mask(_DRAWN_BY_CHANCE.sub("0", text)))
    code.make()
    matrix = code.get_matrix()
    return Code(len(matrix), "".join(_runs(matrix)))


@lru_cache
def _mask(shape: str) -> int:
    """Return the best mask for texts of one shape: to try all eight for each takes most of the time."""
    code = _code(shape)
    code.best_fit(start=1)
    best: int = code.best_mask_pattern()
    return best


def _code(text: str, **more: Any) -> qrcode.QRCode[Any]:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=QUIET, **more)
    code.add_data(text)
    return code


def _runs(matrix: list[list[bool]]) -> Iterator[str]:
    """Yield a rectangle for each row's stretch of dark modules."""
    for y, row in enumerate(matrix):
        for is_dark, run in groupby(enumerate(row), key=lambda module: module[1]):
            columns = [x for x, _ in run]
            if is_dark:
                yield f"M{columns[0]} {y}h{len(columns)}v1h-{len(columns)}z"


@register.filter
def without_scheme(address: str) -> str:
    """Return an address as people read and type it."""
    return address.partition("://")[2] or address
