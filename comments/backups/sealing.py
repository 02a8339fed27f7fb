"""Encrypt a stream so that no byte of it can be changed, moved, added or cut off unseen.

A sealed file is a header (MAGIC, 16 random bytes) and chunks of 1 MiB, each under AES-256-GCM. The key of the file is
drawn from the key and the header (HKDF-SHA256). The nonce of a chunk is its number and whether it is the last one, as in
the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár.
"""

from __future__ import annotations

import base64
import io
import os
from typing import IO, TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

MAGIC = b"BMA-CONSULT-SEALED-1\n"
CHUNK = 1024 * 1024
_SALT = 16
_TAG = 16


class OpenError(Exception):
    """The file was sealed with another key, or is no longer what was sealed."""


def key_of(text: str) -> bytes:
    """Return the key that `text` writes: 32 bytes in URL-safe base64. Raises ValueError."""
    try:
        key = base64.urlsafe_b64decode(text.strip())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError(
            "the key of backups is 32 random bytes in URL-safe base64, made like one of CONTACT_KEYS"
        )
    return key


def is_sealed(path: os.PathLike[str]) -> bool:
    """Tell whether the file at `path` begins as sealed files do."""
    with open(path, "rb") as file:  # noqa: PTH123 - any path-like
        return file.read(len(MAGIC)) == MAGIC


class Sealing(io.RawIOBase):
    """A file to write to; what is written arrives sealed in `file`. Only `finish` makes it whole."""

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        """Write the header."""
        header = MAGIC + os.urandom(_SALT)
        file.write(header)
        self._file, self._cipher, self._number, self._held = file, _cipher(key, header), 0, bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Take `data`; full chunks go on, but never one that could be the last."""
        self._held += (taken := bytes(data))
        while len(self._held) > CHUNK:
            self._emit(bytes(self._held[:CHUNK]), is_last=False)
            del self._held[:CHUNK]
        return len(taken)

    def finish(self) -> None:
        """Write what is left as the last chunk."""
        self._emit(bytes(self._held), is_last=True)

    def _emit(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), chunk, None))
        self._number += 1


class Opening(io.RawIOBase):
    """What was sealed, to be read; each read may raise OpenError."""

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        """Read the header and the first chunk."""
        header = file.read(len(MAGIC) + _SALT)
        self._file, self._cipher, self._number = file, _cipher(key, header), 0
        self._ahead, self._plain, self._is_over = file.read(CHUNK + _TAG), b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill `buffer` from as much of one chunk as there is."""
        while not self._plain and not self._is_over:
            self._go_on()
        view = memoryview(buffer).cast("B")
        size = min(len(view), len(self._plain))
        view[:size], self._plain = self._plain[:size], self._plain[size:]
        return size

    def _go_on(self) -> None:
        chunk, self._ahead = self._ahead, self._file.read(CHUNK + _TAG)
        self._is_over = not self._ahead
        try:
            self._plain = self._cipher.decrypt(_nonce(self._number, is_last=self._is_over), chunk, None)
        except InvalidTag:
            how = (
                "it is cut off or changed"
                if self._number
                else "it was sealed with another key, or is cut off or changed"
            )
            raise OpenError(how) from None
        self._number += 1


def _cipher(key: bytes, header: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=header, info=b"comments.backups").derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
