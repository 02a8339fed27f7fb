"""A file that only grows, and is hashed meanwhile."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any

_BLOCK = 1 << 20


class Growing(io.BufferedIOBase):
    """What is written gathers in blocks; while the next one gathers, another processor hashes the last.

    To be closed, which leaves the file itself open.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Begin at the beginning of an empty file."""
        self._file = file
        self._parts: list[bytes] = []
        self._gathered = self._written = 0
        self._sha256 = hashlib.sha256()
        self._other = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: Any, /) -> int:
        """Take `data`, which must not change later. Raises OSError."""
        self._parts.append(data)
        self._gathered += len(data)
        if self._gathered >= _BLOCK:
            self._pass_on()
        return len(data)

    def _pass_on(self) -> None:
        block = b"".join(self._parts)
        self._parts.clear()
        self._written += len(block)
        self._gathered = 0
        self._wait()
        self._last = self._other.submit(self._sha256.update, block)
        self._file.write(block)

    def _wait(self) -> None:
        if self._last:
            self._last.result()

    def flush(self) -> None:
        """Have everything written."""
        if self._gathered:
            self._pass_on()
        self._file.flush()

    def tell(self) -> int:
        """Return how many bytes were taken."""
        return self._written + self._gathered

    def hexdigest(self) -> str:
        """Return the SHA-256 of everything, in hexadecimal digits. Raises OSError."""
        self.flush()
        self._wait()
        return self._sha256.hexdigest()

    def close(self) -> None:
        """End the other thread; what was not passed on is dropped."""
        self._other.shutdown()
        self._parts.clear()
        self._gathered = 0
        super().close()
