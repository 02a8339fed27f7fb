"""Compress what goes to browsers that can open it."""

from __future__ import annotations

import gzip
import re
import struct
import zlib
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
# A third of the work of the usual level, for an eighth more bytes.
_LEVEL = 4
# How a gzip file begins, and the empty block by which its content ends.
_HEAD, _LAST = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", b"\x01\x00\x00\xff\xff"


def is_packable(request: HttpRequest) -> bool:
    """Tell whether the browser can open what is packed."""
    return _GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) is not None


def packed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Compress what goes to a browser that can open it.

    Never a page that holds a lasting secret beside something a stranger can choose: its size would betray it.
    """
    patch_vary_headers(response, ["Accept-Encoding"])
    if is_packable(request):
        response.content = gzip.compress(response.content, _LEVEL, mtime=0)
        response["Content-Encoding"] = "gzip"
    return response


class Pieces:
    """Parts of a page, compressed once, between which something else stands each time, as it is.

    The size of the whole tells nothing about what stands between.
    """

    def __init__(self, pieces: Sequence[bytes]) -> None:
        """Compress each of `pieces` for itself."""
        self._pieces = [(piece, _block(piece)) for piece in pieces]

    def around(self, others: Sequence[bytes]) -> bytes:
        """Return one gzip file of the pieces with one of `others`, each below 64 KB, after each but the last.

        >>> gzip.decompress(Pieces([b"one ", b" three"]).around([b"two"]))
        b'one two three'
        """
        blocks, checksum, size = [_HEAD], 0, 0
        for (piece, packed), other in zip(self._pieces, [*others, b""], strict=True):
            blocks += [packed, b"\x00", struct.pack("<HH", len(other), len(other) ^ 0xFFFF), other]
            checksum = zlib.crc32(other, zlib.crc32(piece, checksum))
            size += len(piece) + len(other)
        return b"".join([*blocks, _LAST, struct.pack("<II", checksum, size)])


def _block(piece: bytes) -> bytes:
    """Return a stretch of a compressed file that ends with a whole byte and refers to nothing before it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
